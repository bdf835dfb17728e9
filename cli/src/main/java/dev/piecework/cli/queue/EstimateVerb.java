package dev.piecework.cli.queue;

import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.EstimateTable;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.estimate.EndBounds;
import dev.piecework.estimate.EndEstimate;
import dev.piecework.estimate.EndEstimator;
import dev.piecework.journal.Journal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
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
    List<EstimateTable.Row> rows =
        workers.stream()
            .map(count -> {
              int all = Math.min(Math.multiplyExact(count, each), MOST);
              EndEstimate.Range range = estimator.range(all);
              return new EstimateTable.Row(count, all, range, estimator.isBelievable(range));
            })
            .toList();
    EstimateTable table = new EstimateTable(status, each, rows, estimator.bounds(), price);
    if (output.json()) {
      terminal.print(Json.object(json -> write(json, table)));
    } else {
      table.lines().forEach(terminal::print);
      if (!estimator.isEnough()) {
        terminal.say(
            "too few are done to believe this: it takes half of the items, or "
                + EndEstimator.MANY
                + " and "
                + (int) (EndEstimator.LEAST_PART * 100)
                + " % of all, and none under way that takes far longer than all that are done");
      } else if (!table.isBelievable()) {
        terminal.say(
            "too early to believe a range that is wider than 1 to "
                + EndEstimator.WIDE
                + ": it takes half of the items");
      }
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

  private static void write(JsonGenerator json, EstimateTable table) {
    QueueStatus status = table.status();
    EndBounds bounds = table.bounds();
    json.writeStringProperty("queue", status.queue());
    json.writeNumberProperty("unfinished", status.counts().unfinished());
    json.writeNumberProperty("slotsPerWorker", table.each());
    json.writeBooleanProperty("tooEarly", !table.isBelievable());
    Json.seconds(json, "workSeconds", bounds.work());
    Json.seconds(json, "longestSeconds", bounds.longest());
    json.writeNumberProperty("mostWorkers", table.mostWorkers());
    json.writeArrayPropertyStart("workers");
    for (EstimateTable.Row row : table.rows()) {
      json.writeStartObject();
      json.writeNumberProperty("workers", row.workers());
      json.writeNumberProperty("slots", row.slots());
      json.writeBooleanProperty("tooEarly", !row.believable());
      row.range().figures().forEach(json::writeNumberProperty);
      Json.seconds(json, "atLeastSeconds", bounds.atLeast(row.slots()));
      Json.seconds(json, "atMostSeconds", bounds.atMost(row.slots()));
      json.writeNumberProperty("lowWorkerHours", row.hours(row.range().low()));
      json.writeNumberProperty("highWorkerHours", row.hours(row.range().high()));
      BigDecimal perHour = table.price();
      if (perHour != null) {
        json.writeNumberProperty("lowCost", perHour.doubleValue() * row.hours(row.range().low()));
        json.writeNumberProperty("highCost", perHour.doubleValue() * row.hours(row.range().high()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
