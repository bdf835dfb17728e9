package dev.piecework.bag;

import dev.piecework.Keep;
import dev.piecework.QueueState;
import dev.piecework.Result;
import dev.piecework.ResultLog;
import dev.piecework.RunLostException;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The stored results page by page, from the first one to the end of the run. */
final class ResultPages extends AbstractSpliterator<Result> {

  private static final int PAGE = 500;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final WorkQueue queue;
  private final List<ResultLog> logs;
  private final long[] positions;
  private final Deque<Result> page = new ArrayDeque<>();
  private volatile boolean closed;

  private ResultPages(WorkQueue queue) {
    super(Long.MAX_VALUE, ORDERED | NONNULL | DISTINCT);
    this.queue = queue;
    this.logs = queue.admin().resultLogs();
    this.positions = new long[logs.size()];
  }

  static Stream<Result> stream(WorkQueue queue) {
    requireResults(queue);
    ResultPages pages = new ResultPages(queue);
    return StreamSupport.stream(pages, false).onClose(() -> pages.closed = true);
  }

  static void requireResults(WorkQueue queue) {
    if (queue.settings().keep() == Keep.COUNTS) {
      throw new IllegalStateException(
          "queue '"
              + queue.name()
              + "' keeps no results: create it with keep=results, or piecework set "
              + queue.name()
              + " keep=results");
    }
  }

  @Override
  public boolean tryAdvance(Consumer<? super Result> action) {
    while (page.isEmpty()) {
      // Asked before the page is read: what was committed until then is in it.
      QueueState state = closed ? new QueueState.NeverFilled() : queue.state();
      if (closed || (!read() && isOver(state))) {
        return false;
      }
    }
    action.accept(page.removeFirst());
    return true;
  }

  private boolean read() {
    for (int i = 0; i < logs.size(); i++) {
      List<Result> more = logs.get(i).after(positions[i], PAGE);
      if (!more.isEmpty()) {
        positions[i] = more.getLast().sequence();
        page.addAll(more);
        return true;
      }
    }
    return false;
  }

  private boolean isOver(QueueState state) {
    if (state instanceof QueueState.Lost lost) {
      throw new RunLostException(lost.why());
    }
    if (state.isEnd()) {
      return true;
    }
    try {
      var unused = queue.awaitEnd(LOOK_AGAIN);
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
