package dev.piecework.internal.client;

import dev.piecework.HumanDuration;
import dev.piecework.PieceworkException;
import dev.piecework.QueueUnusableException;
import dev.piecework.RedisRefusesException;
import dev.piecework.RedisUnreachableException;
import dev.piecework.internal.redis.RedisFailure;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits out a Redis that is away, is not trusted, refuses the password or refuses to write, for as
 * long as the time-out allows; then gives up with the exception that a user sees. What cannot pass
 * is not waited for.
 */
public final class RetryUntilTimeout {

  /** What is over sooner need not worry anybody. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private final Duration timeout;
  private final Consumer<String> notices;
  private final Runnable onFailure;

  /**
   * @param onFailure done after each failure, before the next try
   */
  RetryUntilTimeout(Duration timeout, Consumer<String> notices, Runnable onFailure) {
    this.timeout = timeout;
    this.notices = notices;
    this.onFailure = onFailure;
  }

  /** Calls until it goes through. The call must be one that may be done twice. */
  public <T extends @Nullable Object> T call(Supplier<T> call) {
    long begun = System.nanoTime();
    long pause = 5;
    boolean said = false;
    while (true) {
      try {
        T answer = call.get();
        if (said) {
          notices.accept("Redis is back");
        }
        return answer;
      } catch (RedisFailure failure) {
        onFailure.run();
        long left = timeout.toMillis() - (System.nanoTime() - begun) / 1_000_000;
        if (!mayPass(failure) || left <= 0) {
          throw seen(
              failure, mayPass(failure) ? " (for " + HumanDuration.format(timeout) + ")" : "");
        }
        if (!said && (isForAPerson(failure) || System.nanoTime() - begun > QUIET.toNanos())) {
          said = true;
          notices.accept(
              failure.reason() + "; trying for " + HumanDuration.format(Duration.ofMillis(left)));
        }
        pause(Math.min(pause, Math.max(left, 1)), failure);
        pause = Math.min(pause * 2, 500);
      }
    }
  }

  /** Calls once, with the exceptions that a user sees. */
  static <T extends @Nullable Object> T once(Supplier<T> call) {
    try {
      return call.get();
    } catch (RedisFailure failure) {
      throw seen(failure, "");
    }
  }

  /**
   * A wrong password or certificate is worth a word at once: rarely does one want to wait for it.
   */
  private static boolean isForAPerson(RedisFailure failure) {
    return switch (failure.kind()) {
      case UNAUTHORISED, UNTRUSTED -> true;
      case AWAY, REFUSES_WRITES, UNUSABLE -> false;
    };
  }

  private static boolean mayPass(RedisFailure failure) {
    return switch (failure.kind()) {
      case AWAY, UNTRUSTED, UNAUTHORISED, REFUSES_WRITES -> true;
      case UNUSABLE -> false;
    };
  }

  static PieceworkException seen(RedisFailure failure, String addition) {
    String message = failure.reason() + addition;
    return switch (failure.kind()) {
      case AWAY, UNTRUSTED, UNAUTHORISED -> new RedisUnreachableException(message, failure);
      case REFUSES_WRITES -> new RedisRefusesException(message, failure);
      case UNUSABLE -> new QueueUnusableException(message, failure);
    };
  }

  private static void pause(long millis, RedisFailure failure) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw seen(failure, " (interrupted while waiting for it)");
    }
  }
}
