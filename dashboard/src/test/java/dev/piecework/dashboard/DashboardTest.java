package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.Lease;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.dashboard.DashboardConfig.Listen;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Scanner;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the page is told of a queue, and what it changes: by HTTP, on a real Redis. */
@RedisPerTest
@Timeout(120)
class DashboardTest {

  private Dashboard dashboard;
  private Browser browser;
  private WorkQueue queue;

  @BeforeEach
  void start(TestRedis redis) throws Exception {
    dashboard =
        Dashboard.start(
            new RedisQueues(redis),
            new PlainFormats(),
            new DashboardConfig(Listen.onLoopback(0), Browser.TOKEN, false, "1.2.3"),
            InstantSource.system());
    browser = Browser.at(dashboard);
    queue =
        WorkQueue.open(
            QueueConfig.of(redis.uri(), "q")
                .withSettings(QueueSettings.DEFAULTS.withAttempts(1).withKeep(Keep.RESULTS)));
  }

  @AfterEach
  void stop() {
    queue.close();
    browser.close();
    dashboard.close();
  }

  @Test
  void servesTheChartsLibrary() throws Exception {
    HttpResponse<String> answer = browser.get("/assets/uPlot.esm.js");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("export");
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/javascript");
  }

  @Test
  void theBlockHasTheNumbersOfStatusAndResults() throws Exception {
    work(20, 5);

    JsonNode block = browser.json("/api/queues/q");

    QueueStatus status = queue.admin().status();
    assertThat(block.path("format").asInt()).isEqualTo(1);
    assertThat(block.path("piecework").asString()).isEqualTo("1.2.3");
    assertThat(block.at("/counts/done").asLong())
        .isEqualTo(status.counts().done())
        .isEqualTo(queue.results().count())
        .isEqualTo(15);
    assertThat(block.at("/counts/dead").asLong()).isEqualTo(status.counts().dead()).isEqualTo(5);
    assertThat(block.at("/counts/total").asLong()).isEqualTo(20);
    assertThat(block.path("run").asString()).isEqualTo(status.run());
    assertThat(block.path("state").asString()).isEqualTo("drained");
    assertThat(block.at("/groups/0/dead").asLong()).isEqualTo(5);
    assertThat(block.at("/groups/0/cause").asString()).isEqualTo("bad N");
    assertThat(block.at("/settings/attempts").asString()).isEqualTo("1");
  }

  @Test
  void prometheusIsToldHowTheQueuesStand() throws Exception {
    work(20, 5);

    HttpResponse<String> answer = browser.get("/metrics");

    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(answer.body())
        .contains("piecework_queue_items{queue=\"q\",state=\"done\"} 15.0")
        .contains("piecework_queue_items{queue=\"q\",state=\"dead\"} 5.0")
        .contains("piecework_queue_state{queue=\"q\",state=\"drained\"} 1.0")
        .contains("piecework_build_info{version=\"1.2.3\"} 1");
  }

  @Test
  void allQueuesAreListed() throws Exception {
    queue.fill(IntStream.range(0, 3).mapToObj(i -> Item.of("item " + i)));

    JsonNode list = browser.json("/api/queues");

    assertThat(list.size()).isEqualTo(1);
    assertThat(list.at("/0/queue").asString()).isEqualTo("q");
    assertThat(list.at("/0/counts/waiting").asLong()).isEqualTo(3);
  }

  @Test
  void aQueueThatIsNotThereIsNotMade() throws Exception {
    assertThat(browser.get("/api/queues/nothing").statusCode()).isEqualTo(404);
    assertThat(browser.get("/api/queues/no%20name").statusCode()).isEqualTo(400);
    assertThat(browser.json("/api/queues").size()).isZero();
  }

  @Test
  void itemsComeByThePageEachOnce() throws Exception {
    queue.fill(IntStream.range(0, 250).mapToObj(i -> Item.of("item " + i)));

    JsonNode first = browser.json("/api/queues/q/items?state=waiting");
    String next = first.path("next").asString();
    JsonNode second = browser.json("/api/queues/q/items?limit=1000&after=" + next);

    assertThat(first.path("items").size()).isEqualTo(100);
    assertThat(first.at("/items/0/payload").asString()).isEqualTo("item 0");
    assertThat(second.path("items").size()).isEqualTo(150);
    assertThat(second.at("/items/0/payload").asString()).isEqualTo("item 100");
    assertThat(second.path("next").isNull()).isTrue();
    assertThat(browser.get("/api/queues/q/items?after=" + next).statusCode()).isEqualTo(410);
    assertThat(browser.get("/api/queues/q/items?state=lazy").statusCode()).isEqualTo(400);
    assertThat(browser.get("/api/queues/q/items?limit=0").statusCode()).isEqualTo(400);
  }

  @Test
  void anItemIsFoundByItsIdAndByItsPayload() throws Exception {
    queue.fill(IntStream.range(0, 5).mapToObj(i -> Item.of("load " + i).withId("id/" + i)));

    assertThat(browser.json("/api/queues/q/items?id=id/3").path("payload").asString())
        .isEqualTo("load 3");
    assertThat(browser.json("/api/queues/q/items/id/3").path("payload").asString())
        .isEqualTo("load 3");
    assertThat(browser.json("/api/queues/q/items?payload=ad%204").at("/items/0/id").asString())
        .isEqualTo("id/4");
    assertThat(browser.get("/api/queues/q/items/none").statusCode()).isEqualTo(404);
  }

