package dev.piecework.cli.results;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/** A set of ids, of which most are small numbers: a bit each. */
final class IdSet {

  private static final int MOST_DIGITS = 9;

  private final BitSet numbers = new BitSet();
  private final Set<String> others = new HashSet<>();

  /** False when it was there. */
  boolean add(String id) {
    if (!isNumber(id)) {
      return others.add(id);
    }
    int number = Integer.parseInt(id);
    boolean added = !numbers.get(number);
    numbers.set(number);
    return added;
  }

  void clear() {
    numbers.clear();
    others.clear();
  }

  private static boolean isNumber(String id) {
    if (id.isEmpty() || id.length() > MOST_DIGITS || (id.charAt(0) == '0' && id.length() > 1)) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) < '0' || id.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
