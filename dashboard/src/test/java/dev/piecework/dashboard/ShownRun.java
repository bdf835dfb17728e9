package dev.piecework.dashboard;

import static org.awaitility.Awaitility.await;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.TestRedis;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A queue with workers in this JVM, for pages to look at; all are gone when it is closed. */
final class ShownRun implements AutoCloseable {

  private final String uri;
  private final List<AutoCloseable> opened = new ArrayList<>();
  final WorkQueue queue;

  ShownRun(TestRedis redis, String name, QueueSettings settings) {
    this.uri = redis.uri();
    queue = open(QueueConfig.of(uri, name).withSettings(settings));
  }

  /** One attempt for each item, and results kept. */
  static QueueSettings oneAttempt() {
    return QueueSettings.DEFAULTS.withAttempts(1).withKeep(Keep.RESULTS);
  }

  private WorkQueue open(QueueConfig config) {
    WorkQueue open = WorkQueue.open(config);
    opened.add(open);
    return open;
  }

  void fill(int items) {
    fill(IntStream.rangeClosed(1, items).mapToObj(i -> "item " + i));
  }

  void fill(Stream<String> payloads) {
    queue.fill(payloads.map(Item::of));
  }

  /** A worker until it has drained the queue, or this is closed. */
  RunningWorker work(String name, int slots, Handler handler) {
    WorkQueue own = open(QueueConfig.of(uri, queue.name()));
    RunningWorker worker = Worker.on(own).name(name).slots(slots).start(handler);
    opened.add(worker);
    return worker;
  }

  /** Works all off; every tenth item fails for one cause, every fifth of the rest for another. */
  void workWithFailures() throws InterruptedException {
    var _ = work("node-1", 4, ShownRun::everyTenthIsBad).await();
  }

  static Outcome everyTenthIsBad(dev.piecework.worker.Attempt attempt) {
    int number = Integer.parseInt(attempt.text().replaceAll("\\D", ""));
    if (number % 10 == 0) {
      return Outcome.bury("bad " + number);
    }
    if (number % 5 == 0) {
      return Outcome.retry("cannot open /data/" + number + ".png");
    }
    return Outcome.done(("done " + number).getBytes(StandardCharsets.UTF_8));
  }

  QueueStatus status() {
    return queue.admin().status();
  }

  QueueStatus.Counts counts() {
    return status().counts();
  }

  /** Until the journal has as many attempts as ended: workers tell of them with their heartbeat. */
  void awaitJournal(long attempts) {
    await().until(() -> queue.admin().journal().attempts() >= attempts);
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception notClosed) {
        throw new IllegalStateException(notClosed);
      }
    }
  }
}
