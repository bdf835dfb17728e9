package dev.piecework.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import dev.piecework.dashboard.Chromium.Look;
import dev.piecework.dashboard.DashboardConfig.Listen;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.Needs;
import dev.piecework.worker.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page and the report for those who see little, use no mouse, or have a phone: four views of
 * the page, and the report from its file, in three looks.
 */
@RedisPerTest
@Needs({"chromium", "node"})
@Tag("slow")
@Timeout(600)
class PageLayoutTest {

  // Of each rule that holds it would name every element else.
  private static final AxeRunOptions ONLY_WHAT_IS_WRONG = new AxeRunOptions();

  static {
    ONLY_WHAT_IS_WRONG.setResultTypes(List.of("violations"));
  }

  private static Chromium chromium;

  @BeforeAll
  static void launch(@TempDir Path home) {
    chromium = Chromium.started(home);
  }

  @AfterAll
  static void quit() {
    chromium.close();
  }

  @Test
  void axeFindsNothingAndNothingIsWiderThanTheScreen(TestRedis redis) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (Dashboard dashboard = dashboard(redis);
        ShownRun over = new ShownRun(redis, "over", ShownRun.oneAttempt());
        ShownRun running = new ShownRun(redis, "running", ShownRun.oneAttempt())) {
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
        Page page = chromium.page(look, "http://127.0.0.1:" + dashboard.port() + "/");
        look(page, look, dashboard);
        page.close(); // or it goes on to draw what it is told, beside the next
      }
      end.countDown();
      assertThat(chromium.complaints()).isEmpty();
    }
  }

  private static void look(Page page, Look look, Dashboard dashboard) {
    var _ = page.navigate(dashboard.url(""));
    assertThat(page.locator("tbody tr")).hasCount(2);
    check(page, look, "all queues");

    var _ = page.evaluate("location.hash = '#/q/running'");
    assertThat(page.locator("#states [data-value=leased]")).not().hasText("0");
    check(page, look, "a run under way");

    var _ = page.evaluate("location.hash = '#/q/over'");
    assertThat(page.locator(".group")).hasCount(2);
    openTables(page);
    check(page, look, "a run that is over, with its tables");

    page.locator(".group a[href^='#']").first().click();
    assertThat(page.locator(".item")).isVisible();
    check(page, look, "an item");
  }

  @Test
  void aReportOpensFromItsFileWithTheNumbersOfTheQueue(TestRedis redis, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("run.html");
    try (ShownRun run = new ShownRun(redis, "over", ShownRun.oneAttempt())) {
      run.fill(100);
      run.workWithFailures();
      run.queue
          .admin()
          .note(
              Report.COMMAND,
              Report.asNote(List.of("piecework", "run", "--", "sh", "-c", "echo {} > \"$0\"")));
      Report report = Report.of(run.queue.admin(), "1.2.3", InstantSource.system().instant());
      Files.writeString(file, report.html());
    }
    for (Look look : List.of(Look.LIGHT, Look.DARK, Look.PHONE)) {
      Page page = chromium.page(look, "file://");
      page.context().setOffline(true);
      var _ = page.navigate(file.toUri().toString());

      assertThat(page.locator("#states [data-value=done]")).hasText("80");
      assertThat(page.locator("#states [data-value=dead]")).hasText("20");
      assertThat(page.locator("#dead tbody tr")).hasCount(20);
      assertThat(page.locator(".group [data-value=dead]")).hasText(new String[] {"10", "10"});
      assertThat(page.locator("#run")).containsText("piecework run -- sh -c 'echo {} > \"$0\"'");
      assertThat(page.locator("main button:visible")).hasCount(0);
      openTables(page);
      check(page, look, "a report");
    }
    assertThat(chromium.complaints()).isEmpty();
  }

  private static void openTables(Page page) {
    for (var summary : page.locator("main summary:visible").all()) {
      summary.click();
    }
  }

  private static Dashboard dashboard(TestRedis redis) {
    return Dashboard.start(
        new RedisQueues(redis),
        new PlainFormats(),
        new DashboardConfig(Listen.onLoopback(0), Browser.TOKEN, false, "1.2.3"),
        InstantSource.system());
  }

  private static void check(Page page, Look look, String view) {
    assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
        .as("width of %s, %s", view, look.name())
        .isLessThanOrEqualTo(look.width());
    List<Rule> violations =
        new AxeBuilder(page)
            .setLegacyMode(true)
            .options(ONLY_WHAT_IS_WRONG)
            .analyze()
            .getViolations();
    assertThat(violations)
        .as("what axe says of %s, %s", view, look.name())
        .extracting(rule -> rule.getId() + ": " + rule.getNodes())
        .isEmpty();
  }
}
