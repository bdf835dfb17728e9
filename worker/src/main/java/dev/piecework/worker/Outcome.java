package dev.piecework.worker;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a handler says of an attempt: what happens next to the item. Each is one end of a lease.
 *
 * <p>A handler that throws says {@link Retry} with the exception's text.
 */
public sealed interface Outcome {

  /**
   * The item is done.
   *
   * @param result what is kept, or null for no result
   * @param batch when one result stands for several items (a command that took a batch and did not
   *     answer line by line): the id of the item that carries the result, the same for all of them
   */
  record Done(byte @Nullable [] result, @Nullable String batch) implements Outcome {
    public Done(byte @Nullable [] result) {
      this(result, null);
    }
  }

  /**
   * The attempt failed and is counted; the item is tried again after a back-off, or is dead when
   * its attempts are used up.
   *
   * @param reason what went wrong, for people; kept as evidence
   * @param after how long to wait, or empty for the queue's back-off
   */
  record Retry(String reason, Optional<Duration> after) implements Outcome {
    public Retry {
      reason = given(reason);
      after = after == null ? Optional.empty() : after;
    }
  }

  /**
   * Something outside was not ready (exit code 75, EX_TEMPFAIL): tried again after a back-off, and
   * counted as a failed attempt only from the hundredth time on.
   */
  record NotYet(String reason) implements Outcome {
    public NotYet {
      reason = given(reason);
    }
  }

  /** No attempt will ever help: the item is dead now, with this reason as its evidence. */
  record Bury(String reason) implements Outcome {
    public Bury {
      reason = given(reason);
    }
  }

  /** Given back untried: goes to the front of the queue, nothing is counted. */
  record Release() implements Outcome {}

  // The message of an exception may be null.
  private static String given(@Nullable String reason) {
    return reason == null ? "no reason given" : reason;
  }

  /** Done, without a result. */
  static Outcome done() {
    return new Done(null);
  }

  /** Done, with the bytes to keep. */
  static Outcome done(byte[] result) {
    return new Done(result);
  }

  /** Failed; again after the queue's back-off. */
  static Outcome retry(String reason) {
    return new Retry(reason, Optional.empty());
  }

  /** Failed; again after this time. */
  static Outcome retry(String reason, Duration after) {
    return new Retry(reason, Optional.ofNullable(after));
  }

  /** Dead now. */
  static Outcome bury(String reason) {
    return new Bury(reason);
  }

  /** Given back untried. */
  static Outcome release() {
    return new Release();
  }
}
