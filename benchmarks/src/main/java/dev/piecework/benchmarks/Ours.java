package dev.piecework.benchmarks;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Settlement;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Piecework as the harness starts it: {@code VERB REDIS_URL QUEUE ITEMS CONCURRENCY PAYLOAD_BYTES
 * RESULT_BYTES [PARTITIONS]}. The verbs: {@code fill}; {@code drain}, a worker with this many slots
 * and a handler that does nothing; {@code sleep}, the same with one that waits 1 ms; {@code
 * worker-batches} and {@code session-batches}, one slot and batches of CONCURRENCY items, by a
 * worker and by the session itself. {@code fill-quiet} and {@code backlog}: a queue without
 * heartbeats, and batches of it that are ended and pushed again; {@code idle}: so many workers that
 * have nothing to do, until they are killed; {@code under-way}, {@code one-cause} and {@code
 * one-by-one}: runs for the page to look at.
 */
public final class Ours {

  private Ours() {}

  public static void main(String[] args) throws InterruptedException, IOException {
    int items = Integer.parseInt(args[3]);
    int concurrency = Integer.parseInt(args[4]);
    int payloadBytes = Integer.parseInt(args[5]);
    int resultBytes = Integer.parseInt(args[6]);
    QueueSettings settings =
        QueueSettings.DEFAULTS
            .withKeep(resultBytes > 0 ? Keep.RESULTS : Keep.COUNTS)
            .withPartitions(args.length > 7 ? Integer.parseInt(args[7]) : 1);
    if (args[0].equals("fill-quiet")) {
      settings =
          settings.withLeaseTimeout(Duration.ofHours(1)).withProducerGrace(Duration.ofHours(2));
    }
    long began = System.nanoTime();
    long done;
    try (WorkQueue queue =
        WorkQueue.open(QueueConfig.of(args[1], args[2]).withSettings(settings))) {
      done =
          switch (args[0]) {
            case "fill", "fill-quiet" -> fill(queue, items, payloadBytes);
            case "drain" -> work(Worker.on(queue).slots(concurrency), noOp(resultBytes));
            case "sleep" -> work(Worker.on(queue).slots(concurrency), Ours::waitOneMillisecond);
            case "worker-batches" ->
                work(Worker.on(queue).maxBatch(concurrency), noOp(resultBytes));
            case "session-batches" -> drainByHand(queue, concurrency);
            case "backlog" -> Backlog.turnOver(queue, URI.create(args[1]), items, concurrency);
            case "under-way" -> ShownRuns.underWay(args[1], args[2], items);
            case "one-cause" -> ShownRuns.oneCause(args[1], args[2], items);
            case "one-by-one" -> ShownRuns.oneByOne(args[1], args[2], items);
            case "idle" -> IdleWorkers.hold(args[1], args[2], items);
            default -> throw new IllegalArgumentException("unknown verb " + args[0]);
          };
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.println("{\"items\": " + done + ", \"seconds\": " + seconds + "}");
  }

  private static long fill(WorkQueue queue, int items, int size) {
    String format = "%0" + size + "d";
    return queue
        .fill(IntStream.range(0, items).mapToObj(i -> Item.of(String.format(format, i))))
        .added();
  }

  private static Handler noOp(int resultBytes) {
    if (resultBytes == 0) {
      return attempt -> Outcome.done();
    }
    return attempt -> Outcome.done(new byte[resultBytes]);
  }

  private static Outcome waitOneMillisecond(Object attempt) throws InterruptedException {
    Thread.sleep(1);
    return Outcome.done();
  }

  private static long work(Worker worker, Handler handler) throws InterruptedException {
    RunningWorker running = worker.start(handler);
    running.await();
    return running.counts().done();
  }

  static List<Settlement> allDone(LeaseBatch batch) {
    List<Settlement> settlements = new ArrayList<>(batch.leases().size());
    for (Lease lease : batch.leases()) {
      settlements.add(Settlement.complete(lease));
    }
    return settlements;
  }

  private static long drainByHand(WorkQueue queue, int batchSize) {
    long done = 0;
    try (Session session = queue.session(SessionInfo.local(1))) {
      LeaseBatch batch = session.lease(batchSize);
      while (!batch.leases().isEmpty()) {
        List<Settlement> settlements = allDone(batch);
        done += settlements.size();
        batch = session.step(settlements, batchSize);
      }
    }
    return done;
  }
}
