package dev.piecework.fake;

import dev.piecework.journal.FailureGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Failed attempts of a run by the first line of what was said of them. Guarded by its bag. */
final class FailureLog {

  private static final int LONGEST_CAUSE = 160;
  private static final int FEWEST_ATTEMPTS = 30;
  private static final int FEWEST_ITEMS = 20;
  private static final double ONE_CAUSE = 0.95;

  private final Map<String, Counted> byCause = new LinkedHashMap<>();
  private final Map<String, Long> sinceResumed = new LinkedHashMap<>();
  private final Set<String> itemsSinceResumed = new HashSet<>();
  private long failed;
  private long lost;

  private static final class Counted {
    private final Map<String, Long> workers = new LinkedHashMap<>();
    private final String exampleId;
    private final String example;
    private final Instant first;
    private Instant last;
    private long attempts;

    Counted(String exampleId, String example, Instant first) {
      this.exampleId = exampleId;
      this.example = example;
      this.first = first;
      this.last = first;
    }
  }

  /** Answers the group that the failure is of. */
  String count(StoredItem item, String why, Instant now) {
    String cause = causeOf(why);
    Counted counted =
        byCause.computeIfAbsent(cause, unused -> new Counted(item.knownId(), why, now));
    counted.attempts++;
    counted.last = now;
    counted.workers.merge(item.worker == null ? "" : item.worker, 1L, Long::sum);
    return FailureGroup.idOf(cause);
  }

  void failed(String id, String why) {
    failed++;
    sinceResumed.merge(causeOf(why), 1L, Long::sum);
    itemsSinceResumed.add(id);
  }

  void lost() {
    lost++;
  }

  long failures() {
    return failed;
  }

  long losses() {
    return lost;
  }

  void resumed() {
    sinceResumed.clear();
    itemsSinceResumed.clear();
  }

  /** Whether so many attempts failed for one cause that to go on would be in vain. */
  boolean isInVain() {
    long all = sinceResumed.values().stream().mapToLong(Long::longValue).sum();
    long most = sinceResumed.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return all >= FEWEST_ATTEMPTS
        && itemsSinceResumed.size() >= FEWEST_ITEMS
        && most >= ONE_CAUSE * all;
  }

  List<FailureGroup> groups(ToLongFunction<String> dead) {
    List<FailureGroup> groups = new ArrayList<>();
    byCause.forEach((cause, counted) -> {
      String id = FailureGroup.idOf(cause);
      groups.add(
          new FailureGroup(
              id,
              cause,
              counted.attempts,
              dead.applyAsLong(id),
              counted.first,
              counted.last,
              counted.workers,
              counted.exampleId,
              counted.example));
    });
    groups.sort(Comparator.comparingLong(FailureGroup::attempts).reversed());
    return groups;
  }

  private static String causeOf(String why) {
    String first =
        why.lines().filter(line -> !line.isBlank()).findFirst().orElse("no reason given");
    return first.strip().substring(0, Math.min(first.strip().length(), LONGEST_CAUSE));
  }
}
