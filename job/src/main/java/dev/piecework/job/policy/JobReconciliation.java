package dev.piecework.job.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reconciliation of a Job by its controller: counts what has ended, asks each rule, says what
 * to do.
 */
final class JobReconciliation {
  private static final String BACKOFF_LIMIT = "Job has reached the specified backoff limit";
  private static final String DEADLINE = "Job was active longer than specified deadline";
  private static final String COMPLETIONS = "Reached expected number of succeeded pods";

  private final JobRules rules;
  private final List<Pod> pods;
  private final Instant now;

  private final List<Pod> active;
  private final List<Pod> newlySucceeded;
  private final List<Pod> newlyFailed;
  private final List<Decision.Step> steps = new ArrayList<>();
  private final Set<String> counted = new HashSet<>();
  private JobState state;
  private int running;
  private int ready;
  private int terminating;
  private int succeeded;
  private int failed;
  private @Nullable Instant wake;

  JobReconciliation(JobRules rules, JobState before, List<Pod> pods, Instant now) {
    this.rules = rules;
    this.pods = pods;
    this.now = now;
    active = pods.stream().filter(Pod::isActive).toList();
    List<Pod> uncounted = pods.stream().filter(p -> !p.counted()).toList();
    newlySucceeded = uncounted.stream().filter(p -> p.phase() == Pod.Phase.SUCCEEDED).toList();
    newlyFailed = uncounted.stream().filter(p -> PodReplacement.isFailed(rules, p)).toList();
    running = active.size();
    ready = (int) active.stream().filter(p -> p.readySince() != null).count();
    terminating = (int) pods.stream().filter(Pod::isTerminating).count();
    state = before;
  }

  Decision decide() {
    if (state.startTime() == null && !rules.suspend()) {
      state = state.withStart(now);
    }
    count();
    Optional<Condition> met = state.holding("SuccessCriteriaMet");
    Optional<Condition> target = state.holding("FailureTarget");
    if (met.isPresent() || target.isPresent()) {
      endAll(target.isPresent());
    } else {
      judge();
    }
    finish();
    state = state.withCounts(new JobState.Counts(running, ready, terminating, succeeded, failed));
    return new Decision(state, steps, counted, wake);
  }

  private void count() {
    Indexes completed = state.completedIndexes();
    for (Pod pod : newlySucceeded) {
      completed = rules.indexed() ? completed.with(pod.index()) : completed;
      counted.add(pod.name());
    }
    succeeded =
        rules.indexed() ? completed.size() : state.counts().succeeded() + newlySucceeded.size();
    failed = state.counts().failed();
    for (Pod pod : newlyFailed) {
      countFailed(pod);
    }
    Indexes given = IndexBackoff.failed(rules, state.failedIndexes(), newlyFailed);
    state =
        state
            .withIndexes(completed, given)
            .withBackoff(state.backoff().after(newlySucceeded, newlyFailed));
  }

  private void countFailed(Pod pod) {
    if (counted.add(pod.name()) && FailurePolicy.counts(rules, pod)) {
      failed++;
    }
  }

  /** Asks the rules in the controller's order; the first that decides, decides. */
  private void judge() {
    Optional<Condition> end =
        FailurePolicy.failJob(rules, newlyFailed)
            .map(message -> failure("PodFailurePolicy", message));
    Instant deadline = ActiveDeadline.at(rules, state);
    if (end.isEmpty() && BackoffLimit.isReached(rules, failed, pods)) {
      end = Optional.of(failure("BackoffLimitExceeded", BACKOFF_LIMIT));
    }
    if (end.isEmpty() && deadline != null && !deadline.isAfter(now)) {
      end = Optional.of(failure("DeadlineExceeded", DEADLINE));
    }
    if (end.isEmpty()) {
      end =
          IndexBackoff.verdict(rules, state.failedIndexes(), state.completedIndexes())
              .map(verdict -> failure(verdict.reason(), verdict.message()));
    }
    if (end.isEmpty()) {
      end =
          SuccessPolicy.met(rules, state.completedIndexes())
              .map(message -> success("SuccessPolicy", message));
    }
    if (end.isPresent()) {
      state = state.withCondition(end.get());
      endAll(end.get().type().equals("FailureTarget"));
      return;
    }
    wakeAt(deadline);
    adjust();
    if (Parallelism.isComplete(rules, running, succeeded)) {
      state = state.withCondition(success("CompletionsReached", COMPLETIONS));
      return;
    }
    Suspension.Change change = Suspension.note(rules, state, now);
    state = change.state();
    change.events().forEach(this::tell);
    wakeAt(ActiveDeadline.at(rules, state));
  }

