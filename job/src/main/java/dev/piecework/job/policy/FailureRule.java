package dev.piecework.job.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One rule of a podFailurePolicy. */
public sealed interface FailureRule {
  /** What becomes of a pod that the rule matches. */
  Action action();

  /** As the manifest spells them. */
  enum Action {
    FailJob,
    FailIndex,
    Ignore,
    Count
  }

  /**
   * On the exit code of a container, which is never 0.
   *
   * @param container null for any
   * @param in whether the code is to be among the values, or not among them
   */
  record OnExitCodes(Action action, @Nullable String container, boolean in, Set<Integer> values)
      implements FailureRule {
    public OnExitCodes {
      values = Set.copyOf(values);
    }
  }

  /** On a condition of the pod, of which there is one here: {@code DisruptionTarget}. */
  record OnPodConditions(Action action, Set<String> types) implements FailureRule {
    public OnPodConditions {
      types = Set.copyOf(types);
    }
  }
}
