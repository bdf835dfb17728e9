package dev.piecework.job.run;

import dev.piecework.job.policy.Decision;
import dev.piecework.job.policy.JobEvent;
import dev.piecework.job.policy.JobPolicy;
import dev.piecework.job.policy.JobRules;
import dev.piecework.job.policy.JobState;
import dev.piecework.job.policy.Pod;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A Job while it runs: asks the rules, and carries out what they say. For one thread; whoever owns
 * it calls {@link #advance} after each change and at {@link #wake}.
 */
public final class JobLoop {
  // As Kubernetes: no vowels, and nothing that looks like another.
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int LONGEST_PREFIX = 58;

  private final String name;
  private final PodPlan plan;
  private final Containers containers;
  private final JobListener listener;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, PodLife> pods = new LinkedHashMap<>();
  private final Map<Integer, PodLife> lastFailedOfIndex = new LinkedHashMap<>();
  private final List<JobEvent> events = new ArrayList<>();

  private JobRules rules;
  private JobState state = JobState.NEW;
  private @Nullable Instant wake;
  private int created;
  private boolean stopping;

  /** What a loop works with. */
  public record Surroundings(
      Containers containers, JobListener listener, InstantSource clock, RandomGenerator random) {}

  public JobLoop(String name, JobRules rules, PodPlan plan, Surroundings surroundings) {
    this.name = name;
    this.rules = rules;
    this.plan = plan;
    containers = surroundings.containers();
    listener = surroundings.listener();
    clock = surroundings.clock();
    random = surroundings.random();
  }

  /** Does all that is due now. */
  public void advance() {
    Instant now = clock.instant();
    boolean again = true;
    while (again) {
      again = false;
      for (PodLife pod : List.copyOf(pods.values())) {
        if (pod.advance(now)) {
          listener.over(pod.view());
        }
      }
      if (stopping) {
        wake = null;
        state = state.stopped(rules, views());
        return;
      }
      Decision decision = JobPolicy.decide(rules, state, views(), now);
      state = decision.state();
      wake = decision.wake();
      for (Decision.Step step : decision.steps()) {
        again = true;
        carryOut(step, now);
      }
      for (String counted : decision.counted()) {
        again = true;
        PodLife pod = pods.get(counted);
        if (pod != null) {
          pod.count();
        }
      }
      forgetWhatIsOver();
    }
  }

  /** A container that was begun has ended. */
  public void exited(String pod, int container, int code) {
    PodLife life = pods.get(pod);
    if (life != null) {
      life.exited(container, code, clock.instant());
    }
  }

  /** Changes what may be changed while the Job runs. */
  public void change(UnaryOperator<JobRules> change) {
    rules = change.apply(rules);
  }

  /** Tells a pod to end, as {@code kubectl delete pod} or, a disruption, an eviction does. */
  public void delete(String pod, boolean disruption) {
    PodLife life = pods.get(pod);
    if (life != null) {
      life.delete(clock.instant(), disruption);
    }
  }

  /** Tells every pod to end, and begins none; the Job is left as it is. */
  public void stop() {
    stopping = true;
    pods.keySet().forEach(pod -> delete(pod, false));
  }

  /** SIGKILL to every pod that is left. */
  public void hurry() {
    pods.values().forEach(PodLife::hurry);
  }

  /** When to call {@link #advance} although nothing happens, or null for never. */
  public @Nullable Instant wake() {
    Instant first = wake;
    for (PodLife pod : pods.values()) {
      Instant next = pod.wake();
      if (next != null && (first == null || next.isBefore(first))) {
        first = next;
      }
    }
    return first;
  }

  /** Whether no process of any pod runs. */
  public boolean isQuiet() {
    return pods.values().stream().allMatch(PodLife::isOver);
  }

  public JobState state() {
    return state;
  }

  public JobRules rules() {
    return rules;
  }

  /** All so far, in order. */
  public List<JobEvent> events() {
    return List.copyOf(events);
  }

  /** How many pods there have been. */
  public int created() {
    return created;
  }

  /** The pods that are not over, or not counted yet. */
  public List<Pod> pods() {
    return pods.values().stream().map(PodLife::view).toList();
  }

  private List<Pod> views() {
    List<Pod> all = new ArrayList<>();
    lastFailedOfIndex.values().forEach(pod -> all.add(pod.view()));
    pods.values().forEach(pod -> all.add(pod.view()));
    return all;
  }

  private void carryOut(Decision.Step step, Instant now) {
    switch (step) {
      case Decision.Create create -> create(create, now);
      case Decision.Delete delete -> {
        delete(delete.pod(), false);
        tell(new JobEvent(now, false, "SuccessfulDelete", "Deleted pod: " + delete.pod()));
      }
      case Decision.Tell tell -> tell(tell.event());
    }
  }

  private void create(Decision.Create create, Instant now) {
    String pod = nameFor(create.index());
    Containers.Created identity =
        new Containers.Created(pod, uid(random), create.index(), create.failures());
    tell(new JobEvent(now, false, "SuccessfulCreate", "Created pod: " + pod));
    containers.prepare(identity);
    pods.put(pod, new PodLife(identity, plan, containers, now));
    created++;
  }

  private String nameFor(int index) {
    String prefix = index < 0 ? name : name + "-" + index;
    String kept = prefix.substring(0, Math.min(prefix.length(), LONGEST_PREFIX - 1));
    StringBuilder pod = new StringBuilder();
    do {
      pod.setLength(0);
      pod.append(kept).append('-');
      for (int i = 0; i < 5; i++) {
        pod.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
    } while (pods.containsKey(pod.toString()));
    return pod.toString();
  }

  /** A random UUID, of this source of randomness. */
  static String uid(RandomGenerator random) {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
    return new UUID(high, low).toString();
  }

  /** What is over and counted matters no more, but for the back-off of its index. */
  private void forgetWhatIsOver() {
    pods.values()
        .removeIf(pod -> {
          if (!pod.isOver() || !pod.isCounted()) {
            return false;
          }
          Pod view = pod.view();
          if (rules.backoffLimitPerIndex() != null && view.phase() == Pod.Phase.FAILED) {
            lastFailedOfIndex.put(view.index(), pod);
          }
          return true;
        });
  }

  private void tell(JobEvent event) {
    events.add(event);
    listener.event(event);
  }
}
