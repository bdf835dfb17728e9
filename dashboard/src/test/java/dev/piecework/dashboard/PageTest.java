package dev.piecework.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import dev.piecework.Item;
import dev.piecework.Setting;
import dev.piecework.dashboard.Chromium.Look;
import dev.piecework.dashboard.DashboardConfig.Listen;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.Needs;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The live page in a real Chromium: what it shows of real workers, and what its buttons do. */
@RedisPerTest
@Needs({"chromium", "node"})
@Tag("slow")
@Timeout(600)
class PageTest {

  /** Notes when the number of done items has changed. */
  private static final String SEEN_AT =
      """
      () => {
        const done = () => document.querySelector("#states [data-value=done]").textContent;
        let before = done();
        new MutationObserver(() => {
          if (done() !== before) window.seenAt = Date.now();
          before = done();
        }).observe(document.querySelector("#states"), { childList: true, subtree: true, characterData: true });
      }
      """;

  private static Chromium chromium;

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
    dashboard = dashboard(redis, false);
    run = new ShownRun(redis, "q", ShownRun.oneAttempt());
  }

  @AfterEach
  void stop() throws Exception {
    var complaints = chromium.complaints();
    run.close();
    dashboard.close();
    assertThat(complaints).isEmpty();
  }

  private static Dashboard dashboard(TestRedis redis, boolean readOnly) {
    return Dashboard.start(
        new RedisQueues(redis),
        new PlainFormats(),
        new DashboardConfig(Listen.onLoopback(0), Browser.TOKEN, readOnly, "1.2.3"),
        InstantSource.system());
  }

  private static String origin(Dashboard dashboard) {
    return "http://127.0.0.1:" + dashboard.port() + "/";
  }

  private Page open(Look look, String queue) {
    Page page = chromium.page(look, origin(dashboard));
    var _ = page.navigate(dashboard.url(queue));
    return page;
  }

  private static Locator number(Page page, String state) {
    return page.locator("#states [data-value=" + state + "]");
  }

  private static Locator buttonOf(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(name).setExact(true));
  }

  @Test
  void followsTheWorkersByItself() {
    run.fill(200);
    Page page = open(Look.LIGHT, "q");
    assertThat(number(page, "waiting")).hasText("200");
    Semaphore allowed = new Semaphore(50);

    var _ =
        run.work(
            "node-1",
            2,
            attempt -> {
              allowed.acquire();
              return Outcome.done();
            });

    assertThat(number(page, "done")).hasText("50");
    assertThat(number(page, "leased")).not().hasText("0");
    assertThat(page.locator("#workers")).containsText("node-1");
    allowed.release(150);
    assertThat(number(page, "done")).hasText("200");
    assertThat(page.locator("h1 [data-state=drained]")).isVisible();
  }

  /**
   * Each item but the first ends as soon as the one before it was seen, which is just after the
   * queue was read: even the quickest of them takes nearly a whole period. A machine with other
   * work may hold up most: so the second-quickest counts.
   */
  @Test
  void anItemsEndIsSeenWithinASecond() {
    int ends = 9;
    run.fill(ends);
    Semaphore allowed = new Semaphore(0);
    BlockingQueue<Instant> ended = new LinkedBlockingQueue<>();
    var _ =
        run.work(
            "node-1",
            1,
            attempt -> {
              allowed.acquire();
              ended.add(InstantSource.system().instant());
              return Outcome.done();
            });
    Page page = open(Look.LIGHT, "q");
    assertThat(number(page, "leased")).not().hasText("0");
    var _ = page.evaluate(SEEN_AT);
    List<Duration> late = new ArrayList<>();
    for (int done = 1; done <= ends; done++) {
      allowed.release();
      assertThat(number(page, "done")).hasText(Integer.toString(done));
      long seen = ((Number) page.evaluate("window.seenAt")).longValue();
      late.add(Duration.between(ended.remove(), Instant.ofEpochMilli(seen)));
    }
    assertThat(late.stream().sorted().toList().get(1)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void theAddressThatIsLeftHasNoToken() {
    Page page = open(Look.LIGHT, "");

    assertThat(page.locator("h1")).hasText("Queues");
    assertThat(page.url()).doesNotContain(Browser.TOKEN);
  }

  /** All of it, however many: none is left behind, and no other is touched. */
  @Test
  void aFailureGroupIsRequeuedByOneClick() throws Exception {
    int bad = 50_000;
    int others = 1_000;
    run.fill(bad + others);
    var _ = run.work("node-1", 4, attempt -> badUpTo(bad, attempt)).await();
    Page page = open(Look.LIGHT, "q");
    Locator group = page.locator(".group").filter(new Locator.FilterOptions().setHasText("bad N"));
    assertThat(page.locator(".group")).hasCount(2);
    assertThat(group.locator("[data-value=dead]")).hasText("50,000");

    group.locator("button", new Locator.LocatorOptions().setHasText("Requeue")).click();

    assertThat(page.getByRole(AriaRole.STATUS)).hasText("50,000 items requeued.");
    assertThat(number(page, "waiting")).hasText("50,000");
    assertThat(number(page, "dead")).hasText("1,000");
    assertThat(group.locator("[data-value=dead]")).hasText("0");
    assertThat(run.counts().waiting()).isEqualTo(bad);
    assertThat(run.counts().dead()).isEqualTo(others);
    assertThat(run.counts().total()).isEqualTo(bad + others);
  }

  private static Outcome badUpTo(int bad, Attempt attempt) {
    int number = Integer.parseInt(attempt.text().replaceAll("\\D", ""));
    return number > bad
        ? Outcome.retry("cannot open /data/" + number + ".png")
        : Outcome.bury("bad " + number);
  }

  @Test
  void pausesWithAReasonAndResumes() {
    run.fill(10);
    Page page = open(Look.LIGHT, "q");

    buttonOf(page, "Pause …").click();
    page.locator("#dialog-input").fill("the disk is full");
    page.keyboard().press("Enter");

    assertThat(page.locator(".summary .trouble")).hasText("Paused: the disk is full");
    assertThat(run.status().pausedFor()).isEqualTo("the disk is full");
    buttonOf(page, "Resume").click();
    assertThat(page.locator(".summary .trouble")).isHidden();
    assertThat(run.status().pausedFor()).isNull();
  }

  @Test
  void asksBeforeItDrops() throws Exception {
    run.fill(20);
    run.workWithFailures();
    Page page = open(Look.LIGHT, "q");

    buttonOf(page, "Drop all dead …").click();
    buttonOf(page, "Cancel").click();
    assertThat(page.locator("dialog")).hasCount(0);
    assertThat(run.counts().dead()).isEqualTo(4);
    buttonOf(page, "Drop all dead …").click();
    buttonOf(page, "Drop 4 items").click();

    assertThat(number(page, "dead")).hasText("0");
    assertThat(run.counts().dead()).isZero();
  }

  @Test
  void changesASetting() {
    run.fill(1);
    Page page = open(Look.LIGHT, "q");

    buttonOf(page, "Change attempts").click();
    page.locator("#dialog-input").fill("none");
    buttonOf(page, "Set").click();
    assertThat(page.getByRole(AriaRole.STATUS)).containsText("Not done: ");
    buttonOf(page, "Change attempts").click();
    page.locator("#dialog-input").fill("7");
    buttonOf(page, "Set").click();

    await().until(() -> run.status().settings().text(Setting.ATTEMPTS).equals("7"));
    // The refused one is an answer of 400, which a browser writes to its console.
    assertThat(chromium.complaints())
        .allSatisfy(complaint -> assertThat(complaint).contains("400"));
  }

  @Test
  void downloadsResults() throws Exception {
    run.fill(20);
    run.workWithFailures();
    Page page = open(Look.LIGHT, "q");

    Download csv = page.waitForDownload(() -> page.getByText("Results, CSV").click());

    assertThat(Files.readAllLines(csv.path())).hasSize(17);
  }

  @Test
  void whatComesFromItemsIsText() throws Exception {
    String script = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    run.queue.fill(Stream.of(Item.of(script).withId(script)));
    var _ =
        run.work("<b>node</b>", 1, attempt -> Outcome.bury("<script>alert(3)</script> " + script))
            .await();
    Page page = open(Look.LIGHT, "q");

    page.locator(".group summary").click();
    assertThat(page.locator(".group pre")).containsText("<script>alert(3)</script>");
    page.locator(".group a[href^='#']").click();

    assertThat(page.locator(".item dd").first()).hasText(script);
    assertThat(page.locator(".item pre").first()).hasText(script);
    assertThat(page.locator("#workers")).containsText("<b>node</b>");
    assertThat(page.locator("main img, main script, main b:text('node')")).hasCount(0);
  }

  @Test
  void findsAnItemByItsPayload() {
    run.fill(30);
    Page page = open(Look.LIGHT, "q");

    page.locator("[name=by]").selectOption("payload");
    page.locator("[name=text]").fill("item 17");
    page.keyboard().press("Enter");

    assertThat(page.locator(".item pre")).hasText("item 17");
    assertThat(page.locator(".item")).containsText("waiting");
  }

  @Test
  void showsTheItemsOfAGroupAPageAtATime() throws Exception {
    run.fill(1_100);
    run.workWithFailures();
    Page page = open(Look.LIGHT, "q");

    page.locator(".group", new Page.LocatorOptions().setHasText("bad N"))
        .getByText("Show items")
        .click();

    Locator rows = page.locator("#find tbody tr");
    assertThat(rows).hasCount(100);
    assertThat(page.locator("#find .body .note"))
        .hasText("The first 100 of about 110 dead items of this group.");
    buttonOf(page, "Show more").click();
    assertThat(rows).hasCount(110);
    assertThat(page.locator("#find .body .note")).hasText("All 110 dead items of this group.");
  }

  @Test
  void whereNothingMayBeChangedThereIsNoButtonForIt(TestRedis redis) throws Exception {
    run.fill(20);
    run.workWithFailures();
    try (Dashboard readOnly = dashboard(redis, true)) {
      Page page = chromium.page(Look.LIGHT, origin(readOnly));
      var _ = page.navigate(readOnly.url("q"));

      assertThat(number(page, "dead")).hasText("4");
      assertThat(page.getByText("Read-only")).isVisible();
      assertThat(buttonOf(page, "Pause …")).hasCount(0);
      assertThat(page.locator(".group button", new Page.LocatorOptions().setHasText("Requeue")))
          .hasCount(0);
      assertThat(page.locator(".danger")).hasCount(0);
      page.close(); // or it would complain that its events broke off
    }
  }

  @Test
  void theSwitchOfTheThemeHoldsAfterAReload() {
    run.fill(1);
    Page page = open(Look.LIGHT, "q");
    String before = background(page);

    page.getByLabel("Theme").first().selectOption("dark");
    String dark = background(page);
    page.reload();

    assertThat(number(page, "waiting")).hasText("1");
    assertThat(dark).isNotEqualTo(before);
    assertThat(background(page)).isEqualTo(dark);
    Page system = open(Look.DARK, "q");
    assertThat(number(system, "waiting")).hasText("1");
    assertThat(background(system)).isEqualTo(dark);
  }

  private static String background(Page page) {
    return Objects.toString(page.evaluate("getComputedStyle(document.body).backgroundColor"));
  }

  @Test
  void theKeyboardSkipsToTheContent() {
    run.fill(1);
    Page page = open(Look.LIGHT, "q");
    assertThat(number(page, "waiting")).hasText("1");

    page.keyboard().press("Tab");
    page.keyboard().press("Enter");
    page.keyboard().press("Tab");

    assertThat(page.locator(":focus")).hasText("Pause …");
    assertThat(page.url()).endsWith("#/q/q");
  }
}
