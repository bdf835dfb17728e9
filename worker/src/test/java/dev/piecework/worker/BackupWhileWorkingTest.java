package dev.piecework.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real workers: what one of them does not end another ends. */
@RedisPerTest
@Tag("slow")
@Timeout(600)
class BackupWhileWorkingTest {

  private static final QueueSettings SETTINGS =
      QueueSettings.DEFAULTS
          .withLeaseTimeout(Duration.ofSeconds(3))
          .withKeep(Keep.RESULTS)
          .withBackup(true);

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final CountDownLatch stuck = new CountDownLatch(1);
  private volatile boolean cancelled;

  /** Whoever comes first to the last item does not end it, but looks whether it is cancelled. */
  private Outcome handle(Attempt attempt, String worker) throws InterruptedException {
    if (attempt.text().equals("last") && stuck.getCount() > 0) {
      stuck.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException told) {
        cancelled = attempt.isCancelled();
        throw told;
      }
    }
    return Outcome.done(worker.getBytes(UTF_8));
  }

  @Test
  void theLastItemIsDoneByAnotherAndTheFirstIsTold(TestRedis redis) throws Exception {
    QueueConfig config = QueueConfig.of(redis.uri(), "bag").withSettings(SETTINGS);
    try (WorkQueue one = WorkQueue.open(config);
        WorkQueue two = WorkQueue.open(config)) {
      one.fill(IntStream.range(0, 30).mapToObj(i -> Item.of("i" + i)));
      one.fill(Stream.of(Item.of("last")));
      RunningWorker first = worker(one, "one");
      RunningWorker second = worker(two, "two");
      assertThat(first.await()).isInstanceOf(WorkerEnd.Drained.class);
      assertThat(second.await()).isInstanceOf(WorkerEnd.Drained.class);
      await().until(() -> cancelled);
      QueueStatus status = one.admin().status();
      assertThat(status.counts().done()).isEqualTo(31);
      assertThat(status.copies()).isEqualTo(new QueueStatus.Copies(0, 1, 1));
      assertThat(first.counts().refused() + second.counts().refused()).isZero();
      assertThat(one.results().filter(result -> result.attempt() > 1)).isEmpty();
      assertThat(said).anyMatch(notice -> notice.contains("is done by another worker"));
    }
  }

  private RunningWorker worker(WorkQueue queue, String name) {
    return Worker.on(queue)
        .name(name)
        .slots(1)
        .notices(said::add)
        .start(attempt -> handle(attempt, name));
  }
}
