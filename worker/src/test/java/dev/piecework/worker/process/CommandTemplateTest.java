package dev.piecework.worker.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.worker.Attempt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    return template.arguments(List.of(ATTEMPT)).stream()
        .map(bytes -> new String(bytes, ISO_8859_1))
        .toList();
  }
}
