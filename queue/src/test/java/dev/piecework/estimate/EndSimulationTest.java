package dev.piecework.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.estimate.SimulatedBag.Seen;
import dev.piecework.estimate.SimulatedBag.Shape;
import dev.piecework.testrun.Effort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Plays bags of six shapes and holds the range, at five stages of each, against how they end. It
 * prints the table of docs/estimates.md; there it is that of 200 bags, which is what an effort of 5
 * plays.
 */
@Tag("slow")
final class EndSimulationTest {

  private static final int ITEMS = Integer.getInteger("piecework.items", 600);
  private static final int WORKERS = 3;
  private static final int SLOTS_EACH = 4;
  private static final double[] PARTS = {0.1, 0.25, 0.5, 0.8, 0.95};
  private static final int HALF = 2;

  private static final int BAGS = Math.min(Effort.of(40), 200);

  /** One shape at one stage. */
  private static final class Cell {
    private int early;
    private int shown;
    private int inside;
    private int notBefore;
    private int notAfter;
    private int usualInside;
    private int trend;
    private final List<Double> widths = new ArrayList<>();
    private final List<Double> errors = new ArrayList<>();
    private final List<Double> usualErrors = new ArrayList<>();

    private void add(Seen seen, int slots, long seed) {
      EndEstimator estimator = new EndEstimator(seen.times(), seen.rest(), seed);
      EndEstimate end = estimator.end(slots, seen.places(), java.time.Duration.ZERO);
      if (end.range().isEmpty()) {
        early++;
        return;
      }
      EndEstimate.Range range = end.range().get();
      double low = range.low().toMillis() - 1;
      double high = range.high().toMillis() + 1;
      double left = seen.left();
      shown++;
      trend += end instanceof EndEstimate.OrderMatters ? 1 : 0;
      inside += low <= left && left <= high ? 1 : 0;
      notBefore += low <= left ? 1 : 0;
      notAfter += left <= high ? 1 : 0;
      usualInside += Math.abs(seen.usual() - left) <= seen.usualError() ? 1 : 0;
      widths.add((high - low) / left);
      errors.add(Math.abs(range.middle().toMillis() - left) / left);
      usualErrors.add(Math.abs(seen.usual() - left) / left);
    }

    private String row(Shape shape, double part) {
      return String.format(
          Locale.ROOT,
          "| %s | %.0f %% | %s | %s | %s | %s | %s | %.2f | %.0f %% | %.0f %% |",
          shape,
          part * 100,
          early,
          percent(inside),
          percent(notBefore),
          percent(notAfter),
          percent(usualInside),
          median(widths),
          100 * median(errors),
          100 * median(usualErrors));
    }

    private String percent(int of) {
      return shown == 0 ? "-" : String.format(Locale.ROOT, "%.0f %%", percentage(of));
    }

    private int wrong() {
      return shown - inside;
    }

    private double percentage(int of) {
      return 100.0 * of / shown;
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  private static List<Cell> play(Shape shape) {
    List<Cell> cells = new ArrayList<>();
    for (double part : PARTS) {
      Cell cell = new Cell();
      for (int bag = 0; bag < BAGS; bag++) {
        SplittableRandom random = new SplittableRandom(bag * 1_000L + shape.seed());
        SimulatedBag played = new SimulatedBag(shape, ITEMS, WORKERS, SLOTS_EACH, random);
        cell.add(played.seen(part, random), played.slots(), bag);
      }
      cells.add(cell);
    }
    return cells;
  }

  @Test
  void nineOfTenBagsEndInTheRange() {
    List<Double> errors = new ArrayList<>();
    List<Double> usualErrors = new ArrayList<>();
    System.out.println(
        BAGS
            + " bags of "
            + ITEMS
            + " items on "
            + WORKERS * SLOTS_EACH
            + " slots\n"
            + "| times | done | too early | in the range | not before it | not after it"
            + " | usual one in its range | width / rest | error | usual error |\n"
            + "|---|---|---|---|---|---|---|---|---|---|");
    for (Shape shape : Shape.values()) {
      List<Cell> cells = play(shape);
      for (int i = 0; i < PARTS.length; i++) {
        System.out.println(cells.get(i).row(shape, PARTS[i]));
      }
      List<Cell> late = cells.subList(HALF, cells.size());
      if (shape == Shape.SORTED) {
        assertThat(late)
            .as("sorted input is announced")
            .allSatisfy(cell -> assertThat(cell.percentage(cell.trend)).isGreaterThanOrEqualTo(90));
        continue;
      }
      assertThat(late)
          .as("%s", shape)
          .allSatisfy(cell -> {
            // Fewer bags than 200 scatter more: by two standard errors of them.
            double scatter = 100 * 2 * Math.sqrt(0.9 * 0.1 * (1.0 / BAGS - 1.0 / 200));
            assertThat(cell.percentage(cell.inside)).isGreaterThanOrEqualTo(85 - scatter);
            if (shape != Shape.CONSTANT) { // a range of a few percent, of which no bag is outside
              assertThat(cell.percentage(cell.inside)).isLessThanOrEqualTo(97 + scatter);
            }
            assertThat(cell.inside).isGreaterThanOrEqualTo(cell.usualInside);
            assertThat(cell.percentage(cell.trend))
                .as("announced as sorted")
                .isLessThanOrEqualTo(1);
          });
      // Before, what is said holds as well, or nothing is said.
      assertThat(cells.subList(0, HALF))
          .as("%s, before half", shape)
          .allSatisfy(cell -> assertThat(cell.wrong()).isLessThanOrEqualTo(BAGS / 3));
      late.forEach(cell -> {
        errors.addAll(cell.errors);
        usualErrors.addAll(cell.usualErrors);
      });
    }
    System.out.printf(
        Locale.ROOT,
        "From 50 %% on, all that are not sorted: median error %.1f %%, of the usual one %.1f %%%n",
        100 * median(errors),
        100 * median(usualErrors));
    assertThat(median(errors)).isLessThanOrEqualTo(median(usualErrors) * 2 / 3);
  }
}
