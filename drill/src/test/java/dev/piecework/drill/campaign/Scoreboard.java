package dev.piecework.drill.campaign;

import dev.piecework.drill.DrillReport;
import dev.piecework.drill.Phase;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What all campaigns together did and found. */
final class Scoreboard implements Campaign.Ledger {

  /** So often a campaign of twenty minutes injects each kind in each phase. */
  private static final int OFTEN = 30;

  private static final int OFTEN_ON_MANY = 10;

  private final Map<String, Map<Phase, Integer>> injected = new TreeMap<>();
  private final Map<String, List<Duration>> recoveries = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> withoutFaults = new ArrayList<>();
  private int bags;
  private long items;
  private long leases;
  private long lost;
  private long calls;
  private long unknown;
  private long rollbacks;

  @Override
  public synchronized void bag(
      TestEnvironment environment, DrillReport report, List<String> leftovers, Path folder) {
    bags++;
    items += report.verdict().figures().items();
    leases += report.verdict().figures().leases();
    lost += report.verdict().figures().lost();
    calls += report.verdict().figures().operations();
    unknown += report.verdict().figures().unknown();
    rollbacks += report.verdict().figures().rollbacks();
    report
        .injectedByKind()
        .forEach((kind, phases) ->
            phases.forEach((phase, times) ->
                injected
                    .computeIfAbsent(kind, k -> new EnumMap<>(Phase.class))
                    .merge(phase, times, Integer::sum)));
    report
        .recoveries()
        .forEach((what, times) ->
            recoveries.computeIfAbsent(what, w -> new ArrayList<>()).addAll(times));
    String bag = environment.name() + ":" + report.plan().seed();
    System.out.printf(
        "%s: %d faults, %s, %s %s%n",
        bag,
        report.injected().size(),
        report.verdict().figures(),
        report.course(),
        report.passed() ? "passed" : "FAILED");
    if (report.injected().isEmpty()) {
      withoutFaults.add(bag);
    }
    if (!report.passed() || !leftovers.isEmpty()) {
      failures.add(
          "again with --seed "
              + bag
              + "; records in "
              + folder
              + ": "
              + report.course()
              + " "
              + leftovers
              + " "
              + report.verdict().violations());
    }
  }

  @Override
  public synchronized void broke(TestEnvironment environment, long seed, Throwable why) {
    StringWriter trace = new StringWriter();
    why.printStackTrace(new PrintWriter(trace));
    failures.add(environment.name() + ":" + seed + " could not be run: " + trace);
    System.out.printf("%s:%d could not be run: %s%n", environment.name(), seed, why);
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** The bags that show nothing. */
  synchronized List<String> withoutFaults() {
    return List.copyOf(withoutFaults);
  }

  synchronized Set<String> kinds() {
    return Set.copyOf(injected.keySet());
  }

  /**
   * Of which deaths work goes on later than is promised, in the middle of their times: at most a
   * second after Redis is back, or after the lapse of a worker. This machine does much else.
   */
  synchronized List<String> late(Duration lapse) {
    List<String> late = new ArrayList<>();
    recoveries.forEach((what, times) -> {
      Duration middle = times.stream().sorted().toList().get(times.size() / 2);
      Duration promised = what.startsWith("worker") ? lapse.plusSeconds(1) : Duration.ofSeconds(1);
      if (times.size() >= 5 && middle.compareTo(promised) > 0) {
        late.add(what + ": " + middle);
      }
    });
    return late;
  }

  synchronized void print(PrintStream out) {
    out.printf(
        "%n%,d bags, %,d items, %,d leases (%,d lost), %,d calls (%,d of unknown outcome),"
            + " %d rollbacks seen%n",
        bags, items, leases, lost, calls, unknown, rollbacks);
    out.printf("%n%-42s %8s %8s %8s %8s%n", "fault", "all", "filling", "middle", "last");
    int all = 0;
    for (Map.Entry<String, Map<Phase, Integer>> kind : injected.entrySet()) {
      Map<Phase, Integer> phases = kind.getValue();
      int sum = phases.values().stream().mapToInt(Integer::intValue).sum();
      all += sum;
      out.printf(
          "%-42s %,8d %,8d %,8d %,8d%n",
          kind.getKey(),
          sum,
          phases.getOrDefault(Phase.FILLING, 0),
          phases.getOrDefault(Phase.MIDDLE, 0),
          phases.getOrDefault(Phase.LAST_ITEMS, 0));
    }
    out.printf("%-42s %,8d%n", "of " + injected.size() + " kinds", all);
    List<String> rare = rare();
    if (!rare.isEmpty()) {
      out.printf("fewer than %d (%d) times in a phase: %s%n", OFTEN, OFTEN_ON_MANY, rare);
    }
    out.printf("%n%-42s %8s %8s %8s %8s%n", "recovery, seconds", "times", "median", "99 %", "most");
    recoveries.forEach((what, times) -> {
      List<Duration> sorted = times.stream().sorted().toList();
      out.printf(
          "%-42s %,8d %8.2f %8.2f %8.2f%n",
          what,
          sorted.size(),
          seconds(sorted.get(sorted.size() / 2)),
          seconds(sorted.get(sorted.size() * 99 / 100)),
          seconds(sorted.getLast()));
    });
    out.printf(
        "%nverdict: %s%n",
        failures.isEmpty()
            ? "nothing lost, nothing committed twice"
            : failures.size() + " FAILED:\n" + String.join("\n", failures));
  }

  // A producer is there only while the bag is filled; several servers take their time to fail over.
  private List<String> rare() {
    List<String> rare = new ArrayList<>();
    injected.forEach((kind, phases) -> {
      int often = kind.matches("(Sentinel|Cluster).*") ? OFTEN_ON_MANY : OFTEN;
      for (Phase phase : Phase.values()) {
        boolean possible = phase == Phase.FILLING || !kind.startsWith("producer");
        if (possible && phases.getOrDefault(phase, 0) < often) {
          rare.add(kind + " (" + phase + ")");
        }
      }
    });
    return rare;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
