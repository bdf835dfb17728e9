package dev.piecework.cli.output;

import dev.piecework.PieceworkException;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.estimate.EndText;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Shows how far a queue is, until closed: a bar at the bottom of the terminal, four times a second;
 * where there is no terminal a line each ten seconds.
 */
public final class Progress implements AutoCloseable {

  private static final long REDRAW_MILLIS = 250;
  private static final long LINE_MILLIS = 10_000;

  /** The journal is larger by far than the status, and changes with heartbeats. */
  private static final long END_NANOS = 2_000_000_000L;

  private static final Duration LAST_LOOK = Duration.ofMillis(500);

  private final Terminal terminal;
  private final WorkQueue queue;
  private final BooleanSupplier filled;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final long start = System.nanoTime();
  private final BooleanSupplier silent;
  private final Thread thread;
  private String end = "";
  private long endRead;

  private Progress(
      Terminal terminal, WorkQueue queue, BooleanSupplier filled, BooleanSupplier silent) {
    this.terminal = terminal;
    this.queue = queue;
    this.filled = filled;
    this.silent = silent;
    this.thread = Thread.ofVirtual().name("progress").unstarted(this::showUntilClosed);
  }

  /**
   * @param filled whether the total will grow no more
   */
  public static Progress start(Terminal terminal, WorkQueue queue, BooleanSupplier filled) {
    return start(terminal, queue, filled, () -> false);
  }

  /**
   * @param silent while this is, a person is asked something and sees that alone
   */
  public static Progress start(
      Terminal terminal, WorkQueue queue, BooleanSupplier filled, BooleanSupplier silent) {
    Progress progress = new Progress(terminal, queue, filled, silent);
    progress.thread.start();
    return progress;
  }

  private void showUntilClosed() {
    try {
      while (!closed.await(
          terminal.errIsTerminal() ? REDRAW_MILLIS : LINE_MILLIS, TimeUnit.MILLISECONDS)) {
        show();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void show() {
    try {
      QueueStatus status = queue.admin().status();
      boolean all = filled.getAsBoolean();
      readEnd(status, all);
      long elapsed = (System.nanoTime() - start) / 1_000_000;
      if (closed.getCount() == 0 || silent.getAsBoolean()) {
        return;
      }
      ProgressText.End shown = new ProgressText.End(all, end);
      if (terminal.errIsTerminal()) {
        int width = terminal.width() - 1;
        terminal.bottomLine(
            terminal.errHasColour()
                ? ProgressText.colouredBar(status, shown, elapsed, width)
                : ProgressText.bar(status, shown, elapsed, width));
      } else {
        terminal.say(ProgressText.line(status, shown, elapsed));
      }
    } catch (PieceworkException away) {
      // Redis is away or the run is lost: whoever works says so, once.
      terminal.bottomLine("");
    }
  }

  // Of a run that grows nobody knows the end.
  private void readEnd(QueueStatus status, boolean all) {
    long now = System.nanoTime();
    if (all && (endRead == 0 || now - endRead >= END_NANOS)) {
      end = EndText.brief(status.end(queue.admin().journal()));
      endRead = now;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      // It may be asking a Redis that is away.
      boolean _ = thread.join(LAST_LOOK);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
    terminal.bottomLine("");
  }
}
