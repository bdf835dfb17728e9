package dev.piecework.worker.process;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a command may take for an item. Asked again and again while one runs, by several
 * threads: what was not known when it began may be known by then.
 */
@FunctionalInterface
public interface ItemTimeout {

  /** As long as it likes. */
  ItemTimeout NONE = Optional::empty;

  /** Empty for no limit, as long as there is none. */
  Optional<Duration> now();

  /** Always the same. */
  static ItemTimeout of(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("timeout: " + limit + " is not above zero");
    }
    Optional<Duration> always = Optional.of(limit);
    return () -> always;
  }
}
