package dev.piecework.worker.internal.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Splits output into records. */
public final class Records {
  private Records() {}

  /**
   * The records of a text, without terminators; the last one need not have its own.
   *
   * @return empty if there are not exactly {@code count}
   */
  public static Optional<List<byte[]>> split(byte[] text, int count, byte terminator) {
    List<byte[]> records = new ArrayList<>(count);
    int begin = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i == text.length ? begin < i : text[i] == terminator) {
        if (records.size() == count) {
          return Optional.empty();
        }
        records.add(Arrays.copyOfRange(text, begin, i));
        begin = i + 1;
      }
    }
    return records.size() == count ? Optional.of(records) : Optional.empty();
  }
}
