package dev.piecework.drill.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The broken promises found so far: enough of each kind to understand it, and not a million. */
final class Findings {

  static final int MOST = 10;

  private final Map<Promise, List<Violation>> byPromise = new EnumMap<>(Promise.class);

  void add(Promise promise, String what) {
    List<Violation> these = byPromise.computeIfAbsent(promise, p -> new ArrayList<>());
    if (these.size() < MOST) {
      these.add(new Violation(promise, what));
    }
  }

  List<Violation> all() {
    return byPromise.values().stream().flatMap(List::stream).toList();
  }
}
