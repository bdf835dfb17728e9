package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Records of an input that is not read further while too many items wait in the queue that they are
 * for. The queue is asked after as many records as there was room for, and no more often.
 */
final class Ahead implements RecordReader {

  /** Of an input that may never end. */
  static final long USUAL = 1_000_000;

  /** So many are read unasked: most inputs are no longer. */
  private static final long UNASKED = 1_000;

  /** While nobody works it is looked so often whether somebody does. */
  private static final long LOOK = 10_000;

  private static final long MEMORY_SHARE = 10;
  private static final long PAUSE_MILLIS = 500;

  /** What Redis needs for an item beside its payload, about. */
  private static final long OVERHEAD = 16;

  private final RecordReader records;
  private final WorkQueue queue;
  private final long most;
  private final InputNotices notices;
  private final long memory;
  private long room;
  private long read;
  private long bytes;
  private String told = "";

  /**
   * @param most how many may wait while somebody works
   * @param notices hears why it waits
   */
  Ahead(RecordReader records, WorkQueue queue, long most, InputNotices notices) {
    this.records = records;
    this.queue = queue;
    this.most = most;
    this.notices = notices;
    this.room = Math.min(most, UNASKED);
    this.memory = queue.admin().memory().orElse(Long.MAX_VALUE) / MEMORY_SHARE;
  }

  @Override
  public @Nullable Item next() throws IOException {
    if (room == 0) {
      room = awaitRoom();
    }
    Item item = records.next();
    if (item != null) {
      room--;
      read++;
      bytes += item.payload().length;
    }
    return item;
  }

  private long awaitRoom() throws IOException {
    long now = room();
    while (now == 0) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
      now = room();
    }
    return now;
  }

  /** None where there is room for a few only: to ask for each that is taken costs more than it. */
  private long room() {
    QueueStatus status = queue.admin().status();
    long wait = status.counts().waiting() + status.counts().delayed();
    boolean worked = status.sessions().stream().anyMatch(session -> !session.expired());
    long fits = memory / (bytes / Math.max(1, read) + OVERHEAD);
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
      notices.say(
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

  @Override
  public @Nullable String field(String name) {
    return records.field(name);
  }

  @Override
  public int sampled() {
    return records.sampled();
  }
}
