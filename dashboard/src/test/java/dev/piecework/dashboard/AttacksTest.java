package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.WorkQueue;
import dev.piecework.dashboard.DashboardConfig.Listen;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused: by HTTP, with a queue that would be changed. */
@RedisPerTest
@Timeout(120)
class AttacksTest {

  private static final String PAUSE = "/api/queues/q/pause";

  private final HttpClient stranger = HttpClient.newHttpClient();
  private Dashboard dashboard;
  private Browser browser;
  private WorkQueue queue;

  @BeforeEach
  void start(TestRedis redis) throws Exception {
    queue = WorkQueue.open(redis.uri(), "q");
    queue.fill(Stream.of(Item.of("<script>alert(1)</script>").withId("<img src=x>")));
    dashboard = dashboard(redis, Browser.TOKEN, false);
    browser = Browser.at(dashboard);
  }

  private static Dashboard dashboard(TestRedis redis, String token, boolean readOnly) {
    Listen listen = Listen.onLoopback(0);
    return Dashboard.start(
        new RedisQueues(redis),
        new PlainFormats(),
        new DashboardConfig(
            new Listen(listen.address(), 0, listen.tls(), false, List.of("piecework.example")),
            token,
            readOnly,
            "1"),
        InstantSource.system());
  }

  @AfterEach
  void stop() {
    assertThat(queue.admin().status().pausedFor()).isNull();
    stranger.close();
    browser.close();
    dashboard.close();
    queue.close();
  }

  @Test
  void nothingIsSaidWithoutTheToken() throws Exception {
    for (String path :
        List.of("/", "/assets/page.css", "/api/queues", "/api/queues/q", "/no/such/place")) {
      HttpResponse<String> answer =
          stranger.send(
              HttpRequest.newBuilder(browser.address(path)).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.body()).startsWith("{\"error\":").doesNotContain("script");
    }
    assertThat(
            browser
                .send(HttpRequest.newBuilder(browser.address("/?token=" + "x".repeat(26))).build())
                .statusCode())
        .isEqualTo(401);
    assertThat(
            browser
                .send(
                    HttpRequest.newBuilder(browser.address("/api/queues"))
                        .header("Authorization", "Bearer wrong-wrong-wrong-wrong")
                        .build())
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void theCookieIsForThisPageAlone() {
    assertThat(browser.cookie())
        .contains("HttpOnly")
        .contains("SameSite=Strict")
        .doesNotContain(Browser.TOKEN);
  }

  @Test
  void theTokenOpensTheInterfaceToScripts() throws Exception {
    HttpResponse<String> answer =
        browser.send(
            HttpRequest.newBuilder(browser.address("/api/queues/q/set"))
                .header("Authorization", "Bearer " + Browser.TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"attempts\":\"4\"}"))
                .build());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void anOldCookieAndAnOldTokenAreRefused(TestRedis redis) throws Exception {
    try (Dashboard next = dashboard(redis, "another-token-of-today", false)) {
      var address = java.net.URI.create("http://127.0.0.1:" + next.port() + "/api/queues");
      var withCookie =
          HttpRequest.newBuilder(address).header("Cookie", browser.cookie().split(";", 2)[0]);
      var withToken =
          HttpRequest.newBuilder(address).header("Authorization", "Bearer " + Browser.TOKEN);
      assertThat(browser.send(withCookie.build()).statusCode()).isEqualTo(401);
      assertThat(browser.send(withToken.build()).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void anotherSiteChangesNothing() throws Exception {
    assertThat(pause("Origin", "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(pause("Origin", "null").statusCode()).isEqualTo(403);
    assertThat(pause("Origin", "http://127.0.0.1:1").statusCode()).isEqualTo(403);
    assertThat(pause("Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
    assertThat(pause("Sec-Fetch-Site", "same-site").statusCode()).isEqualTo(403);
    assertThat(pause("Sec-Fetch-Site", "none").statusCode()).isEqualTo(403);
    assertThat(pause("Accept", "*/*").statusCode()).as("of unknown origin").isEqualTo(403);
  }

  @Test
  void aFormOfAnotherKindIsNotRead() throws Exception {
    HttpResponse<String> answer =
        browser.send(
            browser
                .request(PAUSE)
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}"))
                .build());

    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @Test
  void anotherSiteReadsNoEvents() throws Exception {
    var events = browser.request("/api/queues/q/events").header("Accept", "text/event-stream");
    assertThat(browser.send(events.copy().header("Origin", "http://evil.example").build()))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(403);
    assertThat(browser.send(events.copy().header("Sec-Fetch-Site", "cross-site").build()))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(403);
  }

  @Test
  void aNameThatIsNotOursIsRefused() throws Exception {
    String cookie = browser.cookieLine();
    for (String host : List.of("evil.example", "evil.example:80", "127.0.0.1.evil.example", "")) {
      assertThat(browser.raw("GET /api/queues HTTP/1.1", "Host: " + host, cookie))
          .as(host)
          .containsAnyOf(" 421 ", " 400 ");
    }
    for (String host : List.of("localhost:9", "127.0.0.1", "[::1]:80", "Piecework.Example")) {
      assertThat(browser.raw("GET /api/queues HTTP/1.1", "Host: " + host, cookie))
          .as(host)
          .contains(" 200 ");
    }
  }

  @Test
  void noPathLeadsOutOfThePage() throws Exception {
    String cookie = browser.cookieLine();
    for (String path :
        List.of(
            "/assets/../Dashboard.class",
            "/assets/..%2fDashboard.class",
            "/assets/%2e%2e/Dashboard.class",
            "/assets/..%5cDashboard.class",
            "/assets/%2e%2e%2f%2e%2e%2fpackage-info.class",
            "/assets//etc/passwd",
            "/assets/page.css%00.js",
            "/../../../etc/passwd")) {
      assertThat(browser.raw("GET " + path + " HTTP/1.1", "Host: localhost", cookie))
          .as(path)
          .containsAnyOf(" 400 ", " 404 ");
    }
  }

  @Test
  void whoMayOnlyLookChangesNothing(TestRedis redis) throws Exception {
    try (Dashboard readOnly = dashboard(redis, Browser.TOKEN, true);
        Browser looker = Browser.at(readOnly)) {
      for (Changes change : Changes.values()) {
        String path = "/api/queues/q/" + change.name().toLowerCase(java.util.Locale.ROOT);
        HttpResponse<String> answer = looker.post(path, "{\"all\":true}");
        assertThat(answer.statusCode()).as(path).isEqualTo(403);
        assertThat(answer.body()).contains("read-only");
      }
      assertThat(looker.get("/api/queues/q").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatItemsSayIsTextAndNothingElse() throws Exception {
    HttpResponse<String> answer = browser.get("/api/queues/q/items?state=waiting");

    assertThat(answer.body()).contains("<script>alert(1)</script>");
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'self'")
        .doesNotContain("unsafe");
  }

  private HttpResponse<String> pause(String header, String value) throws Exception {
    return browser.send(
        browser
            .request(PAUSE)
            .header("Content-Type", "application/json")
            .header(header, value)
            .POST(BodyPublishers.ofString("{\"reason\":\"attack\"}"))
            .build());
  }
}
