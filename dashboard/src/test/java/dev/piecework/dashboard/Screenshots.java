package dev.piecework.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import dev.piecework.QueueSettings;
import dev.piecework.dashboard.Chromium.Look;
import dev.piecework.dashboard.DashboardConfig.Listen;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.Needs;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes docs/screenshots of a run under way. It is no test, and runs where it is named alone: see
 * CONTRIBUTING.md.
 */
@RedisPerTest
@Needs({"chromium", "node"})
class Screenshots {

  private static final Path FOLDER = Path.of("..", "docs", "screenshots");
  private static final int ITEMS = 8_000;
  private static final int UNTIL = 1_700;

  @Test
  void make(TestRedis redis, @TempDir Path home) throws Exception {
    QueueSettings settings =
        QueueSettings.DEFAULTS
            .withAttempts(2)
            .withLeaseTimeout(Duration.ofSeconds(3))
            .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(1));
    try (Dashboard dashboard =
            Dashboard.start(
                new RedisQueues(redis),
                new PlainFormats(),
                new DashboardConfig(Listen.onLoopback(0), Browser.TOKEN, false, "1.0"),
                InstantSource.system());
        ShownRun run = new ShownRun(redis, "thumbnails", settings);
        Chromium chromium = Chromium.started(home)) {
      run.fill(ITEMS);
      for (int i = 1; i <= 4; i++) {
        int slowness = i == 3 ? 2 : 1;
        var _ = run.work("node-" + i, 4, attempt -> thumbnail(attempt, slowness));
      }
      // All are open before: on a busy machine the run would else be over for the last one.
      List<Look> looks =
          List.of(
              new Look("light", 1280, 1180, Look.LIGHT.scheme()),
              new Look("dark", 1280, 1180, Look.DARK.scheme()),
              new Look("phone", 360, 1180, Look.PHONE.scheme()));
      List<Page> pages = new ArrayList<>();
      for (Look look : looks) {
        Page page = chromium.page(look, "http://127.0.0.1:" + dashboard.port() + "/", 2);
        var _ = page.navigate(dashboard.url("thumbnails"));
        pages.add(page);
      }
      run.awaitJournal(UNTIL);
      for (Page page : pages) {
        assertThat(page.locator(".timeline svg")).isVisible();
        assertThat(page.locator(".plot canvas").first()).isVisible();
        String name = looks.get(pages.indexOf(page)).name();
        var _ =
            page.screenshot(
                new Page.ScreenshotOptions().setPath(FOLDER.resolve("page-" + name + ".png")));
      }
    }
  }

  /** Times that are spread as those of real items are, by the item alone. */
  private static Outcome thumbnail(Attempt attempt, int slowness) throws InterruptedException {
    int number = Integer.parseInt(attempt.text().replaceAll("\\D", ""));
    double spread = Math.sin(number * 12.9898) + Math.sin(number * 78.233);
    long millis = (long) (60 * slowness * Math.exp(spread)) + (number % 400 == 7 ? 60_000 : 0);
    // Nobody gives it: an item that takes its time.
    var _ = new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS);
    if (number % 23 == 0) {
      return Outcome.retry("ValueError: bad EXIF tag " + number + " in photos/" + number + ".jpg");
    }
    if (number % 61 == 0) {
      return Outcome.bury("not an image: photos/" + number + ".jpg");
    }
    return Outcome.done();
  }
}
