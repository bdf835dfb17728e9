package dev.piecework.cli.results;

import dev.piecework.WorkQueue;
import java.io.IOException;
import java.util.function.Consumer;

/** Takes results out of a queue, and gives them to a sink. */
public interface Pump {

  /** Takes some of what is there now, and says how many. */
  int take() throws IOException;

  /** Takes the rest: no more will be committed. */
  void takeAll() throws IOException;

  /** No more will be taken by this process, though more may be committed. */
  void leave();

  /**
   * Takes the results of all of a queue's partitions, in the order of commits in each.
   *
   * @param forget whether Redis may forget what the sink has made safe
   * @param notices gets what a person should know
   */
  static Pump of(WorkQueue queue, ResultSink sink, boolean forget, Consumer<String> notices) {
    return queue.admin().partitions().size() == 1
        ? new ResultsPump(queue, sink, 0, forget, notices)
        : new PartitionedResults(queue, sink, forget, notices);
  }
}
