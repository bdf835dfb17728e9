package dev.piecework;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item, as one looks at it.
 *
 * @param id null while it waits and is yet to be counted
 * @param state where it is
 * @param attempts how many attempts were begun
 * @param worker who holds it, or had it last; null if nobody
 * @param age since it was leased, died, or how long until it is due (negative); null if not known
 * @param error why its last attempt failed, or null
 * @param history what is kept of each attempt, oldest first
 * @param group the group of its last failure, if it is dead; see {@link
 *     dev.piecework.journal.FailureGroup#id}
 */
public record ItemView(
    @Nullable String id,
    ItemState state,
    byte[] payload,
    Attempts attempts,
    @Nullable String worker,
    @Nullable Duration age,
    @Nullable String error,
    List<PastAttempt> history,
    @Nullable String group) {

  public record Attempts(int begun, int failed, int losses) {}

  /**
   * One attempt that is over. Where what is kept of it cannot be read, all of it is the text.
   *
   * @param ended when; the epoch if not known
   * @param attempt its number, from 1; "?" if not known
   * @param worker who made it; "?" if not known
   * @param how the word for its end, such as "failed"; empty if not known
   * @param text why, for people; may be empty
   */
  public record PastAttempt(
      Instant ended, String attempt, String worker, String how, String text) {}
}
