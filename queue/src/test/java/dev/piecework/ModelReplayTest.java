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
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Holds the model's table against the scripts: random traces of the model are done on Redis, and
 * after every step what Redis has is the model's state. {@code -Dseed=N} repeats one trace, {@code
 * -Dpiecework.replays=N} takes more than usual.
 */
class ModelReplayTest {

  private static final Scenario BAG =
      new Scenario(
          "replayed",
          3,
          List.of(PUSHED, PRODUCED, URGENT, POSTPONED, PUSHED, PRODUCED, PUSHED),
          new Scenario.Budgets(2, 3),
          EnumSet.allOf(Scenario.Feature.class));
  private static final int STEPS = 160;

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
    int traces = Integer.getInteger("piecework.replays", 12);
    Random seeds = new Random();
    for (int i = 0; i < traces || (taken.size() < table.rows().size() && i < 20 * traces); i++) {
      replay(Math.abs(seeds.nextLong()));
    }
    System.out.println("ModelReplayTest: " + steps + " steps, " + taken);
    assertThat(table.rows()).extracting(Row::name).allMatch(taken::containsKey, "was taken");
  }

  private void replay(long seed) {
    Random random = new Random(seed);
    List<String> trace = new ArrayList<>();
    Map<String, Integer> here = new HashMap<>(); // the seed alone decides what comes
    try (Bench bench = Bench.shared()) {
      bench.with(
          Bench.SETTINGS
              .withAttempts(BAG.budgets().attempts())
              .withLosses(BAG.budgets().losses())
              .withProducerGrace(Duration.ZERO)
              .withKeep(Keep.RESULTS));
      State state = new State(BAG);
      ModelOnRedis redis = new ModelOnRedis(bench, BAG, random);
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
          "-Dseed=" + seed + ": the scripts and the table differ after\n  "
              + String.join("\n  ", trace),
          broken);
    }
  }

  private static void compare(Bench bench, ModelOnRedis redis, State expected) {
    State there = RedisAsModel.read(bench, redis, expected);
    assertThat(there.toString()).isEqualTo(expected.asRedisHasIt().toString());
  }

  // What was taken seldom is taken rather; a purge and an outage once in a while.
  private Call any(Random random, State state, Map<String, Integer> here) {
    List<Call> calls = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    double sum = 0;
    for (Row row : table.rows()) {
      List<Call> possible = row.calls(state);
      if (!possible.isEmpty()) {
        calls.add(possible.get(random.nextInt(possible.size())));
        double rare = row.name().equals("purge") ? 0.02 : 1;
        sum += rare / (2 + here.getOrDefault(row.name(), 0));
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
}
