package dev.piecework.estimate;

import dev.piecework.estimate.SimulatedBag.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Who knows how the times of the items are distributed and how old each attempt is: what is still
 * open then nobody can say better, so that its range and its error are what can be had.
 */
final class EndOracle {

  private static final int DRAWS = 60;

  private final double[] ends = new double[DRAWS];

  /**
   * @param ages of the attempts under way, in milliseconds
   * @param items how many have not begun
   */
  EndOracle(Shape shape, double[] ages, int items, int slots, SplittableRandom random) {
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] free = new double[slots];
      for (int i = 0; i < ages.length; i++) {
        free[i] = shape.timeBeyond(ages[i], random) - ages[i];
      }
      double end = Arrays.stream(free).max().orElse(0);
      for (int item = 0; item < items; item++) {
        int first = 0;
        for (int slot = 1; slot < slots; slot++) {
          first = free[slot] < free[first] ? slot : first;
        }
        free[first] += shape.time(random);
        end = Math.max(end, free[first]);
      }
      ends[draw] = end;
    }
    Arrays.sort(ends);
  }

  /** The end before which this part of the ends is, in milliseconds from now. */
  double at(double part) {
    return ends[(int) Math.min(part * DRAWS, DRAWS - 1)];
  }
}
