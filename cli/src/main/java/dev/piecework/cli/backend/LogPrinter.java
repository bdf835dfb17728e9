package dev.piecework.cli.backend;

import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Terminal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Prints what workers print, each line with the name of its worker. */
public final class LogPrinter {

  private static final long PAUSE_MILLIS = 1_000;

  private LogPrinter() {}

  /**
   * Prints.
   *
   * @param follow go on until the workers are over
   */
  public static void print(Terminal terminal, Backend backend, boolean follow)
      throws InterruptedException {
    try (WorkerLogs logs =
        backend.logs((worker, line) -> {
          String text = worker + ": " + line;
          terminal.print(terminal.outIsTerminal() ? Printable.line(text, 4_000) : text);
          terminal.flush();
        })) {
      if (!follow) {
        logs.printOnce();
        return;
      }
      CountDownLatch never = new CountDownLatch(1);
      int looksSinceOver = 0;
      while (looksSinceOver < 2 || logs.isReading()) {
        logs.follow();
        boolean over = backend.view().map(WorkersView::isOver).orElse(true);
        looksSinceOver += over ? 1 : 0;
        if (never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    }
  }
}
