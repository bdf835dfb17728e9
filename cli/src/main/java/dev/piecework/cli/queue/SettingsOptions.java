package dev.piecework.cli.queue;

import dev.piecework.HumanDuration;
import dev.piecework.Keep;
import dev.piecework.QueueSettings;
import dev.piecework.cli.output.StatusText;
import dev.piecework.cli.results.LargeResults;
import dev.piecework.cli.verb.OptionWords;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Values;
import dev.piecework.worker.process.ResultLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is stored with a queue by the verb that creates it. */
public final class SettingsOptions {

  /** What the command line creates a queue with: like the library, but results are kept. */
  public static final QueueSettings OURS = QueueSettings.DEFAULTS.withKeep(Keep.RESULTS);

  @Option(
      names = "--attempts",
      paramLabel = "N",
      description = "Failed attempts before an item is dead (3).")
  @Nullable Integer attempts;

  @Option(
      names = "--losses",
      paramLabel = "N",
      description = "Workers an item may kill before it is dead (5).")
  @Nullable Integer losses;

  @Option(
      names = "--backoff",
      paramLabel = "1s..1m",
      description = "Pause after a failed attempt; doubles, with jitter.")
  Values.@Nullable Backoff backoff;

  @Option(
      names = "--lapse",
      paramLabel = "15s",
      description = "A worker not heard for so long has lost its items.")
  @Nullable Duration lapse;

  @Option(
      names = "--producer-grace",
      paramLabel = "5m",
      description = "How long a silent producer may take to come back.")
  public @Nullable Duration producerGrace;

  @Option(
      names = "--keep",
      paramLabel = "counts|results|history",
      description = "What is kept of done items (results).")
  @Nullable Keep keep;

  @Option(
      names = "--results-max",
      paramLabel = "SIZE",
      description = "Stored results beyond which workers wait (1 GiB or 1/4 maxmemory).")
  Values.@Nullable Size resultsMax;

  @Option(
      names = "--payload-max",
      paramLabel = "SIZE",
      description = "The largest payload (1 MiB).")
  Values.@Nullable Size payloadMax;

  @Option(
      names = "--result-max",
      paramLabel = "SIZE",
      description =
          "The largest result (1 MiB); at most 512m, what Redis holds, but for run --results FILE.")
  Values.@Nullable Size resultMax;

  @Option(
      names = "--retention",
      paramLabel = "7d",
      description = "How long results are kept after drained; 0s for ever.")
  @Nullable Duration retention;

  /** Whether large results are files of their own, so that Redis does not bound them. */
  public boolean largeResults;

  /**
   * How large results may be here. What is above what Redis holds is no setting of the queue, but
   * of the call that says so.
   *
   * @param large where results that are files of their own go, if they do
   */
  public ResultLimits resultLimits(QueueSettings stored, @Nullable LargeResults large) {
    int most = Math.max(1, stored.resultMax());
    if (large == null) {
      return ResultLimits.inMemory(most);
    }
    long wished = resultMax == null ? 0 : resultMax.bytes();
    return new ResultLimits(
        wished > QueueSettings.MOST_BYTES ? wished : most,
        most,
        large.folder(),
        large::cannotBeWritten);
  }

  private int storedResultMax(Values.Size size) {
    if (largeResults) {
      return (int) Math.min(size.bytes(), QueueSettings.MOST_BYTES);
    }
    try {
      return size.bytesAtMost("result-max", QueueSettings.MOST_BYTES);
    } catch (IllegalArgumentException tooMuch) {
      throw new IllegalArgumentException(
          tooMuch.getMessage()
              + ": Redis holds no more in one value; run --results FILE without --child"
              + " makes a file of each that is larger",
          tooMuch);
    }
  }

  /** What was asked for, on top of {@link #OURS}. */
  public QueueSettings wished() {
    return on(OURS);
  }

  /** The options again, as words for another {@code piecework}. */
  public List<String> optionWords() {
    OptionWords written = new OptionWords();
    written.add("--attempts", attempts);
    written.add("--losses", losses);
    written.add(
        "--backoff",
        backoff == null
            ? null
            : HumanDuration.format(backoff.min()) + ".." + HumanDuration.format(backoff.max()));
    written.add("--lapse", lapse);
    written.add("--producer-grace", producerGrace);
    written.add("--keep", keep == null ? null : keep.toString().toLowerCase(Locale.ROOT));
    written.add("--results-max", resultsMax == null ? null : resultsMax.bytes());
    written.add("--payload-max", payloadMax == null ? null : payloadMax.bytes());
    written.add("--result-max", resultMax == null ? null : resultMax.bytes());
    written.add("--retention", retention);
    return written.list();
  }

  /** The settings asked for that the queue, which was there before, does not have; for people. */
  List<String> notTaken(QueueSettings stored) {
    QueueSettings wished = on(stored);
    List<String> differ = new ArrayList<>();
    note(differ, "attempts", wished.attempts(), stored.attempts());
    note(differ, "losses", wished.losses(), stored.losses());
    note(differ, "backoff", StatusText.backoff(wished), StatusText.backoff(stored));
    note(
        differ,
        "lapse",
        HumanDuration.format(wished.lapse()),
        HumanDuration.format(stored.lapse()));
    note(
        differ,
        "producer-grace",
        HumanDuration.format(wished.producerGrace()),
        HumanDuration.format(stored.producerGrace()));
    note(differ, "keep", wished.keep(), stored.keep());
    note(differ, "results-max", wished.resultsMax(), stored.resultsMax());
    note(differ, "payload-max", wished.payloadMax(), stored.payloadMax());
    if (!largeResults || resultMax == null || resultMax.bytes() <= QueueSettings.MOST_BYTES) {
      note(differ, "result-max", wished.resultMax(), stored.resultMax());
    }
    note(
        differ,
        "retention",
        HumanDuration.format(wished.retention()),
        HumanDuration.format(stored.retention()));
    return differ;
  }

  /** Says once which of the options do not apply, since the queue has settings of its own. */
  public void sayWhatWasNotTaken(String queue, QueueSettings stored, Terminal terminal) {
    List<String> differ = notTaken(stored);
    if (!differ.isEmpty()) {
      terminal.say(
          "queue '"
              + queue
              + "' keeps its own settings: "
              + String.join(", ", differ)
              + " (change them with: piecework set "
              + queue
              + " NAME=VALUE)");
    }
  }

  private QueueSettings on(QueueSettings base) {
    try {
      QueueSettings made = base;
      made = attempts == null ? made : made.withAttempts(attempts);
      made = losses == null ? made : made.withLosses(losses);
      made = backoff == null ? made : made.withBackoff(backoff.min(), backoff.max());
      made = lapse == null ? made : made.withLapse(lapse);
      made = producerGrace == null ? made : made.withProducerGrace(producerGrace);
      made = keep == null ? made : made.withKeep(keep);
      made = resultsMax == null ? made : made.withResultsMax(resultsMax.bytes());
      made =
          payloadMax == null
              ? made
              : made.withPayloadMax(
                  payloadMax.bytesAtMost("payload-max", QueueSettings.MOST_BYTES));
      made = resultMax == null ? made : made.withResultMax(storedResultMax(resultMax));
      return retention == null ? made : made.withRetention(retention);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private static void note(List<String> differ, String name, Object wished, Object stored) {
    if (!wished.equals(stored)) {
      differ.add(name + " is " + stored + ", not " + wished);
    }
  }
}
