package dev.piecework.job.policy;

import java.util.List;
import java.util.Optional;

/** podFailurePolicy: the first rule that matches a failed pod decides what its failure means. */
final class FailurePolicy {
  private FailurePolicy() {}

  /**
   * What a rule says of a pod.
   *
   * @param message of the Job's condition, when the action is to fail it
   */
  record Match(FailureRule.Action action, String message) {}

  static Optional<Match> match(JobRules rules, Pod pod) {
    for (int i = 0; i < rules.failurePolicy().size(); i++) {
      FailureRule rule = rules.failurePolicy().get(i);
      String pathOfPod = rules.namespace() + "/" + pod.name();
      Optional<String> why =
          switch (rule) {
            case FailureRule.OnExitCodes codes ->
                pod.exits().stream()
                    .filter(exit -> matches(codes, exit))
                    .findFirst()
                    .map(exit ->
                        "Container %s for pod %s failed with exit code %d"
                            .formatted(exit.container(), pathOfPod, exit.code()));
            case FailureRule.OnPodConditions conditions ->
                pod.disrupted() && conditions.types().contains("DisruptionTarget")
                    ? Optional.of("Pod " + pathOfPod + " has condition DisruptionTarget")
                    : Optional.empty();
          };
      if (why.isPresent()) {
        String rest = " matching " + rule.action() + " rule at index " + i;
        return Optional.of(new Match(rule.action(), why.get() + rest));
      }
    }
    return Optional.empty();
  }

  private static boolean matches(FailureRule.OnExitCodes rule, Pod.Exit exit) {
    String container = rule.container();
    return exit.code() != 0
        && (container == null || container.equals(exit.container()))
        && rule.values().contains(exit.code()) == rule.in();
  }

  /** Whether the failure counts against backoffLimit. */
  static boolean counts(JobRules rules, Pod failed) {
    return !does(rules, failed, FailureRule.Action.Ignore);
  }

  static boolean failsIndex(JobRules rules, Pod failed) {
    return does(rules, failed, FailureRule.Action.FailIndex);
  }

  private static boolean does(JobRules rules, Pod failed, FailureRule.Action action) {
    return match(rules, failed).filter(m -> m.action() == action).isPresent();
  }

  /** The message of the first pod that fails the whole Job. */
  static Optional<String> failJob(JobRules rules, List<Pod> failed) {
    return failed.stream()
        .flatMap(pod -> match(rules, pod).stream())
        .filter(match -> match.action() == FailureRule.Action.FailJob)
        .map(Match::message)
        .findFirst();
  }
}
