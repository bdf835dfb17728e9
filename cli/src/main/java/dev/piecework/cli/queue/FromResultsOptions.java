package dev.piecework.cli.queue;

import dev.piecework.cli.input.InputOptions;
import dev.piecework.cli.input.LineRules;
import dev.piecework.cli.input.RecordReader;
import dev.piecework.cli.verb.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Another queue whose results become items. */
public final class FromResultsOptions {

  @Option(
      names = "--from-results",
      paramLabel = "OTHER",
      description =
          "Make an item of each result of the queue OTHER, each once however often it is called: a"
              + " later call takes what has come since. A newline at the end is taken off.")
  @Nullable String queue;

  @Option(
      names = "--follow",
      description =
          "With --from-results: go on until OTHER is drained; with --from amqp://: until Ctrl-C."
              + " Default: what is there now.")
  boolean follow;

  /**
   * Says what does not go together.
   *
   * @param messages whether RabbitMQ gives the items, which may be followed too
   * @param other what else gives items or names a source, as it was given, or null
   */
  void check(String into, boolean messages, @Nullable String other, InputOptions input) {
    if (queue == null) {
      if (follow && !messages) {
        throw Refusal.usage("--follow goes with --from-results and --from amqp://HOST/VHOST/QUEUE");
      }
      return;
    }
    if (queue.equals(into)) {
      throw Refusal.usage(
          "--from-results " + into + ": a queue is not filled from its own results");
    }
    LineRules lines = input.records().lines();
    boolean plain =
        input.format == RecordReader.Format.LINES
            && !input.unique
            && !lines.isPart()
            && input.records().order().isOfInput();
    if (other != null || !plain) {
      throw Refusal.usage(
          "--from-results gives the items, all of them in their order: leave out "
              + (other != null
                  ? other
                  : "--format, --unique, --skip, --limit, --shuffle and --size"));
    }
  }
}
