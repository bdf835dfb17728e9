package dev.piecework.cli.results;

import dev.piecework.ItemView;
import dev.piecework.QueueState;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import java.util.function.Consumer;

/**
 * Raises {@code results-max} where results in order would wait for ever: what came before its turn
 * stays in Redis, and at the bound nobody leases the item whose turn it is.
 *
 * <p>Items that came back are leased first, so that as a rule a little is enough. Redis holds the
 * results because nothing else keeps them for a {@code --resume} on whatever machine.
 */
final class RoomForOrder {

  /** Such a part of the bound is added each time. */
  private static final long PART = 4;

  private final WorkQueue queue;
  private final Consumer<String> notices;
  private long before;

  RoomForOrder(WorkQueue queue, Consumer<String> notices) {
    this.queue = queue;
    this.notices = notices;
  }

  /**
   * @param awaited whose turn it is
   */
  void makeFor(ItemView awaited) {
    if (!canBeLeased(awaited) || !(queue.state() instanceof QueueState.ResultsFull full)) {
      return;
    }
    long more = Math.max(full.bytes(), full.max()) + Math.max(1, full.max() / PART);
    if (before == 0) {
      before = full.max();
      notices.accept(
          "results that wait for the turn of item "
              + awaited.id()
              + " have reached results-max ("
              + Figures.bytes(before)
              + "), at which nothing would be done any more: it is raised while they wait");
    }
    queue.admin().set("results-max", Long.toString(more));
  }

  /** As long as it runs or is not due, nothing has to be done for it. */
  private static boolean canBeLeased(ItemView item) {
    return switch (item.state()) {
      case WAITING -> true;
      case DELAYED -> item.age() == null || !item.age().isNegative();
      case LEASED, DEAD, DONE -> false;
    };
  }

  /** The bound is again what it was. */
  void giveUp() {
    if (before > 0) {
      queue.admin().set("results-max", Long.toString(before));
      before = 0;
    }
  }
}
