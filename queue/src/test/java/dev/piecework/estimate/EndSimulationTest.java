package dev.piecework.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.estimate.SimulatedBag.Seen;
import dev.piecework.estimate.SimulatedBag.Shape;
import dev.piecework.testrun.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Plays bags of six shapes and holds what is said, at five stages of each, against how they end,
 * against the usual estimate and against that of one who knows all that can be known. It prints the
 * tables of docs/estimates.md; there they are those of 200 bags, which is what an effort of 5
 * plays.
 */
@Tag("slow")
final class EndSimulationTest {

  private static final int ITEMS = 600;

  /** So many that there is a range before half of them is done. */
  private static final int MANY_ITEMS = 6_000;

  private static final int WORKERS = 3;
  private static final int SLOTS_EACH = 4;
  private static final double[] EARLY = {0.1, 0.25};
  private static final double[] LATE = {0.5, 0.8, 0.95};

  private static final int BAGS = Math.min(Effort.of(40), 200);
  private static final int MANY_BAGS = BAGS / 2;

  private static List<SimulatedStage> play(Shape shape, int items, int bags, double... parts) {
    List<SimulatedStage> stages = new ArrayList<>();
    for (double part : parts) {
      SimulatedStage stage = new SimulatedStage(shape, part);
      for (int bag = 0; bag < bags; bag++) {
        SplittableRandom random = new SplittableRandom(bag * 1_000L + shape.seed());
        SimulatedBag played = new SimulatedBag(shape, items, WORKERS, SLOTS_EACH, random);
        Seen seen = played.seen(part, random);
        EndEstimator estimator = new EndEstimator(seen.times(), seen.rest(), bag);
        EndEstimate end = estimator.end(played.slots(), seen.places(), Duration.ZERO);
        Duration atLeast = estimator.atLeast(played.slots());
        stage.add(
            seen,
            end,
            atLeast,
            isAsked(shape, items) ? () -> seen.oracle(shape, played.slots(), random) : null);
      }
      System.out.println(stage.row());
      stages.add(stage);
    }
    return stages;
  }

  /** Of many items the oracle takes seconds; of sorted ones it is none. */
  private static boolean isAsked(Shape shape, int items) {
    return shape != Shape.SORTED && (items == ITEMS || BAGS == 200);
  }

  private static void head(Shape shape, int bags, int items) {
    System.out.println(
        shape
            + ": "
            + bags
            + " bags of "
            + items
            + " items on "
            + WORKERS * SLOTS_EACH
            + " slots\n"
            + SimulatedStage.HEAD);
  }

  /**
   * Two standard errors of a share of nine in ten, in percent: fewer bags than 200 scatter more.
   */
  private static double scatter(int bags) {
    return 100 * 2 * Math.sqrt(0.9 * 0.1 * Math.max(1.0 / bags - 1.0 / 200, 0));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "SORTED")
  void fromHalfOnNineOfTenBagsEndInTheRange(Shape shape) {
    head(shape, BAGS, ITEMS);
    List<SimulatedStage> stages = play(shape, ITEMS, BAGS, LATE);
    assertThat(stages)
        .allSatisfy(stage -> {
          assertThat(stage.shown()).as("a range is given").isEqualTo(BAGS);
          assertThat(stage.inside()).as("in it").isGreaterThanOrEqualTo(85 - scatter(BAGS));
          if (shape != Shape.CONSTANT) { // a range of a few percent, of which no bag is outside
            assertThat(stage.inside()).as("in it").isLessThanOrEqualTo(97 + scatter(BAGS));
          }
          assertThat(stage.inside()).as("than usual").isGreaterThanOrEqualTo(stage.usualInside());
          assertThat(stage.notBefore()).as("one of 20").isGreaterThanOrEqualTo(90 - scatter(BAGS));
          assertThat(stage.notAfter()).as("one of 20").isGreaterThanOrEqualTo(90 - scatter(BAGS));
          assertThat(stage.announced()).as("announced as sorted").isLessThanOrEqualTo(1);
        });
    SimulatedErrors errors = new SimulatedErrors(stages);
    System.out.println(errors);
    // Two thirds of the usual error; but of Pareto's ends who knows all does no better than this.
    // The median of fewer bags is another by a tenth or two.
    double more = 1 + scatter(BAGS) / 40;
    assertThat(errors.ours())
        .isLessThanOrEqualTo(Math.max(errors.usual() * 2 / 3, errors.oracles() * 1.2) * more);
    assertThat(errors.ourFactor()).isLessThanOrEqualTo(errors.usualFactor() * 2 / 3);
  }

  /**
   * What is said then is not wrong more often: of a hundred bags no more than from half on are told
   * a range that they do not end in, and all others the right one, or that it is too early.
   */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "SORTED")
  void beforeHalfNoMoreAreToldWhatIsWrong(Shape shape) {
    head(shape, BAGS, ITEMS);
    play(shape, ITEMS, BAGS, EARLY).forEach(stage -> holdsEarly(stage, BAGS));
    head(shape, MANY_BAGS, MANY_ITEMS);
    List<SimulatedStage> many = play(shape, MANY_ITEMS, MANY_BAGS, EARLY);
    many.forEach(stage -> holdsEarly(stage, MANY_BAGS));
    if (shape == Shape.CONSTANT || shape == Shape.EXPONENTIAL) {
      assertThat(many).allSatisfy(stage -> assertThat(stage.shown()).isEqualTo(MANY_BAGS));
    }
  }

  private static void holdsEarly(SimulatedStage stage, int bags) {
    assertThat(stage.wrong()).as("told a wrong range").isLessThanOrEqualTo(15 + scatter(bags));
    assertThat(stage.tooLateABound()).as("ends before its bound").isLessThanOrEqualTo(10);
  }

  @Test
  void sortedInputIsAnnounced() {
    head(Shape.SORTED, BAGS, ITEMS);
    play(Shape.SORTED, ITEMS, BAGS, EARLY);
    assertThat(play(Shape.SORTED, ITEMS, BAGS, LATE))
        .allSatisfy(stage -> assertThat(stage.announced()).isGreaterThanOrEqualTo(90));
    head(Shape.SORTED, MANY_BAGS, MANY_ITEMS);
    assertThat(play(Shape.SORTED, MANY_ITEMS, MANY_BAGS, EARLY))
        .allSatisfy(stage ->
            assertThat(stage.announced() * stage.shown())
                .isGreaterThanOrEqualTo(90.0 * stage.shown()));
  }
}
