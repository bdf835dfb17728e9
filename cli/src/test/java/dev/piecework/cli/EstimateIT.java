package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.Effort;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** When a queue ends, and when it would. */
class EstimateIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ITEMS = 80;

  @RegisterExtension final Piecework piecework = new Piecework().patient(Duration.ofMinutes(3));

  /**
   * What was said at an instant.
   *
   * @param lastWaits whether the last item had not begun
   */
  private record Said(double low, double high, boolean lastWaits, long nanos) {}

  private JsonNode status(String queue) throws Exception {
    return JSON.readTree(piecework.here("status", queue, "-o", "json").expect(0).out());
  }

  private @Nullable Said half(String queue) throws Exception {
    JsonNode status = status(queue);
    assertThat(status.get("standing").asString()).as("half of it was seen").isNotEqualTo("drained");
    JsonNode counts = status.get("counts");
    JsonNode end = status.get("estimate");
    return counts.get("done").asInt() < ITEMS / 2 || end.get("highSeconds") == null
        ? null
        : new Said(
            end.get("lowSeconds").asDouble(),
            end.get("highSeconds").asDouble(),
            counts.get("waiting").asInt() > 0,
            System.nanoTime());
  }

  /**
   * Real bags of a command that sleeps, items of any length: one, and twenty with an effort of 20.
   */
  @Test
  void realBagsEndWhenTheyAreSaidTo() throws Exception {
    int inside = 0;
    int judged = 0;
    int bags = Effort.of(1);
    for (int bag = 0; bag < bags; bag++) {
      SplittableRandom random = new SplittableRandom(bag);
      String items =
          DoubleStream.generate(() -> 0.1 * Math.exp(random.nextGaussian()))
              .limit(ITEMS)
              .mapToObj(seconds -> String.format(Locale.ROOT, "%.3f%n", seconds))
              .collect(Collectors.joining());
      String queue = "bag" + bag;
      // The last item waits until half was seen: the bag has not ended then, however late that is.
      piecework.write("in", items.stripTrailing() + " last\n");
      String command =
          "case $1 in *last) until [ -e seen%d ]; do sleep 0.05; done;; esac; set -- $1; sleep $1"
              .formatted(bag);
      piecework
          .here(
              "fill", queue, "--from", piecework.file("in").toString(), "--lease-timeout", "600ms")
          .expect(0);
      Piecework.Started worker = piecework.start("work", queue, "--slots", "4", "--sh", command);
      Said[] said = {null};
      await().atMost(Duration.ofMinutes(2)).until(() -> (said[0] = half(queue)) != null);
      piecework.write("seen" + bag, "");
      worker.end().expect(0);
      double took = (System.nanoTime() - said[0].nanos()) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "bag %d: said %.1f to %.1f s, ended after %.1f s%n",
          bag,
          said[0].low(),
          said[0].high(),
          took);
      // How long an item is held is nothing that an estimate could know.
      if (said[0].lastWaits()) {
        judged++;
        // A worker takes a part of a second to leave.
        inside += said[0].low() <= took && took <= said[0].high() + 1 ? 1 : 0;
      }
    }
    // Of twenty fewer than fifteen are inside once in a hundred times.
    assertThat(inside).isGreaterThanOrEqualTo(judged * 3 / 4);
    assertThat(judged).isGreaterThanOrEqualTo(bags / 2);

    assertThat(status("bag0").get("estimate").get("state").asString()).isEqualTo("nothing_left");
    again();
  }

  private void again() throws Exception {
    List<String> lines =
        piecework
            .here(
                "estimate",
                "bag0",
                "--workers",
                "1,2,400",
                "--slots",
                "4",
                "--price-per-worker-hour",
                "3600")
            .expect(0)
            .lines();
    assertThat(lines).hasSize(6);
    assertThat(lines.getFirst())
        .isEqualTo("bag0: nothing is left; all 80 items again, workers of 4 slots");
    assertThat(lines.get(1)).startsWith("WORKERS  SLOTS  ENDS IN").endsWith("COST");
    assertThat(lines.get(4)).startsWith("400      1,600");
    assertThat(lines.get(5)).startsWith("more than ").contains(" do not help: the longest item");

    JsonNode json =
        JSON.readTree(
            piecework.here("estimate", "bag0", "--workers", "1,400", "-o", "json").expect(0).out());
    JsonNode one = json.get("workers").get(0);
    JsonNode many = json.get("workers").get(1);
    assertThat(json.get("slotsPerWorker").asInt()).isEqualTo(1);
    assertThat(json.get("tooEarly").asBoolean()).isFalse();
    assertThat(one.get("tooEarly").asBoolean()).isFalse();
    assertThat(one.get("atLeastSeconds").asDouble()).isEqualTo(json.get("workSeconds").asDouble());
    assertThat(many.get("atLeastSeconds").asDouble())
        .isEqualTo(json.get("longestSeconds").asDouble());
    assertThat(one.get("lowSeconds").asDouble()).isGreaterThan(many.get("lowSeconds").asDouble());
    assertThat(json.get("mostWorkers").asInt()).isBetween(2, 200);
  }

  @Test
  void withoutTimesAndWithWrongNumbersItSaysSo() throws Exception {
    piecework.write("in", Stream.of("a", "b").collect(Collectors.joining("\n")));
    piecework.here("fill", "new", "--from", piecework.file("in").toString()).expect(0);
    assertThat(piecework.here("estimate", "new", "--workers", "3").expect(2).err())
        .contains("queue 'new' has no times of items that are done");
    assertThat(piecework.here("estimate", "new", "--workers", "0").expect(2).err())
        .contains("--workers: 0 is not from 1 to 1,000,000");
    assertThat(piecework.here("estimate", "new").expect(2).err()).contains("--workers");
    assertThat(piecework.here("status", "new").expect(0).out()).contains("no worker is there");
  }
}
