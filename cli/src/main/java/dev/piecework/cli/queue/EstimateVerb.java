package dev.piecework.cli.queue;

import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.output.Table;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.estimate.EndBounds;
import dev.piecework.estimate.EndEstimate;
import dev.piecework.estimate.EndEstimator;
import dev.piecework.journal.Journal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

@Command(
    footer = {
      "",
      "It knows how long items take from those that this run has done: let some be done first. Of a run",
      "that has ended it says how long all of it would take again.",
      "",
      "Example:",
      "  piecework estimate job2 --workers 10,40,100 --slots 2 --price-per-worker-hour 0.04"
    })
public final class EstimateVerb extends QueueVerb {

  private static final int MOST = 1_000_000;

  @Option(
      names = "--workers",
      paramLabel = "N,...",
      required = true,
      split = ",",
      description = "For these numbers of workers.")
  List<Integer> workers = new ArrayList<>();

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Slots of each worker; default: as many as the workers have that are there, or 1.")
  @Nullable Integer slots;

  @Option(
      names = "--price-per-worker-hour",
      paramLabel = "P",
      description = "What a worker costs in an hour, to tell what all of them cost.")
  @Nullable BigDecimal price;

  @Mixin OutputOption output = new OutputOption();

  /** What is said of one number of workers. */
  private record Row(int workers, int slots, EndEstimate.Range range) {}

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    check();
    QueueStatus status = open.admin().status();
    Journal journal = open.admin().journal();
    EndEstimator estimator = status.estimator(journal);
    if (journal.times().count() == 0) {
      throw Refusal.usage(
          "queue '"
              + queue
              + "' has no times of items that are done; let workers do some of them first");
    }
    int each = slots != null ? slots : slotsOf(status);
    List<Row> rows =
        workers.stream()
            .map(count -> {
              int all = Math.min(Math.multiplyExact(count, each), MOST);
              return new Row(count, all, estimator.range(all));
            })
            .toList();
    EndBounds bounds = estimator.bounds();
    if (output.json()) {
      terminal.print(
          Json.object(json -> write(json, status, estimator.isEnough(), each, rows, bounds)));
    } else {
      print(terminal, status, estimator.isEnough(), each, rows, bounds);
    }
    return ExitCode.DONE;
  }

  private void check() {
    for (int count : workers) {
      if (count < 1 || count > MOST) {
        throw Refusal.usage("--workers: " + count + " is not from 1 to " + Figures.number(MOST));
      }
    }
    Integer each = slots;
    if (each != null && (each < 1 || each > MOST)) {
      throw Refusal.usage("--slots " + each + ": it is not from 1 to " + Figures.number(MOST));
    }
    BigDecimal perHour = price;
    if (perHour != null && perHour.signum() < 0) {
      throw Refusal.usage("--price-per-worker-hour " + perHour + " is less than nothing");
    }
  }

  private static int slotsOf(QueueStatus status) {
    return status.sessions().stream().mapToInt(session -> session.info().slots()).max().orElse(1);
  }

  private void print(
      Terminal terminal,
      QueueStatus status,
      boolean enough,
      int each,
      List<Row> rows,
      EndBounds bounds) {
    terminal.print(what(status) + ", workers of " + Figures.count(each, "slot"));
    BigDecimal perHour = price;
    List<String> titles =
        new ArrayList<>(List.of("WORKERS", "SLOTS", "ENDS IN", "MIDDLE", "AT LEAST", "AT MOST"));
    titles.add("WORKER HOURS");
    if (perHour != null) {
      titles.add("COST");
    }
    Table table = new Table(titles.toArray(new String[0]));
    for (Row row : rows) {
      EndEstimate.Range range = row.range();
      List<Object> cells =
          new ArrayList<>(
              List.of(
                  Figures.number(row.workers()),
                  Figures.number(row.slots()),
                  Figures.time(range.low()) + " to " + Figures.time(range.high()),
                  Figures.time(range.middle()),
                  Figures.time(bounds.atLeast(row.slots())),
                  Figures.time(bounds.atMost(row.slots())),
                  decimal(hours(row, range.low())) + " to " + decimal(hours(row, range.high()))));
      if (perHour != null) {
        double cost = perHour.doubleValue();
        cells.add(
            decimal(cost * hours(row, range.low()))
                + " to "
                + decimal(cost * hours(row, range.high())));
      }
      table.row(cells.toArray());
    }
    table.lines().forEach(terminal::print);
    terminal.print(
        "more than "
            + Figures.count(mostWorkers(bounds, each), "worker")
            + " do not help: the longest item takes about "
            + Figures.time(bounds.longest())
            + ", of "
            + Figures.time(bounds.work())
            + " of work in all; the bounds are those of any order");
    if (!enough) {
      terminal.say(
          "too few are done to believe this: it takes "
              + EndEstimator.FEWEST
              + " items, and "
              + (int) (EndEstimator.LEAST_PART * 100)
              + " % of all");
    }
  }

  private static String what(QueueStatus status) {
    long left = status.counts().unfinished();
    return status.queue()
        + ": "
        + (left > 0
            ? Figures.count(left, "item") + " left"
            : "nothing is left; all "
                + Figures.count(status.counts().done() + status.counts().dead(), "item")
                + " again");
  }

  private static long mostWorkers(EndBounds bounds, int each) {
    return (bounds.mostSlots() + each - 1) / each;
  }

  private static double hours(Row row, Duration time) {
    return row.workers() * (time.toMillis() / 3_600_000.0);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
  }

  private void write(
      JsonGenerator json,
      QueueStatus status,
      boolean enough,
      int each,
      List<Row> rows,
      EndBounds bounds) {
    json.writeStringProperty("queue", status.queue());
    json.writeNumberProperty("unfinished", status.counts().unfinished());
    json.writeNumberProperty("slotsPerWorker", each);
    json.writeBooleanProperty("tooEarly", !enough);
    Json.seconds(json, "workSeconds", bounds.work());
    Json.seconds(json, "longestSeconds", bounds.longest());
    json.writeNumberProperty("mostWorkers", mostWorkers(bounds, each));
    json.writeArrayPropertyStart("workers");
    for (Row row : rows) {
      json.writeStartObject();
      json.writeNumberProperty("workers", row.workers());
      json.writeNumberProperty("slots", row.slots());
      row.range().figures().forEach(json::writeNumberProperty);
      Json.seconds(json, "atLeastSeconds", bounds.atLeast(row.slots()));
      Json.seconds(json, "atMostSeconds", bounds.atMost(row.slots()));
      json.writeNumberProperty("lowWorkerHours", hours(row, row.range().low()));
      json.writeNumberProperty("highWorkerHours", hours(row, row.range().high()));
      BigDecimal perHour = price;
      if (perHour != null) {
        json.writeNumberProperty("lowCost", perHour.doubleValue() * hours(row, row.range().low()));
        json.writeNumberProperty(
            "highCost", perHour.doubleValue() * hours(row, row.range().high()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
