package dev.piecework.benchmarks.browser;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Looks at the page, or at a report, with this machine's Chromium: {@code first URL ROUNDS}, how
 * long until all there is to see at first is drawn, and what is seen then; {@code stay URL}, says
 * so in a line and stays until it is sent one, then how much memory the page has; {@code requeue
 * URL}, how long a click on the button of the first failure group takes; {@code live URL}, says so
 * in a line, and when it is sent one, when the number of done items was seen to change, in ms since
 * the epoch. Prints JSON, last.
 */
public final class Look {

  /** Drawn: numbers, causes, and charts, by the clock that began with the address. */
  private static final String CLOCK =
      """
      (() => {
        const look = () => {
          const drawn = document.querySelector("#states [data-value=dead]") &&
            document.querySelector(".group") && document.querySelector(".timeline svg") &&
            document.querySelector(".plot canvas");
          if (drawn) requestAnimationFrame(() => setTimeout(() => { document.documentElement.dataset.drawnAfter = performance.now(); }));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      })();
      """;

  private static final String NUMBERS =
      """
      Object.fromEntries([...document.querySelectorAll("#states [data-value]")]
        .map((one) => [one.dataset.value, Number(one.textContent.replace(/\\D/g, ""))]))
      """;
  private static final String GROUPS =
      """
      Object.fromEntries([...document.querySelectorAll(".group")].map((one) =>
        [one.querySelector(".cause").textContent,
         Number(one.querySelector("[data-value=dead]").textContent.replace(/\\D/g, ""))]))
      """;

  private final Browser browser;

  private Look(Browser browser) {
    this.browser = browser;
  }

  public static void main(String[] args) throws IOException {
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(
                        Map.of(
                            "PLAYWRIGHT_NODEJS_PATH",
                            program("node"),
                            "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                            "1")));
        Browser browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(program("chromium")))
                        // As root, as in a container, it has no sandbox.
                        .setArgs(List.of("--no-sandbox")))) {
      Look look = new Look(browser);
      Map<String, Object> seen =
          switch (args[0]) {
            case "first" -> look.first(args[1], Integer.parseInt(args[2]));
            case "stay" -> look.stay(args[1]);
            case "requeue" -> look.requeue(args[1]);
            case "live" -> look.live(args[1]);
            default -> throw new IllegalArgumentException("unknown verb " + args[0]);
          };
      System.out.println(new Gson().toJson(seen));
    }
  }

  private Map<String, Object> first(String url, int rounds) {
    List<Long> millis = new ArrayList<>();
    Map<String, Object> seen = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      try (BrowserContext context = browser.newContext()) {
        context.setOffline(url.startsWith("file:"));
        Page page = drawn(context, url);
        millis.add(
            Math.round(Double.parseDouble(page.locator("html").getAttribute("data-drawn-after"))));
        seen.put("counts", page.evaluate(NUMBERS));
        seen.put("groups", page.evaluate(GROUPS));
      }
    }
    seen.put("millis", millis);
    return seen;
  }

  private Map<String, Object> stay(String url) throws IOException {
    try (BrowserContext context = browser.newContext()) {
      Page page = opened(context, url);
      page.locator("#states [data-value=done]").waitFor();
      System.out.println("{\"open\": true}");
      int _ = System.in.read();
      JsonObject heap = context.newCDPSession(page).send("Runtime.getHeapUsage");
      return Map.of(
          "mebibytes",
          rendererKibibytes() / 1024,
          "heapMebibytes",
          heap.get("usedSize").getAsLong() >> 20);
    }
  }

  private Map<String, Object> live(String url) throws IOException {
    try (BrowserContext context = browser.newContext()) {
      Page page = opened(context, url);
      page.locator("#states [data-value=done]").waitFor();
      var _ =
          page.evaluate(
              """
              () => {
                const done = () => document.querySelector("#states [data-value=done]").textContent;
                window.seen = [];
                let before = done();
                const look = () => {
                  if (done() !== before) window.seen.push(performance.timeOrigin + performance.now());
                  before = done();
                  requestAnimationFrame(look);
                };
                look();
              }
              """);
      System.out.println("{\"open\": true}");
      int _ = System.in.read();
      return Map.of("seen", page.evaluate("window.seen"));
    }
  }

  private Map<String, Object> requeue(String url) {
    try (BrowserContext context = browser.newContext()) {
      Page page = opened(context, url);
      page.locator(".group button").first().waitFor();
      Object millis =
          page.evaluate(
              """
              () => new Promise((told) => {
                const button = [...document.querySelectorAll(".group button")].find((one) => one.textContent === "Requeue");
                const dead = () => document.querySelector("#states [data-value=dead]").textContent;
                const began = performance.now();
                const look = () => dead() === "0" ? told(performance.now() - began) : requestAnimationFrame(look);
                button.click();
                look();
              })
              """);
      return Map.of("millis", millis, "counts", page.evaluate(NUMBERS));
    }
  }

  private static Page opened(BrowserContext context, String url) {
    context.setDefaultTimeout(60_000);
    Page page = context.newPage();
    page.addInitScript(CLOCK);
    var _ = page.navigate(url);
    return page;
  }

  private static Page drawn(BrowserContext context, String url) {
    Page page = opened(context, url);
    // No script that waits: the page allows none that is made of text.
    page.locator("html[data-drawn-after]").waitFor();
    return page;
  }

  /** Of the largest process that shows pages: its own, and its share of what it has with others. */
  private long rendererKibibytes() throws IOException {
    long most = 0;
    JsonObject all = browser.newBrowserCDPSession().send("SystemInfo.getProcessInfo");
    for (JsonElement one : all.getAsJsonArray("processInfo")) {
      JsonObject process = one.getAsJsonObject();
      if (process.get("type").getAsString().equals("renderer")) {
        Path file = Path.of("/proc", process.get("id").getAsString(), "smaps_rollup");
        try (Stream<String> lines = Files.lines(file)) {
          String pss = lines.filter(line -> line.startsWith("Pss:")).findFirst().orElse("Pss: 0");
          most = Math.max(most, Long.parseLong(pss.replaceAll("\\D", "")));
        }
      }
    }
    return most;
  }

  private static String program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + name + " on the PATH"))
        .toString();
  }
}
