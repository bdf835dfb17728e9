package dev.piecework.job.policy;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rules look at of a pod.
 *
 * @param index -1 in a Job that is not indexed
 * @param readySince null when not all of its containers run
 * @param finished null before it has Succeeded or Failed
 * @param deleted when it was told to end, by whomever; null if it was not
 * @param disrupted whether it was told to by something that is nobody's fault, as a drained node
 * @param counted whether the Job's status says already what became of it
 * @param restarts of all its containers together
 * @param exits the containers that have ended, in the order of the spec, init containers last
 * @param indexFailures how many pods of its index had failed when it was begun
 */
public record Pod(
    String name,
    int index,
    Phase phase,
    Instant created,
    @Nullable Instant readySince,
    @Nullable Instant finished,
    @Nullable Instant deleted,
    boolean disrupted,
    boolean counted,
    int restarts,
    List<Exit> exits,
    IndexFailures indexFailures) {

  public Pod {
    exits = List.copyOf(exits);
  }

  /** As in a pod's status. */
  public enum Phase {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  /** A container that has ended. */
  public record Exit(String container, int code) {}

  /** Failures of an index so far: those that counted, and those that a podFailurePolicy ignored. */
  public record IndexFailures(int counted, int ignored) {
    public static final IndexFailures NONE = new IndexFailures(0, 0);

    int total() {
      return counted + ignored;
    }
  }

  boolean isOver() {
    return phase == Phase.SUCCEEDED || phase == Phase.FAILED;
  }

  boolean isActive() {
    return !isOver() && deleted == null;
  }

  boolean isTerminating() {
    return !isOver() && deleted != null;
  }

  /** When it ended; for one that is still ending, when it was told to. */
  Instant end() {
    if (finished != null) {
      return finished;
    }
    return deleted != null ? deleted : created;
  }
}
