package dev.piecework.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds docs/protocol.md against the scripts and the keys; with -Dprotocol.write makes its part.
 */
class ProtocolDocumentTest {

  private static final Path DOCUMENT = Path.of("../docs/protocol.md");
  private static final String BEGIN = "<!-- scripts: begin -->\n";
  private static final String END = "<!-- scripts: end -->";

  @Test
  void thePartAboutTheScriptsIsWhatTheirHeadersSay() throws IOException {
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    StringBuilder scripts = new StringBuilder();
    for (Script script : Script.values()) {
      describe(script, scripts);
    }
    if (System.getProperty("protocol.write") != null) {
      Files.writeString(DOCUMENT, document.substring(0, begin) + scripts + document.substring(end));
      return;
    }
    assertThat(document.substring(begin, end)).isEqualTo(scripts.toString());
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void eachKeyHasItsRow(Script script) throws IOException {
    String document = Files.readString(DOCUMENT);
    for (String name : script.keyNames()) {
      assertThat(document)
          .as(name)
          .containsPattern("\n\\| ([a-z]+, )*" + name.replace("?", "") + "(, [a-z]+)* \\|");
    }
  }

  private static void describe(Script script, StringBuilder text) {
    String first = ScriptHeadersTest.source(script).lines().findFirst().orElseThrow();
    int colon = first.indexOf(':');
    text.append("### ").append(script.name().toLowerCase(Locale.ROOT)).append("\n");
    String about = first.substring(colon + 2);
    String more = beforeLabels(script);
    text.append(Character.toUpperCase(about.charAt(0))).append(about.substring(1));
    text.append(more).append('\n');
    for (String label : new String[] {"Promise", "KEYS", "ARGV", "Returns"}) {
      String said = ScriptHeadersTest.label(script, label);
      if (!said.isEmpty()) {
        boolean prose = label.equals("Promise");
        String quoted = prose ? said : "`" + said + "`";
        text.append("\n- ").append(label).append(": ").append(quoted);
      }
    }
    text.append("\n\n");
  }

  // A first sentence that goes on over lines without a label.
  private static String beforeLabels(Script script) {
    StringBuilder more = new StringBuilder();
    for (String line : ScriptHeadersTest.source(script).lines().skip(1).toList()) {
      if (line.matches("-- (Promise|KEYS|ARGV|Returns|include):.*") || !line.startsWith("--")) {
        break;
      }
      more.append(' ').append(line.substring(2).strip());
    }
    return more.toString();
  }
}
