package dev.piecework.cli.run;

import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.redis.WhereRedis;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.drill.Drill;
import dev.piecework.drill.DrillPlan;
import dev.piecework.drill.DrillQueue;
import dev.piecework.drill.DrillReport;
import dev.piecework.drill.Fault;
import dev.piecework.drill.FreezeWorker;
import dev.piecework.drill.KillProducer;
import dev.piecework.drill.KillRedis;
import dev.piecework.drill.KillWorker;
import dev.piecework.drill.Place;
import dev.piecework.embedded.PrivateRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "Fills a queue of its own, starts workers, and kills and freezes them and the producer, by a",
      "seed. Every process records each call that it makes and what was answered; from these records",
      "alone it is then checked that nothing was lost, nothing committed twice, and so on. With",
      "--redis (or REDIS_URL, ...) it runs on that Redis and harms nothing else there; otherwise on",
      "one started for it, which is killed and restarted, too. Workers that are killed are started",
      "again on this machine. Handlers fail some items on purpose, and give up a few: those are the dead.",
      "",
      "Exits 0 when every promise was kept, 1 when one was broken: the records are kept then.",
      "",
      "Example:",
      "  piecework drill",
      "  piecework drill --items 100000 --workers 8 --time 5m --redis redis://redis.example:6379"
    })
public final class DrillVerb extends Verb {

  /** Between two faults, on average. */
  private static final double PACE_MILLIS = 700;

  @Option(
      names = {"-n", "--items"},
      paramLabel = "N",
      description = "How many items. Default: 10,000.")
  long items = 10_000;

  @Option(
      names = {"-w", "--workers"},
      paramLabel = "N",
      description = "How many worker processes, of " + DrillPlan.SLOTS + " slots each. Default: 3.")
  int workers = 3;

  @Option(
      names = {"-t", "--time"},
      paramLabel = "20s",
      description =
          "How long the items are made to last. Faults strike while they are filled, worked on, and at"
              + " the end: half as long at most each. Default: 20s.")
  Duration time = Duration.ofSeconds(20);

  @Option(
      names = "--lease-timeout",
      paramLabel = "1s",
      description = "After how long a silent worker is given up. Default: 1s.")
  @Nullable Duration leaseTimeout;

  @Option(names = "--lapse", hidden = true, description = "The old name of --lease-timeout.")
  @Nullable Duration lapse;

  @Option(
      names = "--backup",
      description = "Have idle workers start again what slow ones hold, and check that, too.")
  boolean backup;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Chooses the same faults and victims again. Default: a new one, printed.")
  @Nullable Long seed;

  @Mixin RedisOptions redis = new RedisOptions();
  @Mixin OutputOption output = new OutputOption();

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    DrillPlan plan = plan();
    Signals.onFirst(Thread.currentThread()::interrupt);
    Path folder = Files.createTempDirectory("piecework-drill-");
    boolean keep = true;
    try {
      DrillReport report =
          switch (redis.where(terminal.environment())) {
            case WhereRedis.At at -> onTheirs(terminal, plan, folder, at.uri().text());
            case WhereRedis.Embedded none -> onOurs(terminal, plan, folder);
          };
      keep = !report.passed();
      terminal.print(
          output.json()
              ? DrillText.json(report, keep ? folder : null)
              : DrillText.text(report, keep ? folder : null));
      return report.passed() ? ExitCode.DONE : ExitCode.DRILL_FAILED;
    } catch (InterruptedException told) {
      keep = false;
      return ExitCode.INTERRUPTED;
    } finally {
      if (!keep) {
        remove(folder);
      }
    }
  }

  private DrillPlan plan() {
    try {
      long chosen = seed == null ? new SecureRandom().nextInt(1_000_000_000) : seed;
      if (lapse != null && leaseTimeout != null) {
        throw Refusal.usage("--lapse is --lease-timeout by its old name: give one of them");
      }
      Duration timeout = leaseTimeout != null ? leaseTimeout : lapse;
      if (timeout == null) {
        timeout = Duration.ofSeconds(1);
      }
      return new DrillPlan(items, workers, time, new DrillQueue(timeout, backup), chosen);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage("--" + wrong.getMessage(), wrong);
    }
  }

  private DrillReport onTheirs(Terminal terminal, DrillPlan plan, Path folder, String uri)
      throws Exception {
    String queue = queueName(plan);
    try (Connection connection = redis.connect(terminal, queue, SettingsOptions.OURS)) {
      begin(terminal, plan, connection.queue(), "it is yours, so it is not killed");
    }
    Place place = new Place(uri, redis.renewedPasswordFile(), redis.tls());
    return drill(terminal, plan, place, onWorkers()).run(folder, queue, PACE_MILLIS);
  }

  private DrillReport onOurs(Terminal terminal, DrillPlan plan, Path folder) throws Exception {
    try (PrivateRedis own =
        PrivateRedis.builder()
            .appendOnly(true)
            .config("appendfsync", "always")
            .password(random(16))
            .start()) {
      String queue = queueName(plan);
      try (WorkQueue look = WorkQueue.open(own.uri(), queue)) {
        begin(terminal, plan, look, "started for this drill");
      }
      List<Fault> faults = new ArrayList<>(onWorkers());
      faults.add(new KillRedis(own, "Redis killed", Duration.ZERO));
      return drill(terminal, plan, Place.at(own.uri()), faults).run(folder, queue, PACE_MILLIS);
    }
  }

  private Drill drill(Terminal terminal, DrillPlan plan, Place place, List<Fault> faults) {
    return new Drill(plan, who -> place, faults, terminal::say);
  }

  private static List<Fault> onWorkers() {
    return List.of(new KillWorker(), new FreezeWorker(), new KillProducer());
  }

  private static String queueName(DrillPlan plan) {
    return "drill-" + plan.seed() + "-" + random(3);
  }

  private void begin(Terminal terminal, DrillPlan plan, WorkQueue queue, String whose) {
    terminal.say(
        String.format(
            java.util.Locale.ROOT,
            "%,d items, %d workers, %s or more, seed %d; %s (%s)",
            plan.items(),
            plan.workers(),
            Figures.time(plan.time()),
            plan.seed(),
            queue.admin().server(),
            whose));
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
