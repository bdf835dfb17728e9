package dev.piecework.internal.journal;

import dev.piecework.journal.AttemptEnd;
import java.util.SplittableRandom;

/**
 * Gathers what one session tells of its attempts with its next heartbeat. All methods may be called
 * from any thread.
 */
public final class JournalRecorder {

  /**
   * An attempt that ended.
   *
   * @param started in ms since the epoch, by this machine's clock
   */
  public record Ended(
      String id, int attempt, int slot, long started, long millis, AttemptEnd end) {}

  private final SplittableRandom random;
  private final Object guard = new Object();
  private JournalPart gathered = new JournalPart();

  /**
   * @param random chooses the sample
   */
  public JournalRecorder(SplittableRandom random) {
    this.random = random;
  }

  /** An attempt has ended, and Redis has taken that, or refused it (LOST). */
  public void ended(Ended attempt) {
    synchronized (guard) {
      gathered.add(attempt, random);
    }
  }

  /** Takes what is to be told: nothing of it is told again. */
  public JournalPart take() {
    synchronized (guard) {
      JournalPart taken = gathered;
      gathered = new JournalPart();
      return taken;
    }
  }

  /** It could not be told: it is part of what comes next. */
  public void giveBack(JournalPart untold) {
    synchronized (guard) {
      gathered.addAll(untold, random);
    }
  }
}
