package dev.piecework.estimate;

import dev.piecework.estimate.SimulatedBag.Seen;
import dev.piecework.estimate.SimulatedBag.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was said of many bags of one shape when the same part of each was done. */
final class SimulatedStage {

  static final String HEAD =
      "| times | done | too early | in the range | not before it | not after it"
          + " | usual one in its range | width / rest | oracle's | error | oracle's | usual one's |\n"
          + "|---|---|---|---|---|---|---|---|---|---|---|---|";

  private final Shape shape;
  private final double part;
  private int bags;
  private int shown;
  private int inside;
  private int notBefore;
  private int notAfter;
  private int usualInside;
  private int announced;
  private int tooLateABound;
  private final List<Double> widths = new ArrayList<>();
  private final List<Double> oracleWidths = new ArrayList<>();

  /** Of ours, of the oracle and of the usual one: what was said and what came, in milliseconds. */
  final List<Said> said = new ArrayList<>();

  /**
   * What was said of one bag and what came, in milliseconds.
   *
   * @param left until its end
   */
  record Said(double ours, double oracles, double usual, double left) {}

  SimulatedStage(Shape shape, double part) {
    this.shape = shape;
    this.part = part;
  }

  /**
   * @param oracle asked only where there is a range to hold against it; null for none
   */
  void add(Seen seen, EndEstimate end, Duration atLeast, @Nullable Supplier<EndOracle> oracle) {
    double left = seen.left();
    bags++;
    tooLateABound += atLeast.toMillis() > left ? 1 : 0;
    if (end.range().isEmpty()) {
      return;
    }
    EndEstimate.Range range = end.range().get();
    double low = range.low().toMillis() - 1;
    double high = range.high().toMillis() + 1;
    shown++;
    announced += end instanceof EndEstimate.OrderMatters ? 1 : 0;
    inside += low <= left && left <= high ? 1 : 0;
    notBefore += low <= left ? 1 : 0;
    notAfter += left <= high ? 1 : 0;
    usualInside += Math.abs(seen.usual() - left) <= seen.usualError() ? 1 : 0;
    widths.add((high - low) / left);
    if (oracle == null) {
      return;
    }
    EndOracle knows = oracle.get();
    oracleWidths.add((knows.at(0.95) - knows.at(0.05)) / left);
    said.add(new Said(range.middle().toMillis(), knows.at(0.5), seen.usual(), left));
  }

  int shown() {
    return shown;
  }

  /** In percent of those of which there is a range; so are the next four. */
  double inside() {
    return ofShown(inside);
  }

  double notBefore() {
    return ofShown(notBefore);
  }

  double notAfter() {
    return ofShown(notAfter);
  }

  double usualInside() {
    return ofShown(usualInside);
  }

  double announced() {
    return ofShown(announced);
  }

  /** Those that are told a range and do not end in it, in percent of all. */
  double wrong() {
    return 100.0 * (shown - inside) / bags;
  }

  /** Those that end before their lower bound, in percent of all. */
  double tooLateABound() {
    return 100.0 * tooLateABound / bags;
  }

  private double ofShown(int count) {
    return 100.0 * count / shown;
  }

  String row() {
    SimulatedErrors errors = new SimulatedErrors(List.of(this));
    return String.format(
        Locale.ROOT,
        "| %s | %.0f %% | %d | %s | %s | %s | %s | %s | %s | %s | %s | %s |",
        shape,
        part * 100,
        bags - shown,
        percent(inside()),
        percent(notBefore()),
        percent(notAfter()),
        percent(usualInside()),
        number(median(widths)),
        number(median(oracleWidths)),
        percent(100 * errors.ours()),
        percent(100 * errors.oracles()),
        percent(100 * errors.usual()));
  }

  private static String percent(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.0f %%", value);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }
}
