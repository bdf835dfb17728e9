package dev.piecework.job.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Job's spec says about when pods are begun, replaced and ended, with the API server's
 * defaults filled in.
 *
 * @param completions null when unset: the Job is done when a pod has succeeded and none runs
 * @param backoffLimitPerIndex null when failures count for the Job as a whole
 * @param onlyReplaceFailed podReplacementPolicy {@code Failed}: no replacement beside a pod that is
 *     still ending
 * @param restartOnFailure restartPolicy {@code OnFailure} rather than {@code Never}
 * @param failurePolicy empty when the spec has no podFailurePolicy
 * @param successPolicy empty when the spec has no successPolicy
 */
public record JobRules(
    String namespace,
    int parallelism,
    @Nullable Integer completions,
    boolean indexed,
    int backoffLimit,
    @Nullable Integer backoffLimitPerIndex,
    @Nullable Integer maxFailedIndexes,
    @Nullable Long activeDeadlineSeconds,
    @Nullable Integer ttlSecondsAfterFinished,
    boolean suspend,
    boolean onlyReplaceFailed,
    boolean restartOnFailure,
    List<FailureRule> failurePolicy,
    List<SuccessRule> successPolicy) {

  public JobRules {
    failurePolicy = List.copyOf(failurePolicy);
    successPolicy = List.copyOf(successPolicy);
  }

  /** The same with another parallelism, which may be changed while the Job runs. */
  public JobRules withParallelism(int changed) {
    return with(changed, suspend);
  }

  /** The same, suspended or not, which may be changed while the Job runs. */
  public JobRules withSuspend(boolean changed) {
    return with(parallelism, changed);
  }

  private JobRules with(int newParallelism, boolean newSuspend) {
    return new JobRules(
        namespace,
        newParallelism,
        completions,
        indexed,
        backoffLimit,
        backoffLimitPerIndex,
        maxFailedIndexes,
        activeDeadlineSeconds,
        ttlSecondsAfterFinished,
        newSuspend,
        onlyReplaceFailed,
        restartOnFailure,
        failurePolicy,
        successPolicy);
  }
}
