package dev.piecework.job.manifest;

/** A list of indexes as {@code 0,2,4-7}, held against what the API server takes, in its words. */
final class IndexesFormat {
  private IndexesFormat() {}

  /**
   * How many indexes it names.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static int count(String text, int completions) {
    if (text.isEmpty()) {
      return 0;
    }
    int last = -1;
    int total = 0;
    for (String interval : text.split(",", -1)) {
      String[] ends = interval.split("-", -1);
      if (ends.length > 2) {
        throw new IllegalArgumentException(
            "the fragment \""
                + interval
                + "\" violates the requirement that an index interval can have at most two parts"
                + " separated by '-'");
      }
      int first = index(ends[0], completions);
      int end = ends.length == 1 ? first : index(ends[1], completions);
      if (ends.length == 2 && first >= end) {
        throw notIncreasing(first, end);
      }
      if (last >= first) {
        throw notIncreasing(last, first);
      }
      total += end - first + 1;
      last = end;
    }
    return total;
  }

  private static IllegalArgumentException notIncreasing(int previous, int current) {
    return new IllegalArgumentException(
        "non-increasing order, previous: " + previous + ", current: " + current);
  }

  private static int index(String text, int completions) {
    long index;
    try {
      index = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "cannot convert string to integer for index: \"" + text + "\"", e);
    }
    if (index >= completions) {
      throw new IllegalArgumentException("too large index: \"" + text + "\"");
    }
    return (int) index;
  }
}
