package dev.piecework.drill.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.drill.DrillPlan;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded, real faults on real processes, and a verdict. The short form, one bag on a Redis that
 * keeps what it has answered, is a part of {@code ./check}; {@code ./check --long} is for as many
 * minutes as one likes, on four kinds of Redis side by side, and {@code --seed THEATRE:SEED} plays
 * one bag again.
 *
 * <p>Where Redis may go back in time the checker knows of that only by the tokens in the answers
 * that somebody lived to record. Without one it takes what was undone for broken: so those kinds
 * are for who reads the records of a failure.
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
    long items = minutes > 0 || one ? 20_000 : 2_500;
    Duration time = Duration.ofSeconds(minutes > 0 || one ? 25 : 10);
    DrillPlan plan = new DrillPlan(items, minutes > 0 || one ? 3 : 2, time, LAPSE, seed);
    long end = one ? 0 : System.nanoTime() + Math.round(minutes * 60e9) - 2 * time.toNanos();
    Scoreboard board = new Scoreboard();
    System.out.printf("campaign with seed %s%n", given.isEmpty() ? seed : given);
    Soak soak = new Soak(end, seed);
    Thread soaking = Thread.ofPlatform().unstarted(soak);
    if (minutes > 0) {
      soaking.start();
    }
    try (OneRedis always = new OneRedis("always");
        OneRedis everysec = new OneRedis("everysec");
        Failover sentinel = new Failover();
        Sharded cluster = new Sharded(Campaign.QUEUE)) {
      List<Thread> campaigns =
          List.<Theatre>of(always, everysec, sentinel, cluster).stream()
              .filter(theatre ->
                  one ? given.startsWith(theatre.name() + ":") : minutes > 0 || theatre == always)
              .map(theatre -> new Campaign(theatre, plan, 700, end, board))
              .map(campaign -> Thread.ofPlatform().start(campaign))
              .toList();
      assertThat(campaigns).as("a theatre for %s", given).isNotEmpty();
      for (Thread campaign : campaigns) {
        campaign.join();
      }
    }
    soaking.join();
    board.print(System.out);
    // In the build's folder, for ./check --long to show.
    try (PrintStream file = new PrintStream("target/campaign.txt", UTF_8)) {
      file.printf("campaign with seed %s", given.isEmpty() ? seed : given);
      board.print(file);
      file.println(soak);
    }
    assertThat(soak.findings()).isEmpty();
    assertThat(ownProcesses()).as("processes that are left").isEmpty();
    assertThat(ownThreads()).as("threads that are left").isEmpty();
    assertThat(board.failures()).isEmpty();
    assertThat(board.kinds())
        .as("kinds of faults")
        .hasSizeGreaterThanOrEqualTo(minutes > 0 ? 12 : 3);
  }

  private static List<String> ownProcesses() {
    return ProcessHandle.current()
        .descendants()
        .map(process -> process.info().commandLine().orElse("?"))
        .toList();
  }

  private static List<String> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("piecework-"))
        .toList();
  }
}
