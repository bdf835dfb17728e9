package dev.piecework.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.embedded.PrivateRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smallest whole: real processes, real deaths, a verdict. */
final class DrillTest {

  @TempDir Path folder;

  @Test
  void aSmallDrillPasses() throws Exception {
    try (PrivateRedis redis =
        PrivateRedis.builder().appendOnly(true).config("appendfsync", "always").start()) {
      DrillPlan plan = new DrillPlan(3_000, 2, Duration.ofSeconds(10), Duration.ofSeconds(1), 7);
      List<Fault> faults =
          List.of(
              new KillWorker(),
              new FreezeWorker(),
              new KillProducer(),
              new KillRedis(redis, "Redis killed", Duration.ZERO));
      DrillReport report =
          new Drill(plan, who -> Place.at(redis.uri()), faults, System.out::println)
              .run(folder, "drill", 700);
      System.out.println(
          report.strikesByKind() + " " + report.recoveries() + " " + report.verdict().figures());
      assertThat(report.verdict().violations()).isEmpty();
      assertThat(report.course().drained()).isTrue();
      assertThat(report.verdict().figures().items()).isEqualTo(3_000);
      assertThat(report.strikes()).isNotEmpty();
    }
  }
}
