package dev.piecework.estimate;

import dev.piecework.estimate.SimulatedStage.Said;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The median errors of what was said of bags, in two measures: the part of what was left by which
 * it was wrong, and the factor (its logarithm). By the first, who says "now" is never wrong by more
 * than one, however long it takes; by the second half is as wrong as double.
 */
record SimulatedErrors(List<SimulatedStage> stages) {

  double ours() {
    return part(Said::ours);
  }

  double oracles() {
    return part(Said::oracles);
  }

  double usual() {
    return part(Said::usual);
  }

  double ourFactor() {
    return factor(Said::ours);
  }

  double oracleFactor() {
    return factor(Said::oracles);
  }

  double usualFactor() {
    return factor(Said::usual);
  }

  private double part(ToDoubleFunction<Said> of) {
    return median(said -> Math.abs(of.applyAsDouble(said) - said.left()) / said.left());
  }

  private double factor(ToDoubleFunction<Said> of) {
    return median(said -> Math.abs(Math.log(Math.max(of.applyAsDouble(said), 1) / said.left())));
  }

  private double median(ToDoubleFunction<Said> error) {
    return SimulatedStage.median(
        stages.stream().flatMap(stage -> stage.said.stream()).map(error::applyAsDouble).toList());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "All stages: median error %.1f %%, the oracle's %.1f %%, the usual one's %.1f %%;"
            + " as a factor %.2f, %.2f, %.2f",
        100 * ours(),
        100 * oracles(),
        100 * usual(),
        Math.exp(ourFactor()),
        Math.exp(oracleFactor()),
        Math.exp(usualFactor()));
  }
}
