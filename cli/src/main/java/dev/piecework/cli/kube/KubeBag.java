package dev.piecework.cli.kube;

import dev.piecework.cli.backend.BagOfWork;
import dev.piecework.kubernetes.cluster.WorkloadView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which bag of work the pods of a Job are on, by what is written on the Job. */
final class KubeBag {

  static final String QUEUE = "piecework.dev/queue";
  static final String RUN = "piecework.dev/run";
  static final String EXPECT = "piecework.dev/expect";

  private KubeBag() {}

  static BagOfWork of(WorkloadView view) {
    List<String> words = view.worker().arguments();
    String queue = view.annotations().get(QUEUE);
    if (queue == null && words.size() > 1 && words.getFirst().equals("work")) {
      queue = words.get(1);
    }
    String run = view.annotations().get(RUN);
    String expect = view.annotations().get(EXPECT);
    return new BagOfWork(
        queue,
        run == null ? after(words, "--run") : run,
        number(expect == null ? after(words, "--expect") : expect));
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