  /**
   * Begins or ends pods so that there are as many as there should be; never both in one
   * reconciliation.
   */
  private void adjust() {
    int wanted = Parallelism.wanted(rules, running, succeeded);
    List<Pod> surplus = Removal.choose(rules, active, running - wanted);
    if (!surplus.isEmpty()) {
      surplus.forEach(this::delete);
      return;
    }
    int missing = wanted - running - PodReplacement.inPlace(rules, terminating);
    if (missing <= 0) {
      return;
    }
    if (rules.backoffLimitPerIndex() == null) {
      Instant until = state.backoff().until(now);
      if (until.isAfter(now)) {
        wakeAt(until);
        return;
      }
    }
    if (!rules.indexed()) {
      for (int i = 0; i < missing; i++) {
        create(-1);
      }
      return;
    }
    IndexBackoff.Ready can =
        IndexBackoff.ready(rules, Pending.first(rules, state, pods, missing), pods, now);
    wakeAt(can.wake());
    can.now().forEach(this::create);
  }

  private void create(int index) {
    steps.add(new Decision.Create(index, IndexBackoff.next(rules, index, pods)));
    running++;
  }

  /** Ends a pod that then counts neither way. */
  private void delete(Pod pod) {
    steps.add(new Decision.Delete(pod.name()));
    counted.add(pod.name());
    running--;
    terminating++;
    if (pod.readySince() != null) {
      ready--;
    }
  }

  /** The Job is decided: what still runs ends, and if the Job failed, has failed with it. */
  private void endAll(boolean failure) {
    for (Pod pod : active) {
      delete(pod);
      counted.remove(pod.name());
    }
    for (Pod pod : pods) {
      if (!pod.counted() && !pod.isOver()) {
        if (failure) {
          countFailed(pod);
        }
        counted.add(pod.name());
      }
    }
  }

  /** A decided Job is finished when its last pod has ended. */
  private void finish() {
    if (running > 0 || terminating > 0) {
      return;
    }
    state
        .holding("FailureTarget")
        .ifPresent(why -> {
          state = state.withCondition(as(why, "Failed"));
          tell(JobEvent.warning(now, why.reason(), why.message()));
        });
    state
        .holding("SuccessCriteriaMet")
        .ifPresent(why -> {
          state = state.withCondition(as(why, "Complete")).withCompletion(now);
          Integer completions = rules.completions();
          if (completions != null && succeeded > completions) {
            tell(
                JobEvent.warning(
                    now,
                    "TooManySucceededPods",
                    "Too many succeeded pods running after completion count reached"));
          }
          tell(JobEvent.normal(now, "Completed", "Job completed"));
        });
  }

  private Condition failure(String reason, String message) {
    return new Condition("FailureTarget", true, reason, message, now);
  }

  private Condition success(String reason, String message) {
    return new Condition("SuccessCriteriaMet", true, reason, message, now);
  }

  private Condition as(Condition why, String type) {
    return new Condition(type, true, why.reason(), why.message(), now);
  }

  private void tell(JobEvent event) {
    steps.add(new Decision.Tell(event));
  }

  private void wakeAt(@Nullable Instant when) {
    if (when != null && (wake == null || when.isBefore(wake))) {
      wake = when;
    }
  }
}
