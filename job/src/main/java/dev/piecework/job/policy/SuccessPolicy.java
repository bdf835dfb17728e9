package dev.piecework.job.policy;

import java.util.Optional;

/** successPolicy: the Job has succeeded when the indexes of one of its rules have. */
final class SuccessPolicy {
  private SuccessPolicy() {}

  /** The message of the first rule that is met. */
  static Optional<String> met(JobRules rules, Indexes succeeded) {
    for (int i = 0; i < rules.successPolicy().size(); i++) {
      if (isMet(rules.successPolicy().get(i), succeeded)) {
        return Optional.of("Matched rules at index " + i);
      }
    }
    return Optional.empty();
  }

  private static boolean isMet(SuccessRule rule, Indexes succeeded) {
    Indexes wanted = rule.indexes();
    Integer count = rule.count();
    if (count == null) {
      return wanted != null && succeeded.containsAll(wanted);
    }
    return (wanted == null ? succeeded : succeeded.and(wanted)).size() >= count;
  }
}
