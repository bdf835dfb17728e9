package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testkit.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class DrillIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  @Test
  void aDrillOnARedisOfItsOwnPasses() throws Exception {
    // By this seed the first fault is that Redis is killed; how many follow is a matter of time.
    Piecework.Ended drill =
        piecework
            .run("drill", "--items", "1000", "--workers", "2", "--time", "4s", "--seed", "7")
            .expect(0);
    assertThat(drill.out()).contains("1,000 filled", "verdict   passed", "Redis killed");
    assertThat(drill.err()).contains("seed ", "started for this drill");
    assertThat(drill.out()).doesNotContain("records");
  }

  @Test
  void onSomebodysRedisItCleansUpAndHarmsNothing() throws Exception {
    try (TestRedis redis = TestRedis.started()) {
      Jedis jedis = redis.jedis();
      jedis.set("theirs", "1");
      long pid = redis.pid();
      String out =
          piecework
              .run(
                  "drill",
                  "-o",
                  "json",
                  "--items=1000",
                  "--workers=2",
                  "--time=3s",
                  "--seed=5",
                  "--redis=" + redis.uri())
              .expect(0)
              .out();
      assertThat(out).startsWith("{\"passed\":true,\"seed\":5,").contains("\"items\":1000");
      assertThat(redis.pid()).isEqualTo(pid);
      assertThat(jedis.get("theirs")).isEqualTo("1");
      // That a run was purged is remembered for a week, for its workers.
      assertThat(jedis.keys("*"))
          .allMatch(k -> k.equals("theirs") || k.endsWith(":runs") || k.equals("piecework:queues"));
    }
  }

  /** A verdict that cannot be bad is worth nothing: here somebody takes an item away. */
  @Test
  void whoeverStealsAnItemIsFound() throws Exception {
    try (TestRedis redis = TestRedis.started()) {
      Piecework.Started drill =
          piecework.start(
              "drill", "--items=1000", "--workers=2", "--time=3s", "--redis=" + redis.uri());
      Jedis jedis = redis.jedis();
      String stolen =
          await()
              .atMost(Piecework.TIMEOUT)
              .pollInterval(Duration.ofMillis(5))
              .until(() -> oneOf(jedis), Objects::nonNull);
      Piecework.Ended end = drill.end().expect(1);
      assertThat(end.out()).contains("FAILED", "'" + stolen + "' was filled and never leased");
      String records =
          end.out().lines().filter(l -> l.startsWith("records")).findFirst().orElseThrow();
      Path folder = Path.of(records.substring("records".length()).strip());
      assertThat(folder.toFile().list()).anyMatch(file -> file.endsWith(".history"));
      piecework.startProgram("rm", "-r", folder.toString()).end().expect(0);
    }
  }

  private static @Nullable String oneOf(Jedis jedis) {
    return jedis.keys("drill-*").stream()
        .map(jedis::rpop)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  @Test
  void anInterruptLeavesNothingBehind() throws Exception {
    try (TestRedis redis = TestRedis.started()) {
      Piecework.Started drill =
          piecework.startInGroup("drill", "--workers=2", "--items=3000", "--redis=" + redis.uri());
      Jedis jedis = redis.jedis();
      await()
          .atMost(Piecework.TIMEOUT)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> !jedis.keys("{drill-*}:results:*").isEmpty());
      drill.signal("INT");
      drill.end().expect(130);
      assertThat(jedis.keys("*drill*")).allMatch(key -> key.endsWith(":runs"));
    }
  }

  @Test
  void whatCannotBeIsRefusedInOneLine() throws Exception {
    assertThat(piecework.here("drill", "--items", "0").expect(2).err())
        .contains("--items must be 1 to 10,000,000, not 0");
    assertThat(piecework.here("drill", "--time", "50h").expect(2).err()).contains("--time must be");
  }
}
