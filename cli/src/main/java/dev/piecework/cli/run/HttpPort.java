package dev.piecework.cli.run;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** A port on which a worker answers machines that watch it, by a thread of its own. */
final class HttpPort implements AutoCloseable {

  private final HttpServer server;

  /**
   * @param option the one that asked for it, for people
   * @param port 0 for any that is free
   * @throws Refusal when it is taken
   */
  HttpPort(String option, int port) {
    if (port < 0 || port > 65_535) {
      throw Refusal.usage(option + " " + port + " is not 0 to 65535");
    }
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException taken) {
      throw Refusal.usage(option + " " + port + ": " + taken.getMessage(), taken);
    }
    server.setExecutor(
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("http").factory()));
    server.start();
  }

  /** From now on answers under this path, and under no longer one that begins so. */
  void serve(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            if (exchange.getRequestURI().getPath().equals(path)) {
              handler.handle(exchange);
            } else {
              exchange.sendResponseHeaders(404, -1);
            }
          }
        });
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
