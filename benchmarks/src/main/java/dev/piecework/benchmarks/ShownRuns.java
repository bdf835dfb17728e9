package dev.piecework.benchmarks;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Runs for the page to look at. */
final class ShownRuns {

  private static final int WORKERS = 200;
  private static final int SLOTS = 2;

  /** So many items do not end before they are told to. */
  private static final int HELD = 200;

  /** What a tenth of the items die of, with the number of the item in it. */
  private static final List<String> CAUSES =
      List.of(
          "exit code 3: bad magic number in photos/2024/IMG_%d.jpg",
          "exit code 1: ValueError: bad EXIF tag %d",
          "exit code 1: KeyError: 'width' in frame %d",
          "exit code 137: killed, out of memory at %d MiB",
          "timed out after 30 s at step %d",
          "java.io.IOException: No space left on device: /scratch/tile-%d.tif",
          "connect to db-%d.example.org: connection refused",
          "exit code 2: cannot open /data/in/%d.png: permission denied",
          "HTTP 503 from https://tiles.example.org/v1/%d",
          "checksum of block %d does not match",
          "exit code 139: segmentation fault at 0x7f%dd0",
          "unsupported colour space %d in profile");

  private ShownRuns() {}

  /**
   * Fills and works off these items by 200 workers, a tenth of them to death of 12 causes, until
   * 200 are left, which are held; says so in a line, and ends them when it is sent one.
   */
  static long underWay(String redis, String queue, int items)
      throws InterruptedException, IOException {
    try (WorkQueue filled = filled(redis, queue, items)) {
      CountDownLatch end = new CountDownLatch(1);
      List<WorkQueue> queues = new ArrayList<>();
      List<RunningWorker> workers = new ArrayList<>();
      for (int i = 1; i <= WORKERS; i++) {
        WorkQueue own = WorkQueue.open(redis, queue);
        queues.add(own);
        workers.add(
            Worker.on(own)
                .name(String.format("node-%03d", i))
                .slots(SLOTS)
                .start(attempt -> outcome(attempt, items, end)));
      }
      while (filled.admin().status().counts().dead() < items / 10
          || filled.admin().status().counts().done() < items - items / 10 - HELD) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
      System.out.println("{\"under way\": " + items + "}");
      int _ = System.in.read();
      end.countDown();
      for (RunningWorker worker : workers) {
        var _ = worker.await();
      }
      queues.forEach(WorkQueue::close);
      return filled.admin().status().counts().done();
    }
  }

  private static Outcome outcome(Attempt attempt, int items, CountDownLatch end)
      throws InterruptedException {
    int number = Integer.parseInt(attempt.text().replaceAll("\\D", "").substring(4));
    if (number % 10 == 0) {
      return Outcome.bury(String.format(CAUSES.get(number / 10 % CAUSES.size()), number));
    }
    if (isHeld(number, items)) {
      end.await();
    } else if (number % 500 == 7) {
      // Times that are spread, so that each kind of figure has something to show.
      TimeUnit.MILLISECONDS.sleep((long) (20 * Math.exp(number % 31 / 10.0)));
    }
    return Outcome.done(("ok " + number).getBytes(StandardCharsets.UTF_8));
  }

  /** The last ones of those that do not die. */
  private static boolean isHeld(int number, int items) {
    return number - number / 10 > items - items / 10 - HELD;
  }

  /** Fills a queue, and has all of it die of one cause. */
  static long oneCause(String redis, String queue, int items) throws InterruptedException {
    try (WorkQueue filled = filled(redis, queue, items)) {
      RunningWorker worker =
          Worker.on(filled)
              .slots(4)
              .start(attempt -> Outcome.bury("cannot open " + attempt.text() + ": no such file"));
      var _ = worker.await();
      return worker.counts().failed();
    }
  }

  /**
   * Fills so many items, says so in a line, ends one for each line that it is sent, and prints when
   * each ended, in ms since the epoch.
   */
  static long oneByOne(String redis, String queue, int items)
      throws InterruptedException, IOException {
    try (WorkQueue filled = filled(redis, queue, items)) {
      Semaphore told = new Semaphore(0);
      List<Long> ended = Collections.synchronizedList(new ArrayList<>());
      RunningWorker worker =
          Worker.on(filled)
              .start(attempt -> {
                told.acquire();
                ended.add(System.currentTimeMillis());
                return Outcome.done();
              });
      System.out.println("{\"under way\": " + items + "}");
      for (int i = 0; i < items; i++) {
        int _ = System.in.read();
        told.release();
      }
      var _ = worker.await();
      System.out.println(ended);
      return worker.counts().done();
    }
  }

  private static WorkQueue filled(String redis, String queue, int items) {
    WorkQueue filled =
        WorkQueue.open(
            QueueConfig.of(redis, queue)
                .withSettings(
                    QueueSettings.DEFAULTS
                        .withAttempts(1)
                        .withKeep(Keep.RESULTS)
                        .withLeaseTimeout(Duration.ofSeconds(15))));
    var _ =
        filled.fill(
            IntStream.range(0, items)
                .mapToObj(i -> Item.of(String.format("photos/2024/IMG_%07d.jpg", i))));
    return filled;
  }
}
