package dev.piecework.fake;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last hundred runs that ended, by id. Guarded by its bag. */
final class EndedRuns {

  private static final int KEPT = 100;

  enum How {
    DRAINED,
    PURGED,
    /** Given up before it held anything. */
    EMPTY
  }

  record Ended(How how, long done, long dead, long withdrawn) {}

  private final Map<String, Ended> runs = new LinkedHashMap<>();

  void add(String run, Ended ended) {
    runs.remove(run);
    runs.put(run, ended);
    if (runs.size() > KEPT) {
      runs.remove(runs.keySet().iterator().next());
    }
  }

  void goesOn(String run) {
    runs.remove(run);
  }

  @Nullable Ended get(String run) {
    return runs.get(run);
  }
}
