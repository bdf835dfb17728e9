package dev.piecework.worker.internal.spawn;

import java.util.function.Consumer;

/**
 * Waits when the system starts no processes, with growing pauses, and has it said once. For one
 * slot.
 */
public final class StartBackoff {
  private static final long SHORTEST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 2_000;

  private final SharedRuntime runtime;
  private final Consumer<String> lines;
  private long pause = SHORTEST_MILLIS;

  public StartBackoff(SharedRuntime runtime, Consumer<String> lines) {
    this.runtime = runtime;
    this.lines = lines;
  }

  /** It goes on. */
  public void started() {
    pause = SHORTEST_MILLIS;
  }

  /** An interrupt ends it, and stays set. */
  public void await(String why) {
    if (runtime.isFirstTrouble()) {
      lines.accept(
          "piecework: the system starts no command at the moment, and no item is charged: "
              + why
              + "; tried again until it does (said once)");
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pause = Math.min(2 * pause, LONGEST_MILLIS);
  }
}
