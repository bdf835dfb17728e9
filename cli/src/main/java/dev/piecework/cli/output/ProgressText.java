package dev.piecework.cli.output;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.cli.verb.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How far a queue is, in one line. Pure. */
final class ProgressText {

  private static final int WIDEST_BAR = 30;
  private static final int NARROWEST_BAR = 5;

  private static final String RED = "\033[31m";
  private static final String PLAIN = "\033[0m";

  private ProgressText() {}

  /**
   * @param filled whether the total grows no more
   * @param shown when it ends, in few characters; empty where that is not said
   */
  record End(boolean filled, String shown) {}

  /** As {@link #bar}, with the number of dead items in red; that takes no room. */
  static String colouredBar(QueueStatus status, End end, long elapsedMillis, int width) {
    String bar = bar(status, end, elapsedMillis, width);
    String dead = dead(status.counts());
    return status.counts().dead() == 0 ? bar : bar.replace("  " + dead, "  " + RED + dead + PLAIN);
  }

  private static String dead(Counts counts) {
    return Figures.number(counts.dead()) + " dead";
  }

  /** For a terminal: a bar and figures, in at most so many characters. */
  static String bar(QueueStatus status, End end, long elapsedMillis, int width) {
    String figures = figures(status, end, elapsedMillis);
    Counts counts = status.counts();
    long over = counts.done() + counts.dead();
    double part = counts.total() == 0 ? 0 : (double) over / counts.total();
    int cells = Math.min(WIDEST_BAR, width - figures.length() - 9);
    if (cells < NARROWEST_BAR) {
      return figures.substring(0, Math.min(figures.length(), width));
    }
    int full = (int) (part * cells);
    return "["
        + "#".repeat(full)
        + ".".repeat(cells - full)
        + "] "
        + String.format("%3d%%", (int) (part * 100))
        + "  "
        + figures;
  }

  /** For a log. */
  static String line(QueueStatus status, End end, long elapsedMillis) {
    return status.queue() + ": " + figures(status, end, elapsedMillis);
  }

  private static String figures(QueueStatus status, End end, long elapsedMillis) {
    Counts counts = status.counts();
    List<String> parts = new ArrayList<>();
    parts.add(
        Figures.number(counts.done())
            + "/"
            + Figures.number(counts.total())
            + (end.filled() ? "" : "+"));
    if (counts.dead() > 0) {
      parts.add(dead(counts));
    }
    if (counts.delayed() > 0) {
      parts.add(Figures.number(counts.delayed()) + " delayed");
    }
    String paused = status.pausedFor();
    if (paused != null) {
      parts.add("paused: " + Printable.line(paused, 80));
    } else if (status.state() instanceof QueueState.ResultsFull) {
      parts.add("results-max reached");
    } else {
      parts.add(Figures.rate(status.pace().perSecond()));
      if (end.filled() && !end.shown().isEmpty()) {
        parts.add(end.shown());
      }
    }
    parts.add(Figures.time(Duration.ofMillis(elapsedMillis)));
    return String.join("  ", parts);
  }
}
