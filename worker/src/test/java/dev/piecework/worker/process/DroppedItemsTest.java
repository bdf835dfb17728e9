package dev.piecework.worker.process;

import static dev.piecework.worker.process.CommandTrial.assertGone;
import static dev.piecework.worker.process.CommandTrial.bytes;
import static dev.piecework.worker.process.CommandTrial.config;
import static dev.piecework.worker.process.CommandTrial.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Items that a person drops while a command works on them. */
@Timeout(600)
@ParameterizedClass
@EnumSource(EveryStarter.class)
@Tag("slow")
@Tag("process")
class DroppedItemsTest {
  private final EveryStarter starter;
  @TempDir Path folder;

  DroppedItemsTest(EveryStarter starter) {
    this.starter = starter;
  }

  @BeforeEach
  void choose() {
    starter.choose();
  }

  @AfterEach
  void leaveToTheSystem() {
    EveryStarter.leaveToTheSystem();
  }

  /** Runs a loop, and drops these items when a command opens the file {@code begun} to write. */
  private void dropWhileRunning(SlotLoop loop, FakeSupply supply, String... ids) throws Exception {
    try (var threads = Executors.newSingleThreadExecutor()) {
      Future<?> running =
          threads.submit(() -> {
            loop.run(0, supply);
            return null;
          });
      String unused = Files.readString(folder.resolve("begun"));
      for (String id : ids) {
        supply.drop(id);
      }
      running.get(60, TimeUnit.SECONDS);
    }
  }

  private Path begun() throws Exception {
    Path begun = folder.resolve("begun");
    assertThat(new ProcessBuilder("mkfifo", begun.toString()).start().waitFor()).isZero();
    return begun;
  }

  @Test
  void theCommandIsEndedWithAllItHasStartedAndTheSlotGoesOn() throws Exception {
    Path pids = folder.resolve("pids");
    String text =
        "if [ $1 = long ]; then sleep 1000 & echo $! >>PIDS; echo $$ >>PIDS; echo >BEGUN; wait; fi;"
            + " echo did $1";
    text = text.replace("PIDS", pids.toString()).replace("BEGUN", begun().toString());
    FakeSupply supply = new FakeSupply(bytes("long", "next"));
    dropWhileRunning(new CommandLoop(config(CommandTemplate.shell(text))), supply, "1");
    assertThat(supply.released()).containsExactly("1");
    assertThat(supply.outcomes()).containsOnlyKeys("2");
    assertThat(result(supply, "2")).isEqualTo("did next\n");
    assertGone(pids, 2);
  }

  @Test
  void aBatchGoesOnForThoseThatWereNotDropped() throws Exception {
    Path go = folder.resolve("go");
    String text =
        "echo >BEGUN; while [ ! -e GO ]; do sleep 0.05; done; printf '%s\\n' \"$@\""
            .replace("BEGUN", begun().toString())
            .replace("GO", go.toString());
    FakeSupply supply =
        new FakeSupply(bytes("a", "b")) {
          @Override
          public synchronized boolean isDropped(Attempt attempt) {
            // The second is asked for when the first is known to be dropped.
            boolean unused = attempt.id().equals("2") && go.toFile().mkdir();
            return super.isDropped(attempt);
          }
        };
    dropWhileRunning(new BatchLoop(config(CommandTemplate.shell(text)), 2, false), supply, "1");
    assertThat(result(supply, "2")).isEqualTo("b");
    assertThat(supply.released()).isEmpty();
  }

  @Test
  void aBatchOfWhichAllWereDroppedIsEnded() throws Exception {
    String text = "[ $1 = c ] || { echo >BEGUN; sleep 1000; }; printf '%s\\n' \"$@\"";
    text = text.replace("BEGUN", begun().toString());
    FakeSupply supply = new FakeSupply(bytes("a", "b", "c"));
    BatchLoop loop = new BatchLoop(config(CommandTemplate.shell(text)), 2, false);
    dropWhileRunning(loop, supply, "1", "2");
    assertThat(supply.released()).containsExactlyInAnyOrder("1", "2");
    assertThat(supply.outcomes()).containsOnlyKeys("3");
    assertThat(result(supply, "3")).isEqualTo("c");
  }

  @Test
  @Needs("python3")
  void aChildIsEndedAndWhatItWasSentBesideIsDoneByTheNext() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("child.py"),
            """
            import json, sys, time
            for line in sys.stdin:
                item = json.loads(line)
                if item['payload'] == 'long':
                    open(sys.argv[1], 'w').write('x')
                    time.sleep(1000)
                print(json.dumps({'id': item['id'], 'result': item['payload']}), flush=True)
            """);
    CommandTemplate command =
        CommandTemplate.of(List.of("python3", script.toString(), begun().toString()));
    FakeSupply supply = new FakeSupply(bytes("a", "long", "b"));
    dropWhileRunning(new ChildLoop(config(command), 64), supply, "2");
    assertThat(supply.released()).contains("2").isSubsetOf("2", "3");
    assertThat(supply.outcomes().values()).hasSize(2).allMatch(Outcome.Done.class::isInstance);
    assertThat(result(supply, "3")).isEqualTo("b");
  }
}
