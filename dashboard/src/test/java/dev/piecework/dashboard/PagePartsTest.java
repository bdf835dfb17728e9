package dev.piecework.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.piecework.dashboard.Chromium.Look;
import dev.piecework.dashboard.DashboardConfig.Listen;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.Needs;
import dev.piecework.worker.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What single parts of the page make of a run. */
@RedisPerTest
@Needs({"chromium", "node"})
@Tag("slow")
@Timeout(600)
class PagePartsTest {

  private static Chromium chromium;

  @BeforeAll
  static void launch(@TempDir Path home) {
    chromium = Chromium.started(home);
  }

  @AfterAll
  static void quit() {
    chromium.close();
  }

  private static Dashboard dashboard(TestRedis redis) {
    return Dashboard.start(
        new RedisQueues(redis),
        new PlainFormats(),
        new DashboardConfig(Listen.onLoopback(0), Browser.TOKEN, false, "1.2.3"),
        InstantSource.system());
  }

  private static Page open(Dashboard dashboard) {
    Page page = chromium.page(Look.LIGHT, "http://127.0.0.1:" + dashboard.port() + "/");
    var _ = page.navigate(dashboard.url("q"));
    return page;
  }

  /**
   * It once said that too little was done to say so, where most had taken less than a millisecond.
   */
  @Test
  void whoHoldsTheEndIsNamedHoweverQuickTheOthersWere(TestRedis redis) {
    CountDownLatch end = new CountDownLatch(1);
    try (Dashboard dashboard = dashboard(redis);
        ShownRun run =
            new ShownRun(
                redis, "q", ShownRun.oneAttempt().withLeaseTimeout(Duration.ofSeconds(3)))) {
      run.fill(500);
      var _ =
          run.work(
              "node-1",
              2,
              attempt -> {
                if (attempt.text().equals("item 7")) {
                  end.await();
                }
                return Outcome.done();
              });
      Page page = open(dashboard);

      assertThat(page.locator("#stragglers tbody tr")).hasCount(1);
      assertThat(page.locator("#stragglers tbody tr")).containsText("node-1");
      page.close(); // or it would complain that its events broke off
      end.countDown();
    }
    assertThat(chromium.complaints()).isEmpty();
  }

  /**
   * Workers tell of their slots with each heartbeat: some twice in less than that, some not at all.
   */
  @Test
  void noIntervalOfTheSlotsIsShorterThanAHeartbeat(TestRedis redis) {
    try (Dashboard dashboard = dashboard(redis);
        ShownRun run = new ShownRun(redis, "q", ShownRun.oneAttempt())) {
      run.fill(1);
      Page page = open(dashboard);

      // Points each second: when, then what is counted, of which the slots are the last.
      Object lengths =
          page.evaluate(
              """
              async () => {
                const { intervals } = await import("/assets/charts.js");
                const points = Array.from({ length: 13 }, (_, i) => [i * 1000, 0, 0, 0, 0, 0, i * 2000]);
                return intervals(points, 5000).map((one) => `${one.from}-${one.to}: ${one.slots}`).join(", ");
              }
              """);

      assertThat(lengths).isEqualTo("0-5000: 2, 5000-12000: 2");
      page.close();
    }
    assertThat(chromium.complaints()).isEmpty();
  }
}
