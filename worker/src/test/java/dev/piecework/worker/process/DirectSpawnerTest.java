package dev.piecework.worker.process;

import static dev.piecework.worker.process.CommandLoopTest.bytes;
import static dev.piecework.worker.process.CommandLoopTest.config;
import static dev.piecework.worker.process.CommandLoopTest.result;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not the same as with a shell, or what a shell does by itself. */
@Timeout(600)
class DirectSpawnerTest {
  @TempDir Path folder;

  @BeforeEach
  void choose() {
    EveryStarter.C_LIBRARY.choose();
  }

  @AfterEach
  void leaveToTheSystem() {
    EveryStarter.leaveToTheSystem();
  }

  @ParameterizedTest
  @CsvSource({
    "'#!/no/such/interpreter', 127, No such file or directory",
    "'neither a program nor a script', 126, Exec format error",
  })
  void whatTheSystemCannotStartPausesTheQueueAsAShellWouldSayIt(String text, int status, String why)
      throws Exception {
    Path command = Files.writeString(folder.resolve("command"), text + "\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();

    FakeSupply supply =
        CommandLoopTest.run(
            new CommandLoop(config(CommandTemplate.of(List.of(command.toString())))), bytes("a"));

    assertThat(supply.paused()).contains("exit code " + status, command + ": " + why);
    assertThat(supply.outcomes()).isEmpty();
    assertThat(supply.released()).containsExactly("1");
  }

  @Test
  void aChildThatTheSystemCannotStartPausesTheQueue() throws Exception {
    Path command = Files.writeString(folder.resolve("command"), "#!/no/such/interpreter\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();

    FakeSupply supply =
        CommandLoopTest.run(
            new ChildLoop(config(CommandTemplate.of(List.of(command.toString()))), 1), bytes("a"));

    assertThat(supply.paused()).contains(command + ": No such file or directory");
    assertThat(supply.outcomes()).isEmpty();
  }

  /** Prints what a command finds in its environment. */
  static final class TellsEnvironment {
    private TellsEnvironment() {}

    public static void main(String[] args) throws Exception {
      FakeSupply supply =
          CommandLoopTest.run(
              new CommandLoop(
                  config(
                      CommandTemplate.shell(
                          "printf %s \"$NO_UTF8\" | od -An -tx1; env | grep ^PIECEWORK"))),
              bytes("a"));
      System.out.write(result(supply, "1").getBytes(ISO_8859_1));
      System.out.flush();
    }
  }

  @Test
  void commandsInheritTheEnvironmentByteByByteButForTheVariablesOfTheItem() throws Exception {
    String line =
        "NO_UTF8=$(printf 'a\\377b') PIECEWORK_QUEUE=outer PIECEWORK_ID=outer exec \"$@\"";
    Process java =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                line,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dpiecework.shell=" + Shell.NONE,
                "-cp",
                System.getProperty("java.class.path"),
                TellsEnvironment.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), ISO_8859_1);

    assertThat(java.waitFor()).isZero();
    assertThat(said.lines())
        .contains(" 61 ff 62", "PIECEWORK_QUEUE=jobs", "PIECEWORK_ID=1")
        .doesNotContain("PIECEWORK_QUEUE=outer", "PIECEWORK_ID=outer");
  }
}
