package dev.piecework.cli.kube;

import dev.piecework.QueueConfig;
import dev.piecework.SessionOptions;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.kubernetes.cluster.WorkloadView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which bag of work the pods of a Job are on, by what is written on the Job.
 *
 * @param queue null when nothing says so
 * @param run null for whichever there is
 * @param expect how many items it must come to hold; null when nobody said
 */
record KubeBag(@Nullable String queue, @Nullable String run, @Nullable Long expect) {

  static final String QUEUE = "piecework.dev/queue";
  static final String RUN = "piecework.dev/run";
  static final String EXPECT = "piecework.dev/expect";

  static KubeBag of(WorkloadView view) {
    List<String> words = view.worker().arguments();
    String queue = view.annotations().get(QUEUE);
    if (queue == null && words.size() > 1 && words.getFirst().equals("work")) {
      queue = words.get(1);
    }
    String run = view.annotations().get(RUN);
    String expect = view.annotations().get(EXPECT);
    return new KubeBag(
        queue,
        run == null ? after(words, "--run") : run,
        number(expect == null ? after(words, "--expect") : expect));
  }

  /** Whom it concerns works for this run, of so many items. */
  SessionOptions options() {
    SessionOptions options = SessionOptions.DEFAULTS.withExpect(expect == null ? 0 : expect);
    return run == null || run.isEmpty() ? options : options.withRun(run);
  }

  /** With the queue that a person names, when one does. */
  KubeBag onQueue(@Nullable String named, String job) {
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
    return new KubeBag(chosen, run, expect);
  }

  /** The value of an option, unless it belongs to the command. */
  private static @Nullable String after(List<String> words, String option) {
    int end = words.contains("--") ? words.indexOf("--") : words.size();
    int at = words.subList(0, end).indexOf(option);
    return at < 0 || at + 1 >= end ? null : words.get(at + 1);
  }

  private static @Nullable Long number(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException notOurs) {
      return null;
    }
  }
}
