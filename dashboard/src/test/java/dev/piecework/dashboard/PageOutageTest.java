package dev.piecework.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.piecework.WorkQueue;
import dev.piecework.dashboard.Chromium.Look;
import dev.piecework.dashboard.DashboardConfig.Listen;
import dev.piecework.testkit.OutageProxy;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.Needs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The open page while Redis is away, silent or far: it says so, and goes on by itself. */
@RedisPerTest
@Needs({"chromium", "node"})
@Tag("slow")
@Timeout(600)
class PageOutageTest {

  private static final Pattern LIVE = Pattern.compile("live");

  private static Chromium chromium;

  private OutageProxy proxy;
  private Dashboard dashboard;
  private ShownRun run;

  @BeforeAll
  static void launch(@TempDir Path home) {
    chromium = Chromium.started(home);
  }

  @AfterAll
  static void quit() {
    chromium.close();
  }

  @BeforeEach
  void start(TestRedis redis) {
    proxy = OutageProxy.to(redis);
    dashboard =
        Dashboard.start(
            new Proxied(proxy.uri()),
            new PlainFormats(),
            new DashboardConfig(Listen.onLoopback(0), Browser.TOKEN, false, "1.2.3"),
            InstantSource.system());
    run = new ShownRun(redis, "q", ShownRun.oneAttempt());
    run.fill(10);
  }

  @AfterEach
  void stop() {
    List<String> complaints = chromium.complaints();
    run.close();
    proxy.pass();
    dashboard.close();
    proxy.close();
    assertThat(complaints).isEmpty();
  }

  private record Proxied(String uri) implements Queues {
    @Override
    public String server() {
      return "Redis behind a proxy";
    }

    @Override
    public List<String> names() {
      return List.of("q");
    }

    @Override
    public WorkQueue open(String name) {
      return WorkQueue.open(uri, name);
    }
  }

  private Page open() {
    Page page = chromium.page(Look.LIGHT, "http://127.0.0.1:" + dashboard.port() + "/");
    var _ = page.navigate(dashboard.url("q"));
    return page;
  }

  private static Locator connection(Page page) {
    return page.locator(".connection .word");
  }

  private static Locator waiting(Page page) {
    return page.locator("#states [data-value=waiting]");
  }

  @Test
  void saysThatRedisIsAwayAndGoesOnWhenItIsBack() {
    Page page = open();
    assertThat(waiting(page)).hasText("10");
    assertThat(connection(page)).hasText(LIVE);

    proxy.cut();

    assertThat(connection(page)).not().hasText(LIVE);
    assertThat(connection(page)).containsText("Redis");
    assertThat(waiting(page)).hasText("10"); // what was known is still shown
    run.fill(5);
    proxy.pass();
    assertThat(connection(page)).hasText(LIVE);
    assertThat(waiting(page)).hasText("15");
  }

  @Test
  void saysThatRedisDoesNotAnswer() {
    Page page = open();
    assertThat(connection(page)).hasText(LIVE);

    proxy.stall();

    assertThat(connection(page)).not().hasText(LIVE);
    proxy.pass();
    run.fill(5);
    assertThat(connection(page)).hasText(LIVE);
    assertThat(waiting(page)).hasText("15");
  }

  @Test
  void overASlowLinkItIsLateAndNothingElse() {
    proxy.delay(Duration.ofMillis(300));
    Page page = open();
    assertThat(waiting(page)).hasText("10");

    run.fill(5);

    assertThat(waiting(page)).hasText("15");
    assertThat(connection(page)).hasText(LIVE);
  }
}
