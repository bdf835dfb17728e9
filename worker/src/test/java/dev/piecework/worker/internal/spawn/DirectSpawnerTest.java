package dev.piecework.worker.internal.spawn;

import static dev.piecework.worker.process.CommandTrial.bytes;
import static dev.piecework.worker.process.CommandTrial.config;
import static dev.piecework.worker.process.CommandTrial.result;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.internal.call.Call;
import dev.piecework.worker.internal.call.CallEnd;
import dev.piecework.worker.internal.session.DirectControl;
import dev.piecework.worker.internal.session.ForwardingSystemCalls;
import dev.piecework.worker.internal.session.SystemCalls;
import dev.piecework.worker.internal.session.SystemText;
import dev.piecework.worker.internal.session.Watch;
import dev.piecework.worker.process.BatchLoop;
import dev.piecework.worker.process.ChildLoop;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandLoop;
import dev.piecework.worker.process.CommandTemplate;
import dev.piecework.worker.process.CommandTrial;
import dev.piecework.worker.process.EveryStarter;
import dev.piecework.worker.process.FakeSupply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only the way through the C library does. */
@Timeout(600)
@Tag("process")
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

  @Test
  void whatTheSystemCannotStartPausesTheQueueWithTheReason() throws Exception {
    Path command = Files.writeString(folder.resolve("command"), "#!/no/such/interpreter\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();

    FakeSupply supply =
        CommandTrial.run(
            new CommandLoop(config(CommandTemplate.of(List.of(command.toString())))), bytes("a"));

    assertThat(supply.paused())
        .isEqualTo(
            command
                + ": No such file or directory: the interpreter that its first line names is not"
                + " there");
    assertThat(supply.outcomes()).isEmpty();
    assertThat(supply.released()).containsExactly("1");
  }

  @Test
  void aScriptWithoutAFirstLineIsOneForTheShellAndNoiseIsNot() throws Exception {
    Path script = Files.writeString(folder.resolve("script"), "echo $1\n");
    Path noise = Files.write(folder.resolve("noise"), new byte[] {1, 0, 2});
    assertThat(script.toFile().setExecutable(true)).isTrue();
    assertThat(noise.toFile().setExecutable(true)).isTrue();

    FakeSupply good =
        CommandTrial.run(
            new CommandLoop(config(CommandTemplate.of(List.of(script.toString())))), bytes("a"));
    FakeSupply bad =
        CommandTrial.run(
            new CommandLoop(config(CommandTemplate.of(List.of(noise.toString())))), bytes("a"));

    assertThat(result(good, "1")).isEqualTo("a\n");
    assertThat(bad.paused()).isEqualTo(noise + ": Exec format error");
  }

  @Test
  void aChildThatIsAScriptWithoutAFirstLineIsOneForTheShell() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("child"), "while read -r line; do echo '{\"id\":\"1\"}'; done\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();

    FakeSupply supply =
        CommandTrial.run(
            new ChildLoop(config(CommandTemplate.of(List.of(script.toString()))), 1), bytes("a"));

    assertThat(supply.paused()).isNull();
    assertThat(supply.outcomes()).containsEntry("1", Outcome.done());
  }

  @Test
  void theEndIsSeenWithoutAHandleOfTheProcessThoughWhatItLeftGoesOnComplaining() throws Exception {
    SystemCalls system =
        new ForwardingSystemCalls() {
          @Override
          public int handle(int pid) {
            return -1;
          }
        };
    try (DirectControl control = new DirectControl(system, folder);
        Watch watch = new Watch()) {
      CommandConfig config = config(CommandTemplate.of(List.of("sh")));
      List<byte[]> command =
          List.of("/bin/sh", "-c", "yes >&2 & exit 3").stream().map(SystemText::bytes).toList();
      Call call =
          new Call(
              command, List.of(new Attempt("1", new byte[0], 1, 1)), 1, null, null, () -> false);
      CallEnd ending = new DirectSpawner(system, control, watch, config, 1).run(call);
      assertThat(ending.status()).isEqualTo(3);
    }
  }

  @Test
  void aPauseThatCannotBeWrittenLeavesNothingInHand() throws Exception {
    Path command = Files.writeString(folder.resolve("command"), "#!/no/such/interpreter\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();
    CommandConfig config = config(CommandTemplate.of(List.of(command.toString())));
    for (SlotLoop loop :
        List.of(
            new CommandLoop(config), new BatchLoop(config, 2, false), new ChildLoop(config, 1))) {
      FakeSupply supply = new FakeSupply(bytes("a"));
      supply.pauseFails = new IllegalStateException("Redis is gone");
      assertThatThrownBy(() -> loop.run(0, supply)).hasMessage("Redis is gone");
      assertThat(supply.released()).as("%s", loop).containsExactly("1");
    }
  }

  @Test
  void aChildThatTheSystemCannotStartPausesTheQueue() throws Exception {
    Path command = Files.writeString(folder.resolve("command"), "#!/no/such/interpreter\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();

    FakeSupply supply =
        CommandTrial.run(
            new ChildLoop(config(CommandTemplate.of(List.of(command.toString()))), 1), bytes("a"));

    assertThat(supply.paused())
        .isEqualTo(
            command
                + ": No such file or directory: the interpreter that its first line names is not"
                + " there");
    assertThat(supply.outcomes()).isEmpty();
  }

  /** Prints what a command finds in its environment. */
  static final class TellsEnvironment {
    private TellsEnvironment() {}

    public static void main(String[] args) throws Exception {
      FakeSupply supply =
          CommandTrial.run(
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
