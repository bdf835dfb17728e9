package dev.piecework.job.policy;

/** parallelism and completions: how many pods there should be. */
final class Parallelism {
  private Parallelism() {}

  /**
   * With completions unset, a success means that there is nothing left to do: what runs goes on,
   * and nothing is begun, whatever the parallelism.
   */
  static int wanted(JobRules rules, int active, int succeeded) {
    if (rules.suspend()) {
      return 0;
    }
    Integer completions = rules.completions();
    if (completions == null) {
      return succeeded > 0 ? active : rules.parallelism();
    }
    return Math.max(0, Math.min(completions - succeeded, rules.parallelism()));
  }

  /** Whether the Job has succeeded, by its pods alone. */
  static boolean isComplete(JobRules rules, int active, int succeeded) {
    Integer completions = rules.completions();
    return active == 0 && (completions == null ? succeeded > 0 : succeeded >= completions);
  }
}
