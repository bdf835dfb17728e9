package dev.piecework.job.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Job's status, and what the controller remembers beside it.
 *
 * @param failedIndexes none unless there is a backoffLimitPerIndex
 */
public record JobState(
    @Nullable Instant startTime,
    @Nullable Instant completionTime,
    List<Condition> conditions,
    Counts counts,
    Indexes completedIndexes,
    Indexes failedIndexes,
    PodBackoff backoff) {

  /** Before the controller has seen the Job. */
  public static final JobState NEW =
      new JobState(null, null, List.of(), Counts.NONE, Indexes.NONE, Indexes.NONE, PodBackoff.NONE);

  public JobState {
    conditions = List.copyOf(conditions);
  }

  /** Of pods. */
  public record Counts(int active, int ready, int terminating, int succeeded, int failed) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0);
  }

  /** The condition of this type that is true. */
  public Optional<Condition> holding(String type) {
    return conditions.stream().filter(c -> c.type().equals(type) && c.status()).findFirst();
  }

  /** Whether the Job is Complete or Failed: nothing will change any more. */
  public boolean isFinished() {
    return holding("Complete").isPresent() || holding("Failed").isPresent();
  }

  /** The status of a Job that is stopped before its end: of its pods only successes count. */
  public JobState stopped(JobRules rules, List<Pod> pods) {
    Indexes completed = completedIndexes;
    int succeeded = counts.succeeded();
    int active = 0;
    for (Pod pod : pods) {
      active += pod.isOver() ? 0 : 1;
      if (pod.phase() == Pod.Phase.SUCCEEDED && !pod.counted()) {
        completed = rules.indexed() ? completed.with(pod.index()) : completed;
      }
    }
    return withIndexes(completed, failedIndexes)
        .withCounts(
            new Counts(
                active,
                0,
                active,
                rules.indexed() ? completed.size() : succeeded,
                counts.failed()));
  }

  JobState withCondition(Condition condition) {
    List<Condition> all = new ArrayList<>(conditions);
    // One that changes keeps its place.
    all.replaceAll(c -> c.type().equals(condition.type()) ? condition : c);
    if (!all.contains(condition)) {
      all.add(condition);
    }
    return new JobState(
        startTime, completionTime, all, counts, completedIndexes, failedIndexes, backoff);
  }

  JobState withStart(Instant start) {
    return new JobState(
        start, completionTime, conditions, counts, completedIndexes, failedIndexes, backoff);
  }

  JobState withCompletion(Instant completion) {
    return new JobState(
        startTime, completion, conditions, counts, completedIndexes, failedIndexes, backoff);
  }

  JobState withCounts(Counts changed) {
    return new JobState(
        startTime, completionTime, conditions, changed, completedIndexes, failedIndexes, backoff);
  }

  JobState withIndexes(Indexes completed, Indexes failed) {
    return new JobState(startTime, completionTime, conditions, counts, completed, failed, backoff);
  }

  JobState withBackoff(PodBackoff changed) {
    return new JobState(
        startTime, completionTime, conditions, counts, completedIndexes, failedIndexes, changed);
  }
}
