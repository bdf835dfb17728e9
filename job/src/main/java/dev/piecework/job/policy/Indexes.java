package dev.piecework.job.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A set of completion indexes, written as in a Job's status: {@code 0,2,4-7}. Immutable. */
public final class Indexes {
  /** No index. */
  public static final Indexes NONE = new Indexes(new BitSet());

  private final BitSet bits;

  private Indexes(BitSet bits) {
    this.bits = bits;
  }

  /**
   * Reads {@code 0,2,4-7}.
   *
   * @throws IllegalArgumentException when it is not of that form, in rising order
   */
  public static Indexes parse(String text) {
    BitSet bits = new BitSet();
    for (String part : text.isEmpty() ? List.<String>of() : List.of(text.split(",", -1))) {
      String[] ends = part.split("-", -1);
      int first = Integer.parseInt(ends[0]);
      int last = ends.length == 1 ? first : Integer.parseInt(ends[1]);
      if (ends.length > 2 || first < 0 || last < first || first < bits.length()) {
        throw new IllegalArgumentException("not a list of rising indexes: " + text);
      }
      bits.set(first, last + 1);
    }
    return new Indexes(bits);
  }

  Indexes with(int index) {
    BitSet more = (BitSet) bits.clone();
    more.set(index);
    return new Indexes(more);
  }

  Indexes and(Indexes other) {
    BitSet both = (BitSet) bits.clone();
    both.and(other.bits);
    return new Indexes(both);
  }

  boolean contains(int index) {
    return bits.get(index);
  }

  boolean containsAll(Indexes other) {
    return and(other).equals(other);
  }

  /** How many. */
  public int size() {
    return bits.cardinality();
  }

  /** Three or more in a row are written as a range, two are not. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    for (int first = bits.nextSetBit(0); first >= 0; ) {
      int end = bits.nextClearBit(first);
      if (end - first > 2) {
        parts.add(first + "-" + (end - 1));
      } else {
        for (int index = first; index < end; index++) {
          parts.add(Integer.toString(index));
        }
      }
      first = bits.nextSetBit(end);
    }
    return String.join(",", parts);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Indexes o && bits.equals(o.bits);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }
}
