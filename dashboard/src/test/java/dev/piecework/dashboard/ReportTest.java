package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.LeaseBatch;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Settlement;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@RedisPerTest
@Timeout(120)
class ReportTest {

  private static final String EVIL = "</script><script>alert(1)</script><!--";
  private static final Pattern DEAD =
      Pattern.compile("<script type=\"text/plain\" id=\"dead-items\">(.*?)</script>");
  private static final Pattern BLOCK =
      Pattern.compile("<script type=\"application/json\" id=\"block\">(.*?)</script>");

  @Test
  void theFileHasTheNumbersOfStatusAndResults(TestRedis redis) {
    try (WorkQueue queue = worked(redis)) {
      Report report = report(queue);

      JsonNode block = block(report.html());
      QueueStatus status = queue.admin().status();
      assertThat(block).isEqualTo(new JsonMapper().readTree(report.json()));
      assertThat(block.at("/counts/done").asLong())
          .isEqualTo(status.counts().done())
          .isEqualTo(queue.results().count());
      assertThat(block.path("deadTotal").asLong()).isEqualTo(status.counts().dead()).isEqualTo(2);
      assertThat(block.at("/how/command/1").asString()).isEqualTo("x " + EVIL);
      assertThat(block.at("/groups/0/dead").asLong()).isEqualTo(2);
      assertThat(block.at("/dead/0/group").asString())
          .isEqualTo(block.at("/groups/0/id").asString());
    }
  }

  @Test
  void whatIsInItemsEndsNothing(TestRedis redis) {
    try (WorkQueue queue = worked(redis)) {
      String page = report(queue).html();

      assertThat(page).doesNotContain("alert(1)</script>").doesNotContain("<!--");
      assertThat(block(page).at("/dead/0/payload").asString()).startsWith(EVIL);
      assertThat(page.split("<script", -1)).hasSize(4); // block, dead, the script
    }
  }

  @Test
  void deadItemsAreCutAndBytesStayBytes(TestRedis redis) {
    try (WorkQueue queue = worked(redis)) {
      JsonNode dead = block(report(queue).html()).path("dead");

      assertThat(dead.at("/0/payload").asString()).hasSize(200).endsWith("…");
      assertThat(dead.at("/0/error").asString()).hasSize(200).endsWith("…");
      assertThat(Base64.getDecoder().decode(dead.at("/1/payloadBase64").asString()))
          .isEqualTo(new byte[] {(byte) 0xff, 0});
    }
  }

  /** Ten thousand texts of which none is like another: there is less of each, and that is said. */
  @Test
  void howeverLongTheTextsTheFileCanBeMailed(TestRedis redis) {
    Random random = new Random(14);
    try (WorkQueue queue =
        WorkQueue.open(
            QueueConfig.of(redis.uri(), "q")
                .withSettings(QueueSettings.DEFAULTS.withAttempts(1)))) {
      queue.fill(Stream.generate(() -> Item.of(noise(random))).limit(Report.MOST_DEAD + 5));
      try (Session session = queue.session(SessionInfo.local(1))) {
        LeaseBatch batch = session.lease(1_000);
        while (!batch.leases().isEmpty()) {
          batch =
              session.step(
                  batch.leases().stream()
                      .<Settlement>map(lease -> new Settlement.Bury(lease, noise(random)))
                      .toList(),
                  1_000);
        }
      }

      String page = Report.of(queue.admin(), "1.2.3", Instant.EPOCH).html();

      assertThat(page.length()).isLessThanOrEqualTo(Report.LONGEST_FILE);
      JsonNode block = block(page);
      assertThat(block.path("dead").size()).isEqualTo(Report.MOST_DEAD);
      assertThat(block.path("deadTotal").asLong()).isEqualTo(Report.MOST_DEAD + 5);
      int cut = block.path("deadTextCutAfter").asInt();
      assertThat(cut).isLessThan(Report.MOST_TEXT);
      assertThat(block.at("/dead/0/payload").asString()).hasSize(cut).endsWith("…");
    }
  }

  private static String noise(Random random) {
    byte[] bytes = new byte[200];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Nothing is asked of anybody, and nothing runs but what is named by its hash. */
  @Test
  void theFileStandsAlone(TestRedis redis) throws Exception {
    try (WorkQueue queue = worked(redis)) {
      String page = report(queue).html();

      assertThat(page).doesNotContain("src=\"").doesNotContain("href=\"assets");
      Matcher policy =
          Pattern.compile("Content-Security-Policy\" content=\"([^\"]+)\"").matcher(page);
      assertThat(policy.find()).isTrue();
      assertThat(policy.group(1)).startsWith("default-src 'none'").doesNotContain("unsafe");
      Matcher runs =
          Pattern.compile("<script type=\"module\">(.*?)</script>", Pattern.DOTALL).matcher(page);
      int count = 0;
      while (runs.find()) {
        byte[] digest =
            MessageDigest.getInstance("SHA-256")
                .digest(runs.group(1).getBytes(StandardCharsets.UTF_8));
        assertThat(policy.group(1))
            .contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
        count++;
      }
      assertThat(count).isOne();
    }
  }

  private static Report report(WorkQueue queue) {
    assertThat(queue.admin().note(Report.COMMAND, Report.asNote(List.of("./cmd", "x " + EVIL))))
        .isTrue();
    return Report.of(queue.admin(), "1.2.3", Instant.EPOCH);
  }

  /** As the block is that -o json prints. */
  private static JsonNode block(String page) {
    Matcher block = BLOCK.matcher(page);
    Matcher dead = DEAD.matcher(page);
    assertThat(block.find()).isTrue();
    assertThat(dead.find()).isTrue();
    ObjectNode whole = (ObjectNode) new JsonMapper().readTree(block.group(1));
    try (GZIPInputStream unpacked =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(dead.group(1))))) {
      return whole.set("dead", new JsonMapper().readTree(unpacked));
    } catch (IOException memoryHasNone) {
      throw new UncheckedIOException(memoryHasNone);
    }
  }

  /** Two dead, the first of long texts; three done. */
  private static WorkQueue worked(TestRedis redis) {
    WorkQueue queue =
        WorkQueue.open(
            QueueConfig.of(redis.uri(), "q")
                .withSettings(QueueSettings.DEFAULTS.withAttempts(1).withKeep(Keep.RESULTS)));
    queue.fill(
        Stream.of(
            Item.of(EVIL + "x".repeat(500)),
            Item.of(new byte[] {(byte) 0xff, 0}),
            Item.of("c"),
            Item.of("d"),
            Item.of("e")));
    for (int i = 0; i < 5; i++) {
      var lease = queue.lease(Duration.ZERO).orElseThrow();
      if (i < 2) {
        lease.retry("bad " + i + " " + EVIL + "y".repeat(500));
      } else {
        lease.complete();
      }
    }
    return queue;
  }
}
