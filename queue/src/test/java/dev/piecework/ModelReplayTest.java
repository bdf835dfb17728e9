package dev.piecework;

import static dev.piecework.model.Scenario.Kind.POSTPONED;
import static dev.piecework.model.Scenario.Kind.PRODUCED;
import static dev.piecework.model.Scenario.Kind.PUSHED;
import static dev.piecework.model.Scenario.Kind.URGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.model.Row;
import dev.piecework.model.Row.Call;
import dev.piecework.model.Scenario;
import dev.piecework.model.State;
import dev.piecework.model.Table;
import dev.piecework.testrun.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Holds the model's table against the scripts: random traces of the model are done on Redis, and
 * after every step what Redis has is the model's state. {@code -Dseed=N} repeats one trace,
 */
@Tag("slow")
class ModelReplayTest {

  private static final List<Scenario.Kind> ITEMS =
      List.of(PUSHED, PRODUCED, URGENT, POSTPONED, PUSHED, PRODUCED, PUSHED);
  private static final int STEPS = 120;

  private final Table table = Table.correct();
  private final Map<String, Integer> taken = new HashMap<>();
  private int steps;

  @Test
  void theScriptsDoWhatTheTableSays() {
    String one = System.getProperty("seed");
    if (one != null) {
      replay(Long.parseLong(one));
      return;
    }
    int traces = Effort.of(12);
    Random seeds = new Random();
    for (int i = 0; i < traces || (taken.size() < table.rows().size() && i < 10 * traces); i++) {
      replay(seeds.nextLong());
    }
    System.out.println("ModelReplayTest: " + steps + " steps, " + taken);
    assertThat(table.rows()).extracting(Row::name).allMatch(taken::containsKey, "was taken");
  }

  private void replay(long seed) {
    Random random = new Random(seed);
    List<String> trace = new ArrayList<>();
    Map<String, Integer> here = new HashMap<>(); // the seed alone decides what comes
    Scenario bag = bag(random);
    QueueSettings settings =
        Bench.SETTINGS
            .withAttempts(bag.budgets().attempts())
            .withLosses(bag.budgets().losses())
            .withProducerGrace(Duration.ZERO) // a producer vanishes as a session is lost
            .withKeep(Keep.RESULTS)
            .withBackup(bag.may().contains(Scenario.Feature.COPIES));
    try (Bench bench =
        new Bench(config -> Place.STANDALONE.config(config).withSettings(settings))) {
      State state = new State(bag);
      ModelOnRedis redis = new ModelOnRedis(bench, bag, random);
      for (int i = 0; i < STEPS; i++) {
        Call call = any(random, state, here);
        trace.add(call.toString());
        State next = call.row().after(state, call);
        redis.take(call, state, next);
        compare(bench, redis, next);
        state = next;
        String refused = redis.probe(state);
        if (!refused.isEmpty()) {
          trace.add("refused: " + refused);
          compare(bench, redis, state);
        }
        here.merge(call.row().name(), 1, Integer::sum);
        taken.merge(call.row().name(), 1, Integer::sum);
        steps++;
      }
    } catch (RuntimeException | AssertionError broken) {
      throw new AssertionError(
          "-Dseed="
              + seed
              + ": the scripts and the table differ after\n  "
              + String.join("\n  ", trace),
          broken);
    }
  }

  private static void compare(Bench bench, ModelOnRedis redis, State expected) {
    State there = RedisAsModel.read(bench, redis, expected);
    assertThat(there.toString()).isEqualTo(expected.asRedisHasIt().toString());
  }

  // Each trace with other budgets, and with some of what may happen.
  private static Scenario bag(Random random) {
    Set<Scenario.Feature> may = EnumSet.of(Scenario.Feature.PLAIN);
    for (Scenario.Feature feature : Scenario.Feature.values()) {
      if (random.nextInt(3) > 0) {
        may.add(feature);
      }
    }
    Scenario.Budgets budgets = new Scenario.Budgets(1 + random.nextInt(3), 1 + random.nextInt(4));
    // Of few items there is soon one that waits for nothing but its holder.
    boolean few = may.contains(Scenario.Feature.COPIES) && random.nextBoolean();
    List<Scenario.Kind> items = few ? ITEMS.subList(0, 4) : ITEMS;
    return new Scenario("replayed", 2 + random.nextInt(2), items, budgets, may);
  }

  // Of the rows that are possible, one that was taken seldom in this trace; arrows of items rather
  // than what stops everything.
  private Call any(Random random, State state, Map<String, Integer> here) {
    List<Call> calls = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    double sum = 0;
    for (Row row : table.rows()) {
      List<Call> possible = row.calls(state);
      if (!possible.isEmpty()) {
        calls.add(possible.get(random.nextInt(possible.size())));
        sum += weight(row.name()) / (4 + here.getOrDefault(row.name(), 0));
        weights.add(sum);
      }
    }
    double at = random.nextDouble() * sum;
    int chosen = 0;
    while (weights.get(chosen) < at) {
      chosen++;
    }
    return calls.get(chosen);
  }

  private static double weight(String row) {
    return switch (row) {
      case "purge" -> 0.05;
      case "pause", "leave", "an outage", "drop" -> 0.2;
      case "crash", "stopped for a lease timeout", "process gone", "heartbeat" -> 0.4;
      case "begin", "look", "lease", "resume", "complete and lease next" -> 4;
      case "end beside another holder", "settlement of what another has completed" -> 100;
      case "back up" -> 400; // only when nothing waits
      case "session lost, no losses left" -> 40; // a state that is rare
      default -> 1;
    };
  }
}
