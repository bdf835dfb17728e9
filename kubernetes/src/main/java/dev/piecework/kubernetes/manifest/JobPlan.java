package dev.piecework.kubernetes.manifest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many workers, by which rules, and for how long.
 *
 * @param parallelism how many pods; at least 1
 * @param suspended whether the Job is to wait until somebody resumes it
 * @param deadFails whether the workers exit 1 when items are dead, and that fails the Job
 * @param backoffLimit failures that end the Job; null for 10 per pod
 * @param ttl how long an ended Job is kept; null for ever
 * @param activeDeadline how long the whole may take; null for ever
 * @param kueueQueue the Kueue LocalQueue that admits it; null without Kueue
 * @param keda how a Deployment is scaled; null when it is not
 */
public record JobPlan(
    Shape shape,
    int parallelism,
    boolean suspended,
    boolean deadFails,
    @Nullable Integer backoffLimit,
    @Nullable Duration ttl,
    @Nullable Duration activeDeadline,
    @Nullable String kueueQueue,
    @Nullable KedaPlan keda) {

  public JobPlan {
    if (parallelism < 1) {
      throw new IllegalArgumentException(parallelism + " pods: at least one is needed");
    }
    if (backoffLimit != null && backoffLimit < 0) {
      throw new IllegalArgumentException(
          "back-off limit " + backoffLimit + ": it cannot be less than 0");
    }
    wholeSeconds("ttl", ttl, 0);
    wholeSeconds("active-deadline", activeDeadline, 1);
    if (shape.isJob() && keda != null) {
      throw new IllegalArgumentException("KEDA scales the stream shape, not " + shape.word());
    }
    if (!shape.isJob() && (suspended || deadFails || ttl != null || activeDeadline != null)) {
      throw new IllegalArgumentException("the stream shape is no Job: it has no end and no pause");
    }
  }

  /** The pool of N workers, everything else as it comes. */
  public static JobPlan of(Shape shape, int parallelism) {
    return new JobPlan(shape, parallelism, false, false, null, null, null, null, null);
  }

  public JobPlan withSuspended(boolean wish) {
    return new JobPlan(
        shape, parallelism, wish, deadFails, backoffLimit, ttl, activeDeadline, kueueQueue, keda);
  }

  /** The limit as it is written down. */
  int failuresAllowed() {
    return backoffLimit != null
        ? backoffLimit
        : Math.toIntExact(Math.min(10L * parallelism, 1 << 30));
  }

  private static void wholeSeconds(String what, @Nullable Duration time, int least) {
    if (time != null && (time.toSeconds() < least || time.toSeconds() > Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          what + " " + time + ": Kubernetes counts in whole seconds, at least " + least);
    }
  }
}
