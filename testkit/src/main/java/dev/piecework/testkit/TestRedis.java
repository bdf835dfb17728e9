package dev.piecework.testkit;

import dev.piecework.embedded.PrivateRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * A real Redis in the hands of a test: it can be killed, frozen, and brought back with its data or
 * without.
 */
public final class TestRedis implements AutoCloseable {
  static final String ALWAYS = "always";

  static final int PATIENCE_MILLIS = 60_000;

  private final PrivateRedis server;
  private final boolean shared;
  private final List<Jedis> opened = new ArrayList<>();

  TestRedis(PrivateRedis server, boolean shared) {
    this.server = server;
    this.shared = shared;
  }

  /**
   * Starts one of its own, for a test that needs no extension. It has an append-only file with
   * {@code appendfsync always}: what it has answered survives a kill.
   */
  public static TestRedis started() {
    return startedAs(withFile(ALWAYS));
  }

  /** The default of Redis is {@code everysec}: a kill may undo up to two seconds on a busy disk. */
  static PrivateRedis.Builder withFile(String appendfsync) {
    return TestServer.builder().appendOnly(true).config("appendfsync", appendfsync);
  }

  /** Starts one that is described in detail. */
  public static TestRedis startedAs(PrivateRedis.Builder description) {
    return new TestRedis(description.start(), false);
  }

  /** {@code redis://[:password@]127.0.0.1:port}. */
  public String uri() {
    return server.uri();
  }

  public int port() {
    return server.port();
  }

  public long pid() {
    return server.pid();
  }

  /** Its folder, with its files and {@code redis.log}. */
  public Path folder() {
    return server.folder();
  }

  /** A connection that a busy machine does not break: the default of Jedis is 2 s. */
  static Jedis connect(String uri) {
    return new Jedis(URI.create(uri), PATIENCE_MILLIS);
  }

  /** A new connection, closed after the test. */
  public Jedis jedis() {
    Jedis jedis = connect(uri());
    opened.add(jedis);
    return jedis;
  }

  /**
   * Makes a user of the access control list, or changes one.
   *
   * @param rules as {@code ACL SETUSER} takes them, such as {@code ~job2*} and {@code +@read}
   * @return the URI with that user's name and password
   */
  public String userUri(String name, String password, String... rules) {
    List<String> all = new ArrayList<>(List.of("reset", "on", ">" + password));
    all.addAll(List.of(rules));
    try (Jedis admin = connect(uri())) {
      admin.aclSetUser(name, all.toArray(String[]::new));
    }
    return "redis://" + PrivateRedis.credentials(name, password) + "127.0.0.1:" + port();
  }

  /** SIGKILL. */
  public void kill() {
    own("killed").kill();
  }

  /** SIGTERM: it saves its data and ends. */
  public void stop() {
    own("stopped").stop();
  }

  /** Starts it on the same port with the data it had; kills it first if it runs. */
  public void restart() {
    own("restarted").kill();
    server.start();
  }

  /** Starts it on the same port with nothing in it; kills it first if it runs. */
  public void restartEmpty() {
    own("restarted").kill();
    try (Stream<Path> files = Files.walk(server.folder())) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        boolean config = path.toString().endsWith(".conf");
        if (!config && !path.equals(server.folder())) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.start();
  }

  /** SIGSTOP: connections stay, nothing answers. */
  public void freeze() {
    Signals.toProcess(own("frozen").pid(), "STOP");
  }

  /** SIGCONT, after {@link #freeze}. */
  public void thaw() {
    Signals.toProcess(server.pid(), "CONT");
  }

  public boolean isRunning() {
    return server.isRunning();
  }

  /** Closes what {@link #jedis} gave out, and ends the server unless it is shared. */
  @Override
  public void close() {
    for (Jedis jedis : opened) {
      try {
        jedis.close();
      } catch (JedisConnectionException e) {
        // The server was killed under it, as the test wished.
      }
    }
    opened.clear();
    if (!shared) {
      server.close();
    }
  }

  private PrivateRedis own(String fate) {
    if (shared) {
      throw new IllegalStateException(
          "this Redis is shared with other tests and cannot be "
              + fate
              + ": ask for @RedisPerTest(own = true)");
    }
    return server;
  }
}
