package dev.piecework.worker.process;

import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import dev.piecework.worker.internal.child.ChildSlot;
import dev.piecework.worker.internal.spawn.SharedRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Starts the command once per slot and sends it items as lines of JSON ({@code id}, {@code
 * attempt}, {@code payload} or {@code payloadBase64}); it answers each with a line ({@code id}, and
 * {@code result}, {@code error} or {@code bury}; {@code resultBase64} for bytes), in any order.
 *
 * <p>One whose oldest item is dropped is ended, and what it was sent beside is given back. If it
 * dies, or does not answer in time, the item that it was on is charged: of those unanswered the one
 * that was sent first, since a child that takes one item at a time takes them in this order, and of
 * one that takes several no better guess is there: each death charges one item, and the rest is
 * given back, so the item at fault is alone at last. The time of an item runs from when it became
 * the oldest; that of a child's first has the child's start in it. A child that dies without having
 * read anything charges nobody; it is started again with growing pauses, and the fifth such death
 * in a row pauses the queue.
 */
public final class ChildLoop implements SlotLoop {
  /** How many items are sent ahead unless asked otherwise. */
  public static final int DEFAULT_WINDOW = 64;

  private final CommandConfig config;
  private final int window;
  private final SharedRuntime runtime = new SharedRuntime();
  private final ChildSlot.SaidOnce said = new ChildSlot.SaidOnce();

  /**
   * @param config its command has no places for items, and is not asked to take them on stdin
   * @param window how many unanswered items a child may have, 1 to 1,000
   */
  public ChildLoop(CommandConfig config, int window) {
    if (window < 1 || window > 1000) {
      throw new IllegalArgumentException("window: " + window + " is not in 1..1000");
    }
    if (config.command().hasPlaces()) {
      throw new IllegalArgumentException(
          "command: a child gets its items as lines on standard input, {} has no meaning in '"
              + config.command()
              + "'");
    }
    this.config = config;
    this.window = window;
  }

  @Override
  public void run(int slot, Supply supply) throws InterruptedException {
    try (ChildSlot childSlot = new ChildSlot(runtime, config, window, said, supply)) {
      childSlot.run(slot + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("children cannot be run here: " + e.getMessage(), e);
    }
  }
}
