package dev.piecework.drill;

import dev.piecework.drill.check.Verdict;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a drill did and found.
 *
 * @param injected the faults, in their order
 * @param recoveries how long it took until work went on, by the fault
 */
public record DrillReport(
    DrillPlan plan,
    List<InjectedFault> injected,
    Verdict verdict,
    Map<String, List<Duration>> recoveries,
    Course course) {

  /**
   * How it went.
   *
   * @param drained whether the bag was drained in the end, and its workers exited
   */
  public record Course(boolean drained, Duration took) {}

  /** Whether every promise was kept, and everything came to its end. */
  public boolean passed() {
    return verdict.holds() && course.drained();
  }

  /** How often each kind was injected, by phase. */
  public Map<String, Map<Phase, Integer>> injectedByKind() {
    Map<String, Map<Phase, Integer>> kinds = new TreeMap<>();
    for (InjectedFault fault : injected) {
      kinds
          .computeIfAbsent(fault.kind(), k -> new EnumMap<>(Phase.class))
          .merge(fault.phase(), 1, Integer::sum);
    }
    return kinds;
  }
}
