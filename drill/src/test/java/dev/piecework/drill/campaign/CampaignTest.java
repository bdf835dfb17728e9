package dev.piecework.drill.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.drill.DrillPlan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded, real faults on real processes, and a verdict. The short form, one bag on each kind of
 * Redis side by side, is a part of {@code ./check}; {@code ./check --long} gives it as many minutes
 * as one likes, and {@code --seed THEATRE:SEED} plays one bag again.
 */
final class CampaignTest {

  private static final Duration LAPSE = Duration.ofSeconds(1);

  @Test
  @Timeout(24 * 3_600)
  void nothingIsLostWhateverHappens() throws Exception {
    double minutes = Double.parseDouble(System.getProperty("drill.minutes", "0"));
    String given = System.getProperty("drill.seed", "");
    boolean one = given.contains(":");
    long seed =
        given.isEmpty()
            ? ThreadLocalRandom.current().nextInt(1, 1_000_000_000)
            : Long.parseLong(given.substring(given.indexOf(':') + 1));
    long items = minutes > 0 || one ? 20_000 : 4_000;
    Duration time = Duration.ofSeconds(minutes > 0 || one ? 25 : 15);
    DrillPlan plan = new DrillPlan(items, 3, time, LAPSE, seed);
    long end = one ? 0 : System.nanoTime() + Math.round(minutes * 60e9) - 2 * time.toNanos();
    Scoreboard board = new Scoreboard();
    System.out.printf("campaign with seed %s%n", given.isEmpty() ? seed : given);
    try (OneRedis always = new OneRedis("always");
        OneRedis everysec = new OneRedis("everysec");
        Failover sentinel = new Failover();
        Sharded cluster = new Sharded(Campaign.QUEUE)) {
      List<Thread> campaigns =
          List.<Theatre>of(always, everysec, sentinel, cluster).stream()
              .filter(theatre -> !one || given.startsWith(theatre.name() + ":"))
              .map(theatre -> new Campaign(theatre, plan, 700, end, board))
              .map(campaign -> Thread.ofPlatform().start(campaign))
              .toList();
      assertThat(campaigns).as("a theatre for %s", given).isNotEmpty();
      for (Thread campaign : campaigns) {
        campaign.join();
      }
    }
    board.print();
    assertThat(board.failures()).isEmpty();
    assertThat(board.kinds()).as("kinds of faults").hasSizeGreaterThanOrEqualTo(one ? 3 : 12);
  }
}
