package dev.piecework.cli.backend;

import dev.piecework.QueueState;
import dev.piecework.cli.backend.WorkersView.End;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What workers and their queue together mean. Pure.
 *
 * @param everything whether all that will ever be committed is
 */
record WorkersEnd(ExitCode code, String sentence, boolean everything) {

  /** How often both are looked at before one of them is believed against the other. */
  static final int LOOKS = 4;

  /**
   * @param says what a state of the queue means, in words
   * @param view null when there are no such workers any more
   * @param state null when it could not be asked for lately
   * @param filled whether all that is to be filled here is
   * @param looksSinceOver how often the workers were seen to be over, or gone
   * @return null while it is not the end
   */
  static @Nullable WorkersEnd of(
      Function<QueueState, String> says,
      @Nullable WorkersView view,
      @Nullable QueueState state,
      boolean filled,
      int looksSinceOver) {
    if (state instanceof QueueState.Lost || (state instanceof QueueState.Incomplete && filled)) {
      return new WorkersEnd(ExitCode.RUN_LOST, says.apply(state), true);
    }
    if (state instanceof QueueState.Paused paused && paused.isStoppedEarly()) {
      return new WorkersEnd(ExitCode.PAUSED, says.apply(state), false);
    }
    boolean settled = looksSinceOver >= LOOKS;
    if (view == null) {
      if (state instanceof QueueState.Drained drained) {
        return drained(says, drained, "");
      }
      return settled
          ? new WorkersEnd(
              ExitCode.JOB_FAILED, "the Job is gone: somebody deleted it; " + rest(state), false)
          : null;
    }
    return switch (view.end()) {
      case End.NotYet _ ->
          // A stream has no end of its own; what was filled is done.
          !view.ends() && filled && state instanceof QueueState.Drained drained
              ? drained(says, drained, "")
              : null;
      case End.Complete _ -> {
        if (state instanceof QueueState.Drained drained) {
          yield drained(says, drained, "");
        }
        yield settled
            ? new WorkersEnd(
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
              ? drained(says, drained, "; " + why)
              : new WorkersEnd(ExitCode.JOB_FAILED, says.apply(drained) + "; but " + why, true);
        }
        yield settled ? new WorkersEnd(ExitCode.JOB_FAILED, why + "; " + rest(state), false) : null;
      }
    };
  }

  private static WorkersEnd drained(
      Function<QueueState, String> says, QueueState.Drained drained, String addition) {
    return new WorkersEnd(
        ExitCode.drained(drained.dead(), true), says.apply(drained) + addition, true);
  }

  private static String rest(@Nullable QueueState state) {
    return state == null
        ? "its queue could not be asked"
        : "its queue: " + Ends.sentence("", state);
  }
}
