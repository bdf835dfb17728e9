package dev.piecework.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.WorkQueue;
import dev.piecework.drill.history.HistoryFile;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.nio.file.Path;

/**
 * A worker process of a drill: the real {@link Worker} with a handler that takes its time and now
 * and then fails, and a history of all that it asks Redis.
 */
public final class DrillWorker {

  /** One in so many items takes so many times as long; the others take no time. */
  private static final int SLOW = 25;

  private final HistoryFile history;
  private final double meanMillis;

  private DrillWorker(HistoryFile history, double meanMillis) {
    this.history = history;
    this.meanMillis = meanMillis;
  }

  /** Takes queue, history file, what the queue is like, and the mean time of an item in ms. */
  public static void main(String[] args) throws Exception {
    JavaProcess.endWithParent();
    Place place = Place.inEnvironment(System.getenv());
    Path file = Path.of(args[1]);
    try (HistoryFile history = HistoryFile.create(file);
        WorkQueue queue =
            WorkQueue.open(
                place.queue(
                    args[0],
                    DrillQueue.ofWord(args[2]),
                    notice -> System.out.println(file.getFileName() + ": " + notice)),
                history)) {
      DrillWorker worker = new DrillWorker(history, Double.parseDouble(args[3]));
      WorkerEnd end = Worker.on(queue).slots(DrillPlan.SLOTS).run(worker::handle);
      if (end instanceof WorkerEnd.Drained) {
        System.exit(0);
      }
      System.out.println(file.getFileName() + ": " + end);
      System.exit(3);
    }
  }

  private Outcome handle(Attempt attempt) throws InterruptedException {
    history.handled(attempt.id(), attempt.token());
    int dice = mixed(attempt);
    if (dice % SLOW == 0) {
      Thread.sleep(Math.min(Math.round(meanMillis * SLOW), 5_000));
    }
    return switch (dice / SLOW % 100) {
      case 0 -> Outcome.retry("drilled");
      case 1 -> new Outcome.NotYet("drilled");
      case 2 -> Outcome.release();
      case 3 -> dice % 7 == 0 ? Outcome.bury("drilled") : Outcome.done();
      case 4 -> throw new IllegalStateException("drilled");
      case 5, 6, 7, 8, 9 -> Outcome.done();
      default -> Outcome.done(("result of " + attempt.text()).getBytes(UTF_8));
    };
  }

  // The same item fares differently each time, or a release would go on for ever.
  private static int mixed(Attempt attempt) {
    long mixed = (attempt.id().hashCode() * 31L + attempt.token()) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 33);
  }
}
