package dev.piecework.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The Chromium of this machine, and what its pages had to complain of: an error or a warning on the
 * console, a script that failed, a dialog that a script opened, a request to anywhere but their own
 * server.
 */
final class Chromium implements AutoCloseable {

  /** As long as for any other await: for a fault, not for a machine that has other work. */
  private static final int LIMIT_MILLIS = 60_000;

  /** How a page is looked at. */
  record Look(String name, int width, int height, ColorScheme scheme) {
    static final Look LIGHT = new Look("light", 1280, 900, ColorScheme.LIGHT);
    static final Look DARK = new Look("dark", 1280, 900, ColorScheme.DARK);
    static final Look PHONE = new Look("phone", 360, 740, ColorScheme.LIGHT);
  }

  private final Playwright playwright;
  private final Browser browser;
  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /**
   * Starts it.
   *
   * @param home a folder for what it writes beside its profile
   */
  static Chromium started(Path home) {
    PlaywrightAssertions.setDefaultAssertionTimeout(LIMIT_MILLIS);
    Playwright playwright =
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
                    .setEnv(Map.of("HOME", home.toString()))
                    // As root, as in a container, it has no sandbox.
                    .setArgs(List.of("--no-sandbox")));
    return new Chromium(playwright, browser);
  }

  private static String program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + name + " on the PATH"))
        .toString();
  }

  /**
   * A page with nothing of others in it.
   *
   * @param origin all that it may ask for anything
   */
  Page page(Look look, String origin) {
    return page(look, origin, 1);
  }

  /**
   * As the other one.
   *
   * @param scale how many dots there are to a pixel of the page
   */
  Page page(Look look, String origin, int scale) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(look.width(), look.height())
                .setDeviceScaleFactor(scale)
                .setColorScheme(look.scheme()));
    contexts.add(context);
    context.setDefaultTimeout(LIMIT_MILLIS);
    Page page = context.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error") || message.type().equals("warning")) {
        complaints.add(message.type() + " on the console: " + message.text());
      }
    });
    page.onPageError(error -> complaints.add("a script failed: " + error));
    page.onDialog(dialog -> {
      complaints.add("a dialog: " + dialog.message());
      dialog.dismiss();
    });
    page.onRequest(request -> {
      if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) {
        complaints.add("a request to " + request.url());
      }
    });
    return page;
  }

  /** What there was to complain of since this was asked last; closes the pages. */
  List<String> complaints() {
    contexts.forEach(BrowserContext::close);
    contexts.clear();
    List<String> all = List.copyOf(complaints);
    complaints.clear();
    return all;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
