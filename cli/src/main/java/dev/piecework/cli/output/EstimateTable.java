package dev.piecework.cli.output;

import dev.piecework.QueueStatus;
import dev.piecework.estimate.EndBounds;
import dev.piecework.estimate.EndEstimate;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When it ends with so many workers, and what they cost.
 *
 * @param each slots of each worker
 * @param price what a worker costs in an hour; null where nobody said it
 */
public record EstimateTable(
    QueueStatus status, int each, List<Row> rows, EndBounds bounds, @Nullable BigDecimal price) {

  /**
   * What is said of one number of workers.
   *
   * @param believable whether enough is known for this range
   */
  public record Row(int workers, int slots, EndEstimate.Range range, boolean believable) {

    public double hours(Duration time) {
      return workers * (time.toMillis() / 3_600_000.0);
    }
  }

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(what() + ", workers of " + Figures.count(each, "slot"));
    List<String> titles =
        new ArrayList<>(
            List.of(
                "WORKERS", "SLOTS", "ENDS IN", "MIDDLE", "AT LEAST", "AT MOST", "WORKER HOURS"));
    BigDecimal perHour = price;
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
                  decimal(row.hours(range.low())) + " to " + decimal(row.hours(range.high()))));
      if (perHour != null) {
        double cost = perHour.doubleValue();
        cells.add(
            decimal(cost * row.hours(range.low()))
                + " to "
                + decimal(cost * row.hours(range.high())));
      }
      table.row(cells.toArray());
    }
    lines.addAll(table.lines());
    lines.add(
        "more than "
            + Figures.count(mostWorkers(), "worker")
            + " do not help: the longest item takes about "
            + Figures.time(bounds.longest())
            + ", of "
            + Figures.time(bounds.work())
            + " of work in all; the bounds are those of any order");
    return lines;
  }

  /** Whether enough is known for each range. */
  public boolean isBelievable() {
    return rows.stream().allMatch(Row::believable);
  }

  /** More of them do not help. */
  public long mostWorkers() {
    return (bounds.mostSlots() + each - 1) / each;
  }

  private String what() {
    long left = status.counts().unfinished();
    return status.queue()
        + ": "
        + (left > 0
            ? Figures.count(left, "item") + " left"
            : "nothing is left; all "
                + Figures.count(status.counts().done() + status.counts().dead(), "item")
                + " again");
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
  }
}
