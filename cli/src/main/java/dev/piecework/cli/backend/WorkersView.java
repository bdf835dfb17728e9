package dev.piecework.cli.backend;

import org.jspecify.annotations.Nullable;

/**
 * The workers of one name, as they were when the place was asked.
 *
 * @param kind what people call them there, such as Job or Deployment
 * @param ends whether they end when their queue is drained; those of a stream do not
 * @param wish how many there are to be
 * @param succeeded how many have ended well
 */
public record WorkersView(
    String kind, String name, boolean ends, Wish wish, int succeeded, End end) {

  /**
   * @param completions how many are to end well in all; null where that is unset
   * @param parallelism how many run at once
   * @param suspended whether none is to run for now
   */
  public record Wish(@Nullable Integer completions, int parallelism, boolean suspended) {}

  /** Whether they are over. */
  public sealed interface End {
    /** Not yet. */
    record NotYet() implements End {}

    /** As many ended well as should. */
    record Complete() implements End {}

    /** The place gave up. */
    record Failed(String reason, String message) implements End {}
  }

  public boolean isOver() {
    return !(end instanceof End.NotYet);
  }
}
