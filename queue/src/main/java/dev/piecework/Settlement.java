package dev.piecework;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a lease ends: in four ways, and a fifth, a retry that is not yet counted. */
public sealed interface Settlement {

  /** What is longer is cut: in characters. */
  int LONGEST_REASON = 16_384;

  /** A longer delay of a retry is taken for this: as good as for ever. */
  Duration LONGEST = Duration.ofDays(36_500);

  /** The lease that ends. */
  Lease lease();

  /**
   * The item is done. A result larger than the queue's {@code result-max} is refused with a {@link
   * ResultTooLargeException}.
   *
   * @param result what to keep, or null for nothing
   * @param batch the id of the item whose result stands for this one too, or null
   * @param took how long the handler took, and when it started; both for people
   */
  record Complete(Lease lease, byte @Nullable [] result, @Nullable String batch, Took took)
      implements Settlement {
    // Not a compact one: of that the compiler leaves out what may be null.
    public Complete(Lease lease, byte @Nullable [] result, @Nullable String batch, Took took) {
      if (result != null) {
        requireFits(lease, result);
      }
      this.lease = lease;
      this.result = result;
      this.batch = batch;
      this.took = took;
    }
  }

  /** Failed and counted; again after {@code after} or the back-off, dead when used up. */
  record Retry(Lease lease, String reason, Optional<Duration> after) implements Settlement {
    public Retry {
      reason = sayable(reason);
      after = after == null ? Optional.empty() : after.map(Settlement::within);
    }
  }

  /** Something outside was not ready: back-off, counted from the hundredth time on. */
  record NotYet(Lease lease, String reason) implements Settlement {
    public NotYet {
      reason = sayable(reason);
    }
  }

  /** Dead now. */
  record Bury(Lease lease, String reason) implements Settlement {
    public Bury {
      reason = sayable(reason);
    }
  }

  /** Given back untried. */
  record Release(Lease lease) implements Settlement {}

  /**
   * When an attempt was started, by the worker's clock, and how long it took.
   *
   * @param started the epoch for not known
   * @param time how long; both are kept in milliseconds
   */
  record Took(Instant started, Duration time) {
    static final Took UNKNOWN = new Took(Instant.EPOCH, Duration.ZERO);
  }

  /**
   * A reason that can be kept: many come from {@code getMessage()}, which may be null, or of any
   * length. An end that could not be sent would be charged to nobody, and every worker die of it.
   */
  private static String sayable(@Nullable String reason) {
    if (reason == null) {
      return "no reason given";
    }
    return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
  }

  // What a queue takes is known by its session; so no settlement can carry more.
  private static void requireFits(Lease lease, byte[] result) {
    int most = lease.resultMax();
    if (result.length > most) {
      throw new ResultTooLargeException(
          "the result of item "
              + lease.id()
              + " has "
              + result.length
              + " bytes, the queue takes results up to "
              + most
              + " (result-max)");
    }
  }

  private static Duration within(Duration after) {
    return after.isNegative() ? Duration.ZERO : after.compareTo(LONGEST) > 0 ? LONGEST : after;
  }

  /** Done, without a result. */
  static Settlement complete(Lease lease) {
    return new Complete(lease, null, null, Took.UNKNOWN);
  }

  /**
   * Done, with a result.
   *
   * @throws ResultTooLargeException when it is larger than the queue's {@code result-max}
   */
  static Settlement complete(Lease lease, byte[] result) {
    return new Complete(lease, result, null, Took.UNKNOWN);
  }
}
