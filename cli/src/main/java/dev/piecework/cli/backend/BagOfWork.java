package dev.piecework.cli.backend;

import dev.piecework.QueueConfig;
import dev.piecework.SessionOptions;
import dev.piecework.cli.verb.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Which bag of work some workers are on.
 *
 * @param queue null when nothing says so
 * @param run null for whichever there is
 * @param expect how many items it must come to hold; null when nobody said
 */
public record BagOfWork(@Nullable String queue, @Nullable String run, @Nullable Long expect) {

  /** Whom it concerns works for this run, of so many items. */
  public SessionOptions options() {
    SessionOptions options = SessionOptions.DEFAULTS.withExpect(expect == null ? 0 : expect);
    return run == null || run.isEmpty() ? options : options.withRun(run);
  }

  /** With the queue that a person names, when one does. */
  public BagOfWork onQueue(@Nullable String named, String job) {
    String chosen = named == null ? queue : named;
    if (chosen == null) {
      throw Refusal.usage(
          "nothing on Job '" + job + "' says which queue it is for; name it with -q QUEUE");
    }
    try {
      QueueConfig _ = QueueConfig.of("redis://localhost", chosen);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
    return new BagOfWork(chosen, run, expect);
  }
}
