package dev.piecework.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import dev.piecework.dashboard.Chromium.Look;
import dev.piecework.dashboard.DashboardConfig.Listen;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.Needs;
import dev.piecework.worker.Outcome;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page for those who see little, use no mouse, or have a phone: four views in three looks. */
@RedisPerTest
@Needs({"chromium", "node"})
@Tag("slow")
@Timeout(600)
class PageLayoutTest {

  @Test
  void axeFindsNothingAndNothingIsWiderThanTheScreen(TestRedis redis, @TempDir Path home)
      throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (Dashboard dashboard = dashboard(redis);
        ShownRun over = new ShownRun(redis, "over", ShownRun.oneAttempt());
        ShownRun running = new ShownRun(redis, "running", ShownRun.oneAttempt());
        Chromium chromium = Chromium.started(home)) {
      over.fill(100);
      over.workWithFailures();
      running.fill(10);
      var _ =
          running.work(
              "node-with-a-name-that-is-longer-than-the-screen-of-a-phone-is-wide.example.com",
              4,
              attempt -> {
                end.await();
                return Outcome.done();
              });
      for (Look look : List.of(Look.LIGHT, Look.DARK, Look.PHONE)) {
        Page page =
            chromium.page(look, "http://127.0.0.1:" + dashboard.port() + "/");
        var _ = page.navigate(dashboard.url(""));
        assertThat(page.locator("tbody tr")).hasCount(2);
        check(page, look, "all queues");

        var _ = page.evaluate("location.hash = '#/q/running'");
        assertThat(page.locator("#states [data-value=leased]")).not().hasText("0");
        check(page, look, "a run under way");

        var _ = page.evaluate("location.hash = '#/q/over'");
        assertThat(page.locator(".group")).hasCount(2);
        for (var summary : page.locator("main summary:visible").all()) {
          summary.click();
        }
        check(page, look, "a run that is over, with its tables");

        page.locator(".group a[href*=item]").first().click();
        assertThat(page.locator(".item")).isVisible();
        check(page, look, "an item");
      }
      end.countDown();
      assertThat(chromium.complaints()).isEmpty();
    }
  }

  private static Dashboard dashboard(TestRedis redis) {
    return Dashboard.start(
        new RedisQueues(redis),
        new PlainFormats(),
        new DashboardConfig(Listen.onLoopback(0), Browser.TOKEN, false, "1.2.3"),
        InstantSource.system());
  }

  static void check(Page page, Look look, String view) {
    assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
        .as("width of %s, %s", view, look.name())
        .isLessThanOrEqualTo(look.width());
    List<Rule> violations = new AxeBuilder(page).setLegacyMode(true).analyze().getViolations();
    assertThat(violations)
        .as("what axe says of %s, %s", view, look.name())
        .extracting(rule -> rule.getId() + ": " + rule.getNodes())
        .isEmpty();
  }
}
