package dev.piecework.worker;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a worker works; {@link Worker} has a method for each part.
 *
 * @param slots how many items it works on at once, 1 to 10,000; default 1
 * @param name for people; null for the host's name
 * @param leaving when it ends; default {@link Leaving#WHEN_DRAINED}
 * @param waitForFill how long a queue that never held an item is waited for; default 1 min
 * @param timeout how long a {@link Handler} may take for one item, or null for any time; a {@link
 *     SlotLoop} minds its own
 * @param maxBatch the most items to lease in one call, 1 to 1,000; default 1,000
 * @param virtualSlots whether each slot is a virtual thread; default false
 * @param hooks who is told what
 */
public record WorkerConfig(
    int slots,
    @Nullable String name,
    Leaving leaving,
    Duration waitForFill,
    @Nullable Duration timeout,
    int maxBatch,
    boolean virtualSlots,
    Hooks hooks) {

  /** The most that one call of the queue leases. */
  public static final int LARGEST_BATCH = 1_000;

  /** When a worker ends. */
  public enum Leaving {
    /** When the run is drained. */
    WHEN_DRAINED,
    /** Also when all that is left is held by other live workers, who are replaced if they die. */
    EARLY,
    /** Never: after drained it works on the next run. */
    NEVER
  }

  /**
   * Who is told.
   *
   * @param notices what a person should know, once each, in one line
   * @param listeners hear of attempts, losses and the end, in this order; none costs nothing
   */
  public record Hooks(Consumer<String> notices, List<WorkerListener> listeners) {
    public Hooks {
      listeners = List.copyOf(listeners);
    }
  }

  /** One slot, until drained. */
  public static final WorkerConfig DEFAULTS =
      new WorkerConfig(
          1,
          null,
          Leaving.WHEN_DRAINED,
          Duration.ofMinutes(1),
          null,
          LARGEST_BATCH,
          false,
          new Hooks(notice -> {}, List.of()));

  public WorkerConfig {
    require(slots >= 1 && slots <= Worker.MOST_SLOTS, "slots", slots, "is 1 to 10,000");
    require(!waitForFill.isNegative(), "wait-for-fill", waitForFill, "is not negative");
    require(maxBatch >= 1 && maxBatch <= LARGEST_BATCH, "max-batch", maxBatch, "is 1 to 1,000");
    if (timeout != null) {
      require(timeout.toMillis() >= 1, "timeout", timeout, "is at least 1 ms");
    }
  }

  public WorkerConfig withSlots(int value) {
    return new WorkerConfig(
        value, name, leaving, waitForFill, timeout, maxBatch, virtualSlots, hooks);
  }

  public WorkerConfig withName(@Nullable String value) {
    return new WorkerConfig(
        slots, value, leaving, waitForFill, timeout, maxBatch, virtualSlots, hooks);
  }

  public WorkerConfig withLeaving(Leaving value) {
    return new WorkerConfig(
        slots, name, value, waitForFill, timeout, maxBatch, virtualSlots, hooks);
  }

  public WorkerConfig withWaitForFill(Duration value) {
    return new WorkerConfig(slots, name, leaving, value, timeout, maxBatch, virtualSlots, hooks);
  }

  public WorkerConfig withTimeout(@Nullable Duration value) {
    return new WorkerConfig(
        slots, name, leaving, waitForFill, value, maxBatch, virtualSlots, hooks);
  }

  public WorkerConfig withMaxBatch(int value) {
    return new WorkerConfig(slots, name, leaving, waitForFill, timeout, value, virtualSlots, hooks);
  }

  public WorkerConfig withVirtualSlots(boolean value) {
    return new WorkerConfig(slots, name, leaving, waitForFill, timeout, maxBatch, value, hooks);
  }

  public WorkerConfig withHooks(Hooks value) {
    return new WorkerConfig(
        slots, name, leaving, waitForFill, timeout, maxBatch, virtualSlots, value);
  }

  private static void require(boolean holds, String name, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(name + " " + rule + ", not " + value);
    }
  }
}
