package dev.piecework.cli.throttle;

import dev.piecework.HumanSize;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Nothing starts while less memory is free than this. */
final class MemoryRule implements StartRule {

  private final long least;
  private final LongSupplier free;

  MemoryRule(long least, LongSupplier free) {
    this.least = least;
    this.free = free;
  }

  @Override
  public @Nullable String heldBack() {
    long now = free.getAsLong();
    return now >= least
        ? null
        : HumanSize.format(now) + " of memory are free, of --min-memory " + HumanSize.format(least);
  }
}
