package dev.piecework.drill.campaign;

import static org.awaitility.Awaitility.await;

import dev.piecework.drill.Drill;
import dev.piecework.drill.DrillPlan;
import dev.piecework.drill.DrillQueue;
import dev.piecework.drill.DrillReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** Bag after bag in one environment, each with a seed of its own, until the time is over. */
final class Campaign implements Runnable {

  /** Every bag has this name: the slot of a Cluster is known from it. */
  static final String QUEUE = "campaign";

  private static final double CALM_MILLIS = 5_000;

  private final TestEnvironment environment;
  private final DrillPlan plan;
  private final long end;
  private final Ledger ledger;

  /** What all campaigns write into. */
  interface Ledger {
    void bag(TestEnvironment environment, DrillReport report, List<String> leftovers, Path folder);

    void broke(TestEnvironment environment, long seed, Throwable why);
  }

  /**
   * @param plan of each bag; its seed is that of the first one
   * @param end by {@link System#nanoTime}: no bag begins after it
   */
  Campaign(TestEnvironment environment, DrillPlan plan, long end, Ledger ledger) {
    this.environment = environment;
    this.plan = plan;
    this.end = end;
    this.ledger = ledger;
  }

  // Every eighth bag shows how soon work goes on: faults that do not add up.
  private static boolean isCalm(long seed) {
    return seed % 8 == 0;
  }

  /** This seed, or the next of a bag that has all kinds of faults. */
  static long notCalm(long seed) {
    return isCalm(seed) ? seed + 1 : seed;
  }

  @Override
  public void run() {
    Random seeds = new Random(plan.seed());
    long seed = plan.seed();
    do {
      if (!one(seed)) {
        return;
      }
      seed = seeds.nextInt(1, 1_000_000_000);
    } while (System.nanoTime() < end);
  }

  private boolean one(long seed) {
    // With backup attempts each second one; -Ddrill.backup=true: all of them.
    boolean backup = seed % 2 == 1 || Boolean.getBoolean("drill.backup");
    DrillPlan bag =
        new DrillPlan(
            plan.items(),
            plan.workers(),
            plan.time(),
            new DrillQueue(plan.leaseTimeout(), backup),
            seed);
    try {
      Path bags = Files.createDirectories(Path.of("target/bags").toAbsolutePath());
      Path folder = Files.createTempDirectory(bags, "bag-");
      List<String> said = new ArrayList<>();
      boolean calm = isCalm(seed);
      DrillReport report =
          new Drill(bag, environment, calm ? environment.deaths() : environment.faults(), said::add)
              .run(folder, QUEUE, calm ? CALM_MILLIS : environment.paceMillis());
      List<String> left = goneSoon(environment::leftovers);
      Files.write(folder.resolve("notices.txt"), said);
      ledger.bag(environment, report, left, folder);
      if (report.passed() && left.isEmpty()) {
        remove(folder);
      }
      return true;
    } catch (Throwable broke) {
      ledger.broke(environment, seed, broke);
      return false;
    }
  }

  /** What is still there after a while: the connections of the killed close by themselves. */
  static List<String> goneSoon(Supplier<List<String>> left) {
    try {
      return await().atMost(Duration.ofSeconds(5)).until(left::get, List::isEmpty);
    } catch (ConditionTimeoutException stays) {
      return left.get();
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
