package dev.piecework.cli.queue;

import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.StatusScreen;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.TerminalDevice;
import dev.piecework.journal.Journal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Shows how a queue stands on the whole screen of the terminal, until it has come to its end or a
 * person leaves. One thread asks Redis, one reads keys, and this one draws: so that it obeys
 * although Redis is away. The screen is the terminal's second one; what was on it comes back.
 */
final class StatusWatch {

  /** What a thread tells the one that draws. */
  private enum News {
    READ,
    RESIZED,
    LEAVE
  }

  /** What there is to draw. */
  record Seen(QueueStatus status, Journal journal, String end) {}

  private static final long READ_MILLIS = 1_000;

  /** The journal is larger by far than the status, and changes with heartbeats. */
  private static final int JOURNAL_EACH = 3;

  /** From then on it is said that what is shown is old. */
  private static final Duration SILENT = Duration.ofSeconds(4);

  // The second screen, no cursor, and what is too long is cut off instead of going on below.
  private static final String ENTER = "\033[?1049h\033[?25l\033[?7l";
  private static final String LEAVE = "\033[?7h\033[?25h\033[?1049l";
  // Those who know it show all that is between the two at once; the others do not mind.
  private static final String TOGETHER = "\033[?2026h";
  private static final String SHOWN = "\033[?2026l";
  private static final String HOME = "\033[H";
  private static final String CLEAR_REST = "\033[K";
  private static final String CLEAR_BELOW = "\033[J";

  private final Terminal terminal;
  private final WorkQueue queue;
  private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Seen> seen = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile long readAt = System.nanoTime();

  private StatusWatch(Terminal terminal, WorkQueue queue) {
    this.terminal = terminal;
    this.queue = queue;
  }

  /**
   * Whether the terminal can do it; then it has been shown.
   *
   * @return the last that was seen of a queue that has come to its end
   */
  static Optional<Result> show(Terminal terminal, WorkQueue queue)
      throws IOException, InterruptedException {
    if (!terminal.outIsTerminal() || terminal.isDumb() || TerminalDevice.size().isEmpty()) {
      return Optional.empty();
    }
    Optional<TerminalDevice> device = TerminalDevice.takeKeys();
    if (device.isEmpty()) {
      return Optional.empty();
    }
    // A signal leaves the terminal as it was.
    StatusWatch watch = new StatusWatch(terminal, queue);
    Signals.onFirst(() -> watch.tell(News.LEAVE));
    try (TerminalDevice keys = device.get()) {
      return Optional.of(new Result(watch.untilTheEnd(keys)));
    }
  }

  /**
   * @param end null when a person has left before
   */
  record Result(@Nullable Seen end) {}

  private void tell(News what) {
    news.add(what);
  }

  private @Nullable Seen untilTheEnd(TerminalDevice keys) throws InterruptedException {
    Signals.onResize(() -> tell(News.RESIZED));
    Thread _ = Thread.ofVirtual().name("watch").start(this::read);
    Thread typed = Thread.ofPlatform().daemon().name("keys").start(() -> readKeys(keys));
    terminal.draw(ENTER);
    try {
      return draw();
    } finally {
      over.countDown();
      terminal.draw(LEAVE);
      boolean _ = typed.join(Duration.ofMillis(500));
    }
  }

  private @Nullable Seen draw() throws InterruptedException {
    TerminalDevice.Size size = size();
    while (true) {
      News what = news.poll(READ_MILLIS, TimeUnit.MILLISECONDS);
      if (what == News.LEAVE) {
        return null;
      }
      Throwable failed = failure.get();
      if (failed instanceof RuntimeException unchecked) {
        throw unchecked;
      } else if (failed instanceof Error error) {
        throw error;
      }
      if (what == News.RESIZED) {
        size = size();
      }
      Seen now = seen.get();
      Duration silent = Duration.ofNanos(System.nanoTime() - readAt);
      boolean old = silent.compareTo(SILENT) > 0;
      if (now != null && (what != null || old)) {
        String corner = old ? "no answer from Redis for " + Figures.time(silent) : "q: leave";
        terminal.draw(frame(now, corner, size));
        if (StatusVerb.isEnd(now.status().state())) {
          return now;
        }
      }
    }
  }

  private static TerminalDevice.Size size() {
    return TerminalDevice.size().orElse(new TerminalDevice.Size(80, 24));
  }

  private static String frame(Seen seen, String corner, TerminalDevice.Size size) {
    List<String> lines =
        StatusScreen.lines(
            // In the last column the cursor stays on it, and it would be cleared.
            seen.status(), seen.journal(), seen.end(), corner, size.columns() - 1, size.rows());
    StringBuilder frame = new StringBuilder(TOGETHER).append(HOME);
    for (int i = 0; i < lines.size(); i++) {
      // What is cleared before it is written blinks.
      frame.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(CLEAR_REST);
    }
    return frame.append(CLEAR_BELOW).append(SHOWN).toString();
  }

  private void read() {
    try {
      @Nullable Journal journal = null;
      int round = 0;
      do {
        QueueStatus status = queue.admin().status();
        boolean end = StatusVerb.isEnd(status.state());
        if (journal == null || end || round % JOURNAL_EACH == 0) {
          journal = queue.admin().journal();
        }
        round++;
        seen.set(new Seen(status, journal, StatusVerb.end(status, journal)));
        readAt = System.nanoTime();
        tell(News.READ);
        if (end) {
          return;
        }
      } while (!over.await(READ_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException left) {
      Thread.currentThread().interrupt();
    } catch (Throwable thrown) {
      failure.set(thrown);
      tell(News.READ);
    }
  }

  private void readKeys(TerminalDevice keys) {
    try {
      while (over.getCount() > 0) {
        long asked = System.nanoTime();
        int key = keys.key();
        if (key == 'q' || key == 'Q') {
          tell(News.LEAVE);
        } else if (key == TerminalDevice.NONE && System.nanoTime() - asked < 20_000_000) {
          // The terminal is gone, or somebody else sets its ways.
          Thread.sleep(READ_MILLIS);
        }
      }
    } catch (IOException gone) {
      tell(News.LEAVE);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
