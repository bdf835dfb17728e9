package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import dev.piecework.QueueConfig;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An open page behind a network that a test breaks. A class for each way: they wait, for time-outs,
 * and so beside one another.
 */
@RedisPerTest
@Needs({"chromium", "node"})
@Tag("slow")
@Timeout(600)
abstract class BrokenNetworkPage {

  static final Pattern LIVE = Pattern.compile("live");

  /** Three seconds, and the load of the machine; a click would wait for thirty. */
  static final HasTextOptions SOON = new HasTextOptions().setTimeout(20_000);

  private Chromium chromium;

  OutageProxy proxy;
  private Dashboard dashboard;
  ShownRun run;

  @BeforeEach
  void start(TestRedis redis, @TempDir Path home) {
    chromium = Chromium.started(home);
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
    chromium.close();
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
    public WorkQueue open(String name, Duration patience) {
      return WorkQueue.open(QueueConfig.of(uri, name).withRedisTimeout(patience));
    }
  }

  final Page open() {
    Page page = chromium.page(Look.LIGHT, "http://127.0.0.1:" + dashboard.port() + "/");
    var _ = page.navigate(dashboard.url("q"));
    return page;
  }

  static Locator connection(Page page) {
    return page.locator(".connection .word");
  }

  static Locator waiting(Page page) {
    return page.locator("#states [data-value=waiting]");
  }
}
