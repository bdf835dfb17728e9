package dev.piecework.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.WorkQueue;
import dev.piecework.embedded.PrivateRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smallest whole: real processes, real deaths, a verdict. */
@Tag("slow")
final class DrillTest {

  @TempDir Path folder;

  @Test
  void aSmallDrillPasses() throws Exception {
    try (PrivateRedis redis =
        PrivateRedis.builder().appendOnly(true).config("appendfsync", "always").start()) {
      DrillPlan plan = new DrillPlan(3_000, 2, Duration.ofSeconds(10), backingUp(), 7);
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
          report.injectedByKind() + " " + report.recoveries() + " " + report.verdict().figures());
      assertThat(report.verdict().violations()).isEmpty();
      assertThat(report.course().drained()).isTrue();
      assertThat(report.verdict().figures().items()).isEqualTo(3_000);
      assertThat(report.injected()).isNotEmpty();
    }
  }

  private static DrillQueue backingUp() {
    return new DrillQueue(Duration.ofSeconds(1), true);
  }

  /**
   * Guards against one that fills all again: on a busy machine the bag may be drained when the
   * replacement comes, and then it would begin a run of its own, of which nobody works.
   */
  @Test
  void aProducerThatIsKilledAfterTheEndOfItsFillIsNotReplaced() throws Exception {
    try (PrivateRedis redis =
            PrivateRedis.builder().appendOnly(true).config("appendfsync", "always").start();
        WorkQueue queue = WorkQueue.open(redis.uri(), "drill")) {
      DrillPlan plan = new DrillPlan(40, 1, Duration.ofSeconds(1), backingUp(), 7);
      DrillReport report =
          new Drill(plan, lingeringProducer(redis.uri()), List.of(killWhenDrained(queue)), n -> {})
              .run(folder, "drill", 1);
      assertThat(report.injected()).isNotEmpty();
      assertThat(report.verdict().violations()).isEmpty();
      assertThat(report.course().drained()).isTrue();
    }
  }

  /** One whose process is there for a while when it has ended its fill. */
  private static DrillEnvironment lingeringProducer(String uri) {
    return new DrillEnvironment() {
      @Override
      public Place place(String who) {
        return Place.at(uri);
      }

      @Override
      public List<String> command(String who, List<String> java) {
        List<String> command = new ArrayList<>();
        if (who.equals("producer-1")) {
          command.addAll(List.of("/bin/sh", "-c", "\"$@\"; read _", "sh"));
        }
        command.addAll(java);
        return command;
      }
    };
  }

  private static Fault killWhenDrained(WorkQueue queue) {
    return new Fault() {
      @Override
      public String kind() {
        return "producer killed when all is done";
      }

      @Override
      public boolean isPossible(FaultContext context) {
        return context.producerLives();
      }

      @Override
      public void inject(FaultContext context) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(queue::isDrained);
        context.killProducer();
      }
    };
  }
}
