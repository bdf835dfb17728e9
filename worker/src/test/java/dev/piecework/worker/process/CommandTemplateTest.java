package dev.piecework.worker.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.worker.Attempt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTemplateTest {
  private static final Attempt ATTEMPT = new Attempt("7", "p {}".getBytes(UTF_8), 2, 1);

  @TempDir Path folder;

  @Test
  void placesAreFilledInsideArgumentsAndPayloadsNotLookedAtAgain() throws Exception {
    assertThat(arguments(CommandTemplate.of(List.of("/bin/echo", "{id}-{attempt}", "a{}b{}", "{"))))
        .containsExactly("/bin/echo", "7-2", "ap {}bp {}", "{");
  }

  @Test
  void withoutAPlaceThePayloadIsTheLastArgument() throws Exception {
    assertThat(arguments(CommandTemplate.of(List.of("/bin/echo", "{id}"))))
        .containsExactly("/bin/echo", "7", "p {}");
    assertThat(arguments(CommandTemplate.of(List.of("/bin/echo", "x")).onStdin()))
        .containsExactly("/bin/echo", "x");
    assertThat(arguments(CommandTemplate.shell("echo {} \"$1\"")))
        .containsExactly("/bin/sh", "-c", "echo {} \"$1\"", "sh", "p {}");
  }

  /** Held against what basename(1) and dirname(1) print. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b.c", "/a", "/", "//", "a/", "/a/b//", "a//b", ".x", "a b/c d.e"})
  void partsOfAPathAreThoseOfBasenameAndDirname(String path) throws Exception {
    CommandTemplate template = CommandTemplate.of(List.of("/bin/echo", "{/}", "{//}"));
    assertThat(arguments(template, item(path)))
        .containsExactly("/bin/echo", printed("basename", path), printed("dirname", path));
  }

  @ParameterizedTest
  @CsvSource({
    "a.tar.gz, a.tar, a.tar",
    "x/y.z/a, x/y.z/a, a",
    "x/.hidden, x/.hidden, .hidden",
    ".a.b, .a, .a",
    "x/a., x/a, a",
    "plain, plain, plain"
  })
  void anExtensionIsWhatFollowsTheLastDotOfTheNameButNotItsFirstCharacter(
      String path, String without, String name) throws Exception {
    CommandTemplate template = CommandTemplate.of(List.of("/bin/echo", "{.}", "{/.}"));
    assertThat(arguments(template, item(path))).containsExactly("/bin/echo", without, name);
  }

  @Test
  void theSlotIsAPlaceThatIsNotRepeatedForEachItemOfABatch() throws Exception {
    CommandTemplate template = CommandTemplate.of(List.of("/bin/echo", "gpu{slot}", "{}"));
    assertThat(template.arguments(List.of(item("a"), item("b")), 2))
        .extracting(bytes -> new String(bytes, UTF_8))
        .containsExactly("/bin/echo", "gpu2", "a", "b");
    assertThat(CommandTemplate.of(List.of("/bin/echo", "{slot}")).plain(2))
        .containsExactly("/bin/echo", "2");
  }

  @Test
  void anotherTextForThePlaceLeavesTheBracesToTheCommand() throws Exception {
    CommandTemplate template = CommandTemplate.of(List.of("/bin/echo", "{} + .", "X", "{id}"));
    assertThat(arguments(template.withPlace("X")))
        .containsExactly("/bin/echo", "{} + .", "p {}", "7");
    assertThatThrownBy(() -> template.withPlace("")).hasMessageStartingWith("place: ");
  }

  @ParameterizedTest
  @CsvSource({
    "sh -c|echo {}, echo {}",
    "bash|-ec|ls {.}, ls {.}",
    "env|A=b|/bin/zsh|-l|-c|ls {id}, ls {id}",
    "nice|python3.12|-c|print('{}'), print('{}')",
    "perl|-ne|print '{/}', print '{/}'",
    "node|--eval|f('{}'), f('{}')",
    "sh|-c|echo $1|sh|{},",
    "sh|-c|echo {slot} {attempt},",
    "bash|script.sh|{},",
    "convert|-e|{},",
    "ssh|host|echo {},",
  })
  void aProgramsTextWithAnItemInItIsFound(String words, @Nullable String program) {
    CommandTemplate template =
        CommandTemplate.of(List.of(words.replace("sh -c|", "sh|-c|").split("[|]")));
    assertThat(template.programWithItem()).isEqualTo(Optional.ofNullable(program));
  }

  private static Attempt item(String payload) {
    return new Attempt("1", payload.getBytes(UTF_8), 1, 1);
  }

  private static String printed(String program, String path) throws Exception {
    Process process = new ProcessBuilder(program, "--", path).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).stripTrailing();
  }

  @Test
  void aCommandThatCannotBeExecutedIsNamedInOneLine() throws Exception {
    Path plain = Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
    assertRefused("no-such-command-here", "command not found on the PATH");
    assertRefused(folder.resolve("none").toString(), "no such file");
    assertRefused(plain.toString(), "is not executable");
    assertRefused(folder.toString(), "is a folder");
    assertRefused("{}", "cannot be an item");
    CommandTemplate.of(List.of("true")).check();
  }

  private static void assertRefused(String command, String why) {
    assertThatThrownBy(() -> CommandTemplate.of(List.of(command)).check())
        .isInstanceOf(CommandUnusableException.class)
        .hasMessageStartingWith(command)
        .hasMessageContaining(why)
        .message()
        .doesNotContain("\n");
  }

  private static List<String> arguments(CommandTemplate template) throws Exception {
    return arguments(template, ATTEMPT);
  }

  private static List<String> arguments(CommandTemplate template, Attempt attempt)
      throws Exception {
    return template.arguments(List.of(attempt), 3).stream()
        .map(bytes -> new String(bytes, ISO_8859_1))
        .toList();
  }
}
