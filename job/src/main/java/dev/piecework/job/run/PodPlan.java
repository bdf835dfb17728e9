package dev.piecework.job.run;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pod is made of.
 *
 * @param containers in the order of the spec, those of initContainers first
 * @param restartOnFailure whether a container that fails is begun again in the same pod
 * @param grace from SIGTERM to SIGKILL
 * @param activeDeadline after which the pod is ended and has failed, or null for never
 */
public record PodPlan(
    List<Member> containers,
    boolean restartOnFailure,
    Duration grace,
    @Nullable Duration activeDeadline) {
  public PodPlan {
    containers = List.copyOf(containers);
  }

  /** A container's part in its pod. */
  public enum Part {
    /** Ends before the next begins. */
    INIT,
    /** Begins in its turn, and lives as long as the pod. */
    SIDECAR,
    /** Its end is the pod's end. */
    MAIN
  }

  /** A container of the pod. */
  public record Member(String name, Part part) {}
}
