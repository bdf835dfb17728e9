package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import java.util.function.Consumer;

/**
 * How many items more a queue is to get for now: none while too many wait in it. The queue is asked
 * after as many as there was room for, and no more often.
 */
public final class Room {

  /** Of an input that may never end. */
  static final long USUAL = 1_000_000;

  /** So many are taken unasked: most inputs are no longer. */
  private static final long UNASKED = 1_000;

  /** While nobody works it is looked so often whether somebody does. */
  private static final long LOOK = 10_000;

  private static final long MEMORY_SHARE = 10;

  /** What Redis needs for an item beside its payload, about. */
  private static final long OVERHEAD = 16;

  private final WorkQueue queue;
  private final long most;
  private final Consumer<String> says;
  private final long memory;
  private long left;
  private long taken;
  private long bytes;
  private String told = "";

  /**
   * @param most how many may wait while somebody works
   * @param says hears why there is none
   */
  Room(WorkQueue queue, long most, Consumer<String> says) {
    this.queue = queue;
    this.most = most;
    this.says = says;
    this.left = Math.min(most, UNASKED);
    this.memory = queue.admin().memory().orElse(Long.MAX_VALUE) / MEMORY_SHARE;
  }

  /** Whether there is room for one. */
  public boolean isThere() {
    if (left <= 0) {
      left = room();
    }
    return left > 0;
  }

  /** This one goes there. */
  public void take(Item item) {
    left--;
    taken++;
    bytes += item.payload().length;
  }

  /** None where there is room for a few only: to ask for each that is taken costs more than it. */
  private long room() {
    QueueStatus status = queue.admin().status();
    long wait = status.counts().waiting() + status.counts().delayed();
    boolean worked = status.sessions().stream().anyMatch(session -> !session.expired());
    long fits = memory / (bytes / Math.max(1, taken) + OVERHEAD);
    long full = worked ? Math.min(most, fits) : fits;
    long free = full - wait;
    if (free <= full / 10) {
      say(wait, worked, full == fits);
      return 0;
    }
    return worked ? free : Math.min(free, Math.max(most, LOOK));
  }

  private void say(long wait, boolean worked, boolean memoryIsFull) {
    String why =
        memoryIsFull
            ? "about a tenth of Redis's memory (" + Figures.bytes(memory) + ")"
            : "--ahead";
    String who = worked ? "" : "; nobody works on it: piecework work " + queue.name();
    // Once for each cause: it may wait and go on many times.
    if (!told.equals(why + who)) {
      told = why + who;
      says.accept(
          "not reading on for now: "
              + Figures.count(wait, "item")
              + (wait == 1 ? " waits" : " wait")
              + " in queue '"
              + queue.name()
              + "', "
              + why
              + who);
    }
  }
}
