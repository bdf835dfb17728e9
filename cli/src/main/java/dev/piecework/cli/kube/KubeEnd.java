package dev.piecework.cli.kube;

import dev.piecework.QueueState;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.kubernetes.cluster.WorkloadView;
import dev.piecework.kubernetes.cluster.WorkloadView.End;
import org.jspecify.annotations.Nullable;

/**
 * What a Job and its queue together mean. Pure.
 *
 * @param everything whether all that will ever be committed is
 */
record KubeEnd(ExitCode code, String sentence, boolean everything) {

  /** How often both are looked at before one of them is believed against the other. */
  static final int LOOKS = 4;

  /**
   * @param view null when there is no such Job any more
   * @param state null when it could not be asked for lately
   * @param filled whether all that is to be filled here is
   * @param looksSinceOver how often the Job was seen to be over, or gone
   * @return null while it is not the end
   */
  static @Nullable KubeEnd of(
      String queue,
      @Nullable WorkloadView view,
      @Nullable QueueState state,
      boolean filled,
      int looksSinceOver) {
    if (state instanceof QueueState.Lost || (state instanceof QueueState.Incomplete && filled)) {
      return new KubeEnd(ExitCode.RUN_LOST, Ends.sentence(queue, state), true);
    }
    boolean settled = looksSinceOver >= LOOKS;
    if (view == null) {
      if (state instanceof QueueState.Drained drained) {
        return drained(queue, drained, "");
      }
      return settled
          ? new KubeEnd(
              ExitCode.JOB_FAILED, "the Job is gone: somebody deleted it; " + rest(state), false)
          : null;
    }
    return switch (view.end()) {
      case End.NotYet _ ->
          // A stream has no end of its own; what was filled is done.
          !view.isJob() && filled && state instanceof QueueState.Drained drained
              ? drained(queue, drained, "")
              : null;
      case End.Complete _ -> {
        if (state instanceof QueueState.Drained drained) {
          yield drained(queue, drained, "");
        }
        yield settled
            ? new KubeEnd(
                ExitCode.RUN_LOST,
                "the Job is Complete, but its queue is not drained: " + rest(state),
                false)
            : null;
      }
      case End.Failed(var reason, var message) -> {
        String why =
            "the Job failed: "
                + reason
                + (message.isEmpty() ? "" : ": " + Printable.line(message, 200));
        if (state instanceof QueueState.Drained drained) {
          yield drained.dead() > 0
              ? drained(queue, drained, "; " + why)
              : new KubeEnd(
                  ExitCode.JOB_FAILED, Ends.sentence(queue, drained) + "; but " + why, true);
        }
        yield settled ? new KubeEnd(ExitCode.JOB_FAILED, why + "; " + rest(state), false) : null;
      }
    };
  }

  private static KubeEnd drained(String queue, QueueState.Drained drained, String addition) {
    return new KubeEnd(
        ExitCode.drained(drained.dead(), true), Ends.sentence(queue, drained) + addition, true);
  }

  private static String rest(@Nullable QueueState state) {
    return state == null
        ? "its queue could not be asked"
        : "its queue: " + Ends.sentence("", state);
  }
}
