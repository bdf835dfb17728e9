package dev.piecework.worker.process;

import static dev.piecework.worker.process.CommandLoopTest.bytes;
import static dev.piecework.worker.process.CommandLoopTest.config;
import static dev.piecework.worker.process.CommandLoopTest.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.worker.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShellSpawnerTest {

  @Test
  void theShellIsReplacedWhenSomebodyKillsIt() throws Exception {
    FakeSupply supply =
        CommandLoopTest.run(
            new CommandLoop(
                config(
                    CommandTemplate.shell(
                        "if [ $1 = kill ]; then kill -9 $PPID; sleep 1000; fi; echo $1"))),
            bytes("a", "kill", "b"));
    assertThat(result(supply, "1")).isEqualTo("a\n");
    assertThat(supply.outcome("2", Outcome.Retry.class).reason()).contains("killed");
    assertThat(result(supply, "3")).isEqualTo("b\n");
  }
}
