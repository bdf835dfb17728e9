package dev.piecework.drill.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.drill.DrillPlan;
import dev.piecework.drill.DrillQueue;
import dev.piecework.drill.Fault;
import dev.piecework.testrun.Needs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded, real faults on real processes, and a verdict, on four kinds of Redis side by side. The
 * short form, one bag on each, is a part of {@code ./check}; {@code ./check --long} is for as many
 * minutes as one likes, and {@code --seed ENVIRONMENT:SEED} runs one bag again.
 */
@Needs({"prlimit", "faketime"})
@Tag("slow")
@Tag("process")
final class CampaignTest {

  private static final Duration LEASE_TIMEOUT = Duration.ofSeconds(1);

  private static final Pattern AFTER_CAMPAIGN = Pattern.compile("campaign: (\\*.+\\*) \\|$");
  private static final Pattern KIND = Pattern.compile("\\*([^*]+)\\*");

  private interface Opening {
    TestEnvironment open() throws IOException;
  }

  // In an order: which of them has which seed depends on it.
  private static final SequencedMap<String, Opening> ENVIRONMENTS = new LinkedHashMap<>();

  static {
    ENVIRONMENTS.put("always", () -> new OneRedis("always"));
    ENVIRONMENTS.put("everysec", () -> new OneRedis("everysec"));
    ENVIRONMENTS.put("sentinel", Failover::new);
    ENVIRONMENTS.put("cluster", () -> new Sharded(Campaign.QUEUE));
  }

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
    long items = minutes > 0 || one ? 40_000 : 1_500;
    Duration time = Duration.ofSeconds(minutes > 0 || one ? 25 : 6);
    int workers = minutes > 0 || one ? 3 : 2;
    boolean alone = minutes <= 0 && !one;
    long end = one ? 0 : System.nanoTime() + Math.round(minutes * 60e9) - 2 * time.toNanos();
    Scoreboard board = new Scoreboard();
    System.out.printf("campaign with seed %s%n", given.isEmpty() ? seed : given);
    Soak soak = new Soak(end, seed);
    Thread soaking = Thread.ofPlatform().unstarted(soak);
    if (minutes > 0) {
      soaking.start();
    }
    List<TestEnvironment> environments = new ArrayList<>();
    try {
      for (Map.Entry<String, Opening> each : ENVIRONMENTS.entrySet()) {
        if (!one || given.startsWith(each.getKey() + ":")) {
          environments.add(each.getValue().open());
        }
        // Sentinel takes ten seconds and more to make an old master follow: two at once hit
        // twice.
        if (!one && minutes > 0 && each.getKey().equals("sentinel")) {
          environments.add(each.getValue().open());
        }
      }
      assertThat(environments).as("an environment for %s", given).isNotEmpty();
      if (!one) {
        assertThat(environments.stream().flatMap(t -> t.faults().stream()).map(Fault::kind))
            .as("the kinds of faults that docs/failure.md names")
            .containsAll(kindsInTheDocument())
            .isSubsetOf(kindsInTheDocument());
      }
      List<Thread> campaigns = new ArrayList<>();
      for (int i = 0; i < environments.size(); i++) {
        // One seed for all would have them all inject at the same moments, or none.
        long first = alone ? Campaign.notCalm(seed + 2L * i) : seed + 2L * i;
        DrillPlan plan =
            new DrillPlan(items, workers, time, new DrillQueue(LEASE_TIMEOUT, false), first);
        campaigns.add(
            Thread.ofPlatform().start(new Campaign(environments.get(i), plan, end, board)));
      }
      for (Thread campaign : campaigns) {
        campaign.join();
      }
    } finally {
      environments.forEach(TestEnvironment::close);
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
    assertThat(board.withoutFaults()).as("bags that no fault struck").isEmpty();
    if (minutes > 0) { // enough of them that how busy this machine is makes no difference
      assertThat(board.late(LEASE_TIMEOUT))
          .as("later than docs/failure.md says, as a rule")
          .isEmpty();
      assertThat(board.kinds()).as("kinds of faults").hasSizeGreaterThanOrEqualTo(12);
    } else if (!one) {
      assertThat(board.kinds()).as("kinds of faults").hasSizeGreaterThanOrEqualTo(3);
    }
  }

  private static Set<String> kindsInTheDocument() throws IOException {
    return Files.readString(Path.of("../docs/failure.md"))
        .lines()
        .flatMap(line -> AFTER_CAMPAIGN.matcher(line).results())
        .flatMap(kinds -> KIND.matcher(kinds.group(1)).results())
        .map(kind -> kind.group(1))
        .collect(Collectors.toSet());
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
