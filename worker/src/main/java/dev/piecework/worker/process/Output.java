package dev.piecework.worker.process;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a command prints, kept whole up to a limit; of what is longer only its length is known. */
final class Output {
  private static final byte[] NOTHING = {};

  private final int limit;
  private byte[] kept = NOTHING;
  private volatile long length;

  Output(int limit) {
    this.limit = limit;
  }

  /** For one thread. */
  void add(byte[] bytes, int count) {
    long before = length;
    long after = before + count;
    if (after > limit) {
      kept = NOTHING;
    } else {
      if (after > kept.length) {
        kept = Arrays.copyOf(kept, (int) Math.min(limit, Math.max(after, 2L * kept.length)));
      }
      System.arraycopy(bytes, 0, kept, (int) before, count);
    }
    length = after;
  }

  /** All of it, or null if it is longer than the limit. */
  byte @Nullable [] whole() {
    if (length > limit) {
      return null;
    }
    return length == kept.length ? kept : Arrays.copyOf(kept, (int) length);
  }

  long length() {
    return length;
  }
}
