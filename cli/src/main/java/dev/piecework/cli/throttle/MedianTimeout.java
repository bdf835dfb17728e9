package dev.piecework.cli.throttle;

import dev.piecework.worker.process.CommandListener;
import dev.piecework.worker.process.CommandRecord;
import dev.piecework.worker.process.ItemTimeout;
import dev.piecework.worker.process.StartedCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command may take so many times as long as the median of those that have succeeded here: the
 * last 500, once there are 10. Until then as long as it likes.
 */
public final class MedianTimeout implements ItemTimeout, CommandListener {

  static final int NEEDED = 10;
  private static final int KEPT = 500;

  private final double share;
  private final Duration least;
  private final CommandListener others;
  private final long[] took = new long[KEPT];
  private long ended;
  private volatile Optional<Duration> limit = Optional.empty();

  /**
   * @param share 3 for three times the median
   * @param least it may take so long in any case
   * @param others who hear of commands too
   */
  public MedianTimeout(double share, Duration least, CommandListener others) {
    this.share = share;
    this.least = least;
    this.others = others;
  }

  @Override
  public Optional<Duration> now() {
    return limit;
  }

  synchronized void succeeded(Duration in) {
    took[(int) (ended++ % KEPT)] = in.toNanos();
    // Of many one more changes little, and sorting costs.
    if (ended >= NEEDED && (ended < 4 * NEEDED || ended % NEEDED == 0)) {
      long[] sorted = Arrays.copyOf(took, (int) Math.min(ended, KEPT));
      Arrays.sort(sorted);
      Duration may = Duration.ofNanos(Math.max(1, (long) (sorted[sorted.length / 2] * share)));
      limit = Optional.of(may.compareTo(least) < 0 ? least : may);
    }
  }

  @Override
  public CommandRecord started(StartedCommand command) {
    CommandRecord record = others.started(command);
    return record == null ? new Timed(new CommandRecord() {}) : new Timed(record);
  }

  private final class Timed implements CommandRecord {
    private final CommandRecord other;

    Timed(CommandRecord other) {
      this.other = other;
    }

    @Override
    public void printed(byte[] bytes, int length) {
      other.printed(bytes, length);
    }

    @Override
    public void complained(byte[] bytes, int length) {
      other.complained(bytes, length);
    }

    @Override
    public @Nullable Consumer<String> stderrLines() {
      return other.stderrLines();
    }

    @Override
    public void ended(End end) throws IOException {
      if (end.exitCode() == 0 && !end.givenBack()) {
        succeeded(end.took());
      }
      other.ended(end);
    }
  }
}
