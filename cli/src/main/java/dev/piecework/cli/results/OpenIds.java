package dev.piecework.cli.results;

import dev.piecework.ItemState;
import dev.piecework.WorkQueue;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** For results in order that are continued: where the order goes on. */
public final class OpenIds {

  private OpenIds() {}

  /** The lowest id that has been given and whose result was not taken yet, or the next one. */
  public static long lowest(WorkQueue queue) {
    LongStream stored = queue.results().map(result -> result.id()).mapToLong(OpenIds::number);
    OptionalLong lowest =
        LongStream.concat(
                stored,
                LongStream.concat(open(queue, ItemState.LEASED), open(queue, ItemState.DELAYED)))
            .min();
    OptionalLong returned = open(queue, ItemState.WAITING).min();
    var counts = queue.admin().status().counts();
    long next = 1 + counts.done() + counts.dead() + counts.leased() + counts.delayed();
    return Math.min(next, Math.min(lowest.orElse(next), returned.orElse(next)));
  }

  private static LongStream open(WorkQueue queue, ItemState state) {
    return queue
        .admin()
        .items(state)
        .takeWhile(item -> item.id() != null)
        .mapToLong(item -> number(String.valueOf(item.id())));
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException given) {
      return Long.MAX_VALUE;
    }
  }
}
