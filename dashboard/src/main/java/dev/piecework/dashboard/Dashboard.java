package dev.piecework.dashboard;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;

/** Serves the page on the queues of one Redis, until closed. */
public final class Dashboard implements AutoCloseable {

  private final Javalin server;

  private Dashboard(Javalin server) {
    this.server = server;
  }

  public static Dashboard start(Queues queues, DashboardConfig config) {
    Javalin server =
        Javalin.create(javalin -> {
          javalin.startup.showJavalinBanner = false;
          javalin.startup.showOldJavalinVersionWarning = false;
          javalin.startup.startupWatcherEnabled = false;
          javalin.concurrency.useVirtualThreads = true;
          javalin.routes.get("/", context -> asset(context, "index.html"));
          javalin.routes.get(
              "/assets/{name}", context -> asset(context, context.pathParam("name")));
        });
    return new Dashboard(server.start(config.address(), config.port()));
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  private static void asset(Context context, String name) {
    byte[] bytes = Assets.read(name).orElseThrow(NotFoundResponse::new);
    context.contentType(Assets.type(name)).result(bytes);
  }

  @Override
  public void close() {
    server.stop();
  }
}
