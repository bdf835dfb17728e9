package dev.piecework.cli.queue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.piecework.FillOptions;
import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.Producer;
import dev.piecework.QueueStatus;
import dev.piecework.Result;
import dev.piecework.ResultLog;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.verb.Nearest;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.worker.process.FileResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes items of the results of another queue, each once: the source is that queue's run, the
 * offset the place of a result in the order of commits. So a fill that broke off, or comes again
 * later, is compared with what was filled, and goes on where that ends.
 */
final class ResultsFill {

  private static final int MOST = 1_000;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final WorkQueue from;
  private final WorkQueue into;
  private final UnaryOperator<Item> wished;
  private final Consumer<String> notices;
  private boolean follow;
  private boolean hold;
  private boolean keepBlank;
  private long blank;
  private long ofBatches;

  /**
   * @param wished gives an item what it is to have beside its payload
   */
  ResultsFill(
      WorkQueue from, WorkQueue into, UnaryOperator<Item> wished, Consumer<String> notices) {
    this.from = from;
    this.into = into;
    this.wished = wished;
    this.notices = notices;
  }

  /** Goes on until the other queue is drained. */
  ResultsFill following(boolean asked) {
    follow = asked;
    return this;
  }

  /** Leaves the sources open. */
  ResultsFill holding(boolean asked) {
    hold = asked;
    return this;
  }

  /** Makes items of results that are empty or white space too. */
  ResultsFill keepingBlank(boolean asked) {
    keepBlank = asked;
    return this;
  }

  /** Answers what all of them gave. */
  FillReport fill(@Nullable Runnable syncToDisk) throws InterruptedException {
    List<WorkQueue> parts = from.admin().partitions();
    refuseWhatHasNone();
    parts.forEach(this::refuseWhatIsGone);
    FillReport sum = new FillReport("", 0, 0, 0, "");
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.size() == 1 ? "" : " partition " + i;
      FillReport one = fill(parts.get(i), part, syncToDisk);
      sum =
          new FillReport(
              i == 0 ? one.source() : sum.source(),
              sum.added() + one.added(),
              sum.already() + one.already(),
              sum.skipped() + one.skipped(),
              one.durability());
    }
    if (blank > 0) {
      notices.accept(
          Figures.count(blank, "result")
              + (blank == 1 ? " is" : " are")
              + " empty or white space, and left out (--keep-blank makes items of them)");
    }
    if (ofBatches > 0) {
      notices.accept(Figures.count(ofBatches, "item") + " of batches have no result of their own");
    }
    if (!follow && Ends.of(from.state()) == null) {
      notices.accept(
          "queue '"
              + from.name()
              + "' is not drained: the same again takes what comes, or --follow waits for it");
    }
    return sum;
  }

  private FillReport fill(WorkQueue part, String number, @Nullable Runnable syncToDisk)
      throws InterruptedException {
    String source = "results of " + from.name() + " run " + part.run().orElse("") + number;
    FillOptions options = new FillOptions(source, false, false, hold);
    // What was filled before belongs to the run that is there, also if that has ended.
    try (Producer producer =
        into.run().isEmpty() ? into.produce(options) : into.produceMore(options)) {
      ResultLog log = part.admin().resultLogs().getFirst();
      long taken = 0;
      while (true) {
        // Asked before results are read: what was committed until then is among them.
        boolean over = !follow || Ends.of(from.state()) != null;
        QueueStatus status = part.admin().status();
        boolean sameRun = part.run().equals(Optional.ofNullable(status.run()));
        for (List<Result> some = log.after(taken, MOST);
            !some.isEmpty();
            some = log.after(taken, MOST)) {
          refuseGone(part, some.getFirst().sequence() - 1 - taken);
          some.forEach(result -> add(producer, result));
          taken = some.getLast().sequence();
        }
        refuseGone(part, sameRun ? status.counts().done() - taken : 0);
        if (over) {
          return producer.finish(syncToDisk);
        }
        var _ = from.awaitEnd(PAUSE);
      }
    }
  }

  private void add(Producer producer, Result result) {
    if (result.batch() != null && !result.batch().equals(result.id())) {
      ofBatches++;
      return;
    }
    Optional<FileResult> file = FileResult.of(result.result());
    if (file.isPresent()) {
      throw Refusal.usage(
          "the result of item "
              + Printable.line(result.id(), 60)
              + " of queue '"
              + from.name()
              + "' is a file of "
              + Figures.bytes(file.get().bytes())
              + ": fill the names of such files instead of what is in them");
    }
    byte[] data = FileResult.data(result.result());
    int length = data.length > 0 && data[data.length - 1] == '\n' ? data.length - 1 : data.length;
    byte[] payload = Arrays.copyOf(data, length);
    if (!keepBlank && new String(payload, ISO_8859_1).isBlank()) {
      blank++;
      return;
    }
    producer.add(wished.apply(Item.of(payload)));
  }

  private void refuseWhatHasNone() {
    if (from.run().isEmpty()) {
      throw Refusal.usage(
          "queue '"
              + from.name()
              + "' has no results: it has held no item"
              + Nearest.of(from.name(), from.admin().names())
                  .map(name -> "; did you mean '" + name + "'?")
                  .orElse(""));
    }
    if (from.settings().keep() == Keep.COUNTS) {
      throw Refusal.usage("queue '" + from.name() + "' keeps no results (keep=counts)");
    }
  }

  // Without the first ones nobody could tell which of them are items already.
  private void refuseWhatIsGone(WorkQueue part) {
    // Counted before results are read: what is done meanwhile is not gone.
    long done = part.admin().status().counts().done();
    List<Result> first = part.admin().resultLogs().getFirst().after(0, 1);
    refuseGone(part, first.isEmpty() ? done : first.getFirst().sequence() - 1);
  }

  /** Of a partition whose results others take meanwhile, the source stays open. */
  private void refuseGone(WorkQueue part, long gone) {
    if (gone > 0) {
      String place = part.admin().note(ResultsFile.NOTE).orElse("");
      throw Refusal.usage(
          Figures.count(gone, "result")
              + " of queue '"
              + from.name()
              + "' "
              + (gone == 1 ? "is" : "are")
              + " not in Redis any more: "
              + (place.isEmpty()
                  ? "run has printed them, or results --to has taken them"
                  : "they went to "
                      + Printable.line(place, 300)
                      + ", which fill takes with --format jsonl --from"));
    }
  }
}
