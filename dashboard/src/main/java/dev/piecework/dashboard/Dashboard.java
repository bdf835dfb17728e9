package dev.piecework.dashboard;

import dev.piecework.dashboard.DashboardConfig.Listen;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import io.javalin.util.JavalinBindException;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Serves the page on the queues of one Redis, until closed. Each request goes through {@link Gate}
 * first, also that for an address which does not exist.
 */
public final class Dashboard implements AutoCloseable {

  /** Nothing from elsewhere, and nothing that is written into the page itself. */
  private static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
          + " object-src 'none'";

  /** What ends is to be seen within a second: the page needs the rest of it. */
  private static final Duration PERIOD = Duration.ofMillis(500);

  private static final int LONGEST_REQUEST = 64 << 10;

  private final Javalin server;
  private final Watches watches;
  private final DashboardConfig config;

  private Dashboard(Javalin server, Watches watches, DashboardConfig config) {
    this.server = server;
    this.watches = watches;
    this.config = config;
  }

  /**
   * Starts it.
   *
   * @throws IllegalArgumentException when it cannot listen there, or has no such certificate
   */
  public static Dashboard start(
      Queues queues, Formats formats, DashboardConfig config, InstantSource clock) {
    Watches watches = new Watches(queues, new QueueWatch.Config(config.version(), clock, PERIOD));
    Api api = new Api(config, queues, watches, formats);
    Javalin server =
        Javalin.create(javalin -> {
          quietly(javalin);
          guarded(javalin, new Gate(config), config.listen().isSecure());
          javalin.routes.get("/", context -> asset(context, "index.html"));
          javalin.routes.get(
              "/assets/{name}", context -> asset(context, context.pathParam("name")));
          api.addTo(javalin.routes);
          Scrapes scrapes = new Scrapes(watches, config.version());
          javalin.routes.get("/metrics", scrapes::answer);
          Listen listen = config.listen();
          if (listen.tls().certificate() != null) {
            javalin.jetty.addConnector((jetty, http) -> TlsPort.of(jetty, http, listen));
          }
        });
    try {
      if (config.listen().tls().certificate() != null) {
        server.start();
      } else {
        server.start(config.listen().address(), config.listen().port());
      }
    } catch (JavalinBindException taken) {
      watches.close();
      throw new IllegalArgumentException(
          "cannot listen on " + config.listen().address() + ":" + config.listen().port(), taken);
    }
    return new Dashboard(server, watches, config);
  }

  private static void quietly(JavalinConfig javalin) {
    javalin.startup.showJavalinBanner = false;
    javalin.startup.showOldJavalinVersionWarning = false;
    javalin.startup.startupWatcherEnabled = false;
    javalin.concurrency.useVirtualThreads = true;
    javalin.http.maxRequestSize = LONGEST_REQUEST;
    javalin.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
  }

  private static void guarded(JavalinConfig javalin, Gate gate, boolean secure) {
    javalin.routes.before(context -> {
      headers(context);
      switch (gate.decide(request(context, gate))) {
        case PASS -> {}
        case TRADE -> {
          context.cookie(
              new Cookie(
                  gate.cookieName(), gate.cookie(), "/", -1, secure, true, null, SameSite.STRICT));
          context.redirect("/", HttpStatus.SEE_OTHER);
          context.skipRemainingHandlers();
        }
      }
    });
    javalin.routes.exception(
        HttpResponseException.class,
        (known, context) -> {
          headers(context);
          error(context, known.getStatus(), known);
        });
    javalin.routes.exception(
        Exception.class,
        (wrong, context) -> {
          headers(context);
          error(context, Errors.status(wrong), wrong);
        });
  }

  private static Gate.Request request(Context context, Gate gate) {
    return new Gate.Request(
        context.method().toString(),
        context.path(),
        context.header("Host"),
        new Gate.Credentials(
            context.queryParam("token"),
            context.header("Authorization"),
            context.cookie(gate.cookieName())),
        new Gate.Origin(context.header("Origin"), context.header("Sec-Fetch-Site")));
  }

  private static void headers(Context context) {
    context.header("Content-Security-Policy", POLICY);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("X-Frame-Options", "DENY");
    context.header("Cache-Control", "no-store");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    context.header("Cross-Origin-Opener-Policy", "same-origin");
  }

  private static void error(Context context, int status, Exception wrong) {
    context
        .status(status)
        .contentType("application/json")
        .result(JsonText.object(json -> Errors.write(json, wrong)));
  }

  private static void asset(Context context, String name) {
    byte[] bytes =
        Assets.read(name).orElseThrow(() -> new PageException(404, "there is no such file"));
    context.contentType(Assets.type(name)).result(bytes);
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  /** The address to open, with the token; for the queue of this name, or empty for all. */
  public String url(String queue) {
    return origin() + "/?token=" + config.token() + fragment(queue);
  }

  /** The same for whoever has the token from elsewhere. */
  public String urlWithoutToken(String queue) {
    return origin() + "/" + fragment(queue);
  }

  private String origin() {
    Listen listen = config.listen();
    String host = listen.address().contains(":") ? "[" + listen.address() + "]" : listen.address();
    return (listen.tls().certificate() != null ? "https" : "http") + "://" + host + ":" + port();
  }

  private static String fragment(String queue) {
    return queue.isEmpty() ? "" : "#/q/" + queue;
  }

  @Override
  public void close() {
    watches.close();
    server.stop();
  }
}