  @Test
  void aGroupIsShownDownloadedAndRequeuedByItself() throws Exception {
    work(6, 2);
    String group = browser.json("/api/queues/q").at("/groups/0/id").asString();

    JsonNode items = browser.json("/api/queues/q/items?group=" + group);
    HttpResponse<String> csv = browser.get("/api/queues/q/groups/" + group + "/items?format=csv");
    HttpResponse<String> requeued =
        browser.post("/api/queues/q/requeue", "{\"group\":\"" + group + "\"}");

    assertThat(items.path("items").size()).isEqualTo(2);
    assertThat(items.at("/items/0/group").asString()).isEqualTo(group);
    assertThat(csv.body().lines()).hasSize(3);
    assertThat(csv.headers().firstValue("Content-Disposition").orElse("")).contains("attachment");
    assertThat(requeued.body()).isEqualTo("{\"changed\":2}");
    // What was changed is seen at once, by whoever reads next.
    assertThat(browser.json("/api/queues/q").at("/counts/waiting").asLong()).isEqualTo(2);
  }

  @Test
  void theQueueIsPausedResumedAndSet() throws Exception {
    queue.fill(IntStream.range(0, 3).mapToObj(i -> Item.of("item " + i)));

    assertThat(browser.post("/api/queues/q/pause", "{\"reason\":\"lunch\"}").statusCode())
        .isEqualTo(200);
    assertThat(browser.json("/api/queues/q").path("pausedFor").asString()).isEqualTo("lunch");
    assertThat(browser.post("/api/queues/q/resume", "{}").statusCode()).isEqualTo(200);
    assertThat(browser.json("/api/queues/q").path("pausedFor").isNull()).isTrue();
    assertThat(browser.post("/api/queues/q/set", "{\"attempts\":7}").statusCode()).isEqualTo(200);
    assertThat(browser.json("/api/queues/q").at("/settings/attempts").asString()).isEqualTo("7");
    assertThat(browser.post("/api/queues/q/set", "{\"attempts\":\"many\"}").statusCode())
        .isEqualTo(400);
    assertThat(browser.post("/api/queues/q/requeue", "{}").body()).contains("say which items");
    assertThat(browser.post("/api/queues/q/drop", "{\"id\":\"none\"}").statusCode()).isEqualTo(404);
    assertThat(browser.post("/api/queues/q/pause", "[").body()).contains("no JSON");
  }

  @Test
  void resultsAreDownloaded() throws Exception {
    work(4, 0);

    assertThat(browser.get("/api/queues/q/results?format=csv").body().lines()).hasSize(5);
    assertThat(browser.get("/api/queues/q/results?format=jsonl").body().lines()).hasSize(4);
    assertThat(browser.get("/api/queues/q/results?format=xml").statusCode()).isEqualTo(400);
  }

  @Test
  void aListenerIsToldOfTheWholeAndThenOfChanges() throws Exception {
    queue.fill(IntStream.range(0, 3).mapToObj(i -> Item.of("item " + i)));
    HttpResponse<InputStream> events =
        java.net.http.HttpClient.newHttpClient()
            .send(
                browser
                    .request("/api/queues/q/events")
                    .header("Accept", "text/event-stream")
                    .build(),
                BodyHandlers.ofInputStream());
    try (Scanner lines = new Scanner(events.body(), StandardCharsets.UTF_8)) {
      assertThat(event(lines, "block").at("/counts/waiting").asLong()).isEqualTo(3);

      queue.admin().pause("look");
      JsonNode status = event(lines, "status");
      while (status.path("pausedFor").isNull()) {
        status = event(lines, "status");
      }

      assertThat(status.path("pausedFor").asString()).isEqualTo("look");
      assertThat(status.has("points")).isFalse();
    }
  }

  /** It once went on handling what a stream threw for a request that was over, and never closed. */
  @Test
  void isClosedAfterPagesWentAwayWhileTheyWereTold() throws Exception {
    queue.fill(IntStream.range(0, 3).mapToObj(i -> Item.of("item " + i)));
    for (int page = 0; page < 5; page++) {
      try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
        HttpResponse<InputStream> events =
            client.send(
                browser.request("/api/queues/q/events").build(), BodyHandlers.ofInputStream());
        assertThat(events.body().read()).isPositive();
        events.body().close();
        client.shutdownNow();
      }
      queue.admin().pause("page " + page);
      queue.admin().resume();
    }
    assertThat(browser.json("/api/queues").size()).isEqualTo(1);
    dashboard.close();
  }

  /** The next event of this name. */
  private static JsonNode event(Scanner lines, String name) {
    String last = "";
    while (lines.hasNextLine()) {
      String line = lines.nextLine();
      if (line.startsWith("event:")) {
        last = line.substring("event:".length()).strip();
      } else if (line.startsWith("data:") && last.equals(name)) {
        return new JsonMapper().readTree(line.substring("data:".length()));
      }
    }
    throw new AssertionError("no event " + name);
  }

  private void work(int items, int bad) {
    queue.fill(IntStream.range(0, items).mapToObj(i -> Item.of("item " + i)));
    int number = 0;
    for (var lease = queue.lease(Duration.ZERO);
        lease.isPresent();
        lease = queue.lease(Duration.ZERO)) {
      Lease one = lease.get();
      if (number++ < bad) {
        one.retry("bad " + number);
      } else {
        one.complete();
      }
    }
  }
}
