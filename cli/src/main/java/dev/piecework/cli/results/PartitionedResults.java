package dev.piecework.cli.results;

import dev.piecework.Result;
import dev.piecework.ResultLog;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Takes the results of a queue out of each of its partitions. */
public final class PartitionedResults implements Pump {

  private static final Pattern COUNTED = Pattern.compile("\\d+-\\d+");

  private final List<ResultsPump> pumps = new ArrayList<>();

  PartitionedResults(WorkQueue queue, ResultSink sink, boolean forget, Consumer<String> notices) {
    for (WorkQueue partition : queue.admin().partitions()) {
      pumps.add(new ResultsPump(partition, sink, 0, forget, notices));
    }
  }

  @Override
  public int take() throws IOException {
    int taken = 0;
    for (ResultsPump pump : pumps) {
      taken += pump.take();
    }
    return taken;
  }

  @Override
  public void takeAll() throws IOException {
    for (ResultsPump pump : pumps) {
      pump.takeAll();
    }
  }

  @Override
  public void leave() {
    pumps.forEach(ResultsPump::leave);
  }

  /**
   * All that are stored, in the order of ids that the fill gave. The order of commits is lost with
   * that, so each result has its place among those of all partitions instead of its own sequence.
   */
  public static void inOrder(WorkQueue queue, ResultSink sink) throws IOException {
    List<ResultLog> logs = queue.admin().resultLogs();
    refuseCounted(queue, logs);
    InOrder order = new InOrder(sink, OpenIds.lowest(queue), place -> again(logs, place));
    List<WorkQueue> partitions = queue.admin().partitions();
    for (int i = 0; i < partitions.size(); i++) {
      int number = i;
      for (Result result : (Iterable<Result>) partitions.get(i).results()::iterator) {
        order.accept(placed(result, result.sequence() * logs.size() + number));
      }
    }
    order.passOnAll();
    order.settle();
  }

  private static void refuseCounted(WorkQueue queue, List<ResultLog> logs) {
    for (ResultLog log : logs) {
      for (Result first : log.after(0, 1)) {
        if (COUNTED.matcher(first.id()).matches()) {
          throw Refusal.usage(
              "--in-order needs ids that the fill gives (--id FIELD): queue '"
                  + queue.name()
                  + "' has "
                  + logs.size()
                  + " partitions, and each counts ids of its own, such as "
                  + first.id());
        }
      }
    }
  }

  private static Result again(List<ResultLog> logs, long place) {
    int number = (int) (place % logs.size());
    long sequence = place / logs.size();
    List<Result> found = logs.get(number).after(sequence - 1, 1);
    if (found.isEmpty() || found.getFirst().sequence() != sequence) {
      throw new IllegalStateException("result " + sequence + " is gone from Redis");
    }
    return placed(found.getFirst(), place);
  }

  private static Result placed(Result result, long place) {
    return new Result(
        place,
        result.id(),
        result.batch(),
        result.payload(),
        result.result(),
        result.attempt(),
        result.worker(),
        result.started(),
        result.took());
  }
}
