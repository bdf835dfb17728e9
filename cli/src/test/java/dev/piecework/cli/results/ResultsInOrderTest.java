package dev.piecework.cli.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.Result;
import dev.piecework.WorkQueue;
import dev.piecework.embedded.PrivateRedis;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results in order, each larger than what may be stored of all: the run must come to its end. */
@Timeout(120)
class ResultsInOrderTest {

  private static final int BOUND = 3_000;

  private final PrivateRedis redis = PrivateRedis.builder().start();
  private final WorkQueue queue =
      WorkQueue.open(
          QueueConfig.of(redis.uri(), "bag")
              .withSettings(QueueSettings.DEFAULTS.withKeep(Keep.RESULTS).withResultsMax(BOUND)));
  private final List<String> taken = new ArrayList<>();
  private final List<String> said = new ArrayList<>();

  @AfterEach
  void end() {
    queue.close();
    redis.close();
  }

  private final class Taken implements ResultSink {
    @Override
    public void accept(Result result) {
      taken.add(result.id());
    }

    @Override
    public void settle() {}
  }

  private void runToItsEnd(Handler handler) throws Exception {
    queue.fill(Stream.of("a", "b", "c", "d").map(Item::of));
    ResultsPump pump = new ResultsPump(queue, new Taken(), 1, true, said::add);
    RunningWorker worker = Worker.on(queue).slots(1).start(handler);
    while (worker.await(Duration.ofMillis(10)).isEmpty()) {
      int _ = pump.take();
    }
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    pump.takeAll();
    assertThat(taken).containsExactly("1", "2", "3", "4");
    assertThat(queue.admin().status().settings().resultsMax()).isEqualTo(BOUND);
  }

  private static Outcome large() {
    return Outcome.done("x".repeat(BOUND + 1_000).getBytes(UTF_8));
  }

  @Test
  void aResultAsLargeAsTheBoundIsForgottenWhenItsTurnHasCome() throws Exception {
    runToItsEnd(attempt -> large());
    assertThat(said).isEmpty();
  }

  @Test
  void resultsThatWaitForAnItemThatIsTriedAgainDoNotKeepItFromBeingLeased() throws Exception {
    // Later than the second has its result, but for a machine that stands still.
    Outcome later = Outcome.retry("not yet", Duration.ofSeconds(2));
    runToItsEnd(attempt -> attempt.id().equals("1") && attempt.number() == 1 ? later : large());
    assertThat(said)
        .hasSizeLessThanOrEqualTo(1)
        .allSatisfy(line ->
            assertThat(line).contains("the turn of item 1", "results-max (2.9 KiB)", "raised"));
  }
}
