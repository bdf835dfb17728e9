package dev.piecework.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis that belongs to this program alone: for tests, and for programs that want one of
 * their own. It listens on 127.0.0.1 and never outlives this process, not even if that is killed;
 * nor does its temporary folder while it runs.
 *
 * <pre>{@code
 * try (PrivateRedis redis = PrivateRedis.builder().appendOnly(true).start()) {
 *   use(redis.uri());
 *   redis.kill();   // SIGKILL
 *   redis.start();  // the same port, the same folder
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads at once.
 */
public final class PrivateRedis implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** For one look at whether it answers: somebody else who has its port may never do. */
  private static final Duration ONE_ANSWER = Duration.ofSeconds(2);

  private static final int PORTS_TO_TRY = 5;

  private final RedisBinary binary;
  private final Path folder;
  private final boolean ownFolder;
  private final String password;
  private final boolean sentinel;
  private final boolean tls;
  private final Path config;
  private final List<List<String>> lines;
  private final boolean appendOnly;
  private int port;

  /** Until it has been started: a port that nobody has named may be another one until then. */
  private boolean portMayChange;

  private @Nullable Process keeper;
  private long pid;

  private PrivateRedis(Builder builder) throws IOException {
    this.binary = builder.binary != null ? builder.binary : RedisBinary.find();
    this.ownFolder = builder.folder == null;
    this.folder =
        builder.folder == null
            ? Files.createTempDirectory("piecework-redis-")
            : Files.createDirectories(builder.folder).toAbsolutePath();
    this.lines = List.copyOf(builder.lines);
    this.appendOnly = builder.appendOnly;
    this.portMayChange = builder.port == 0;
    this.port = portMayChange ? anyPort() : builder.port;
    this.password = builder.password;
    this.sentinel = builder.sentinel;
    this.tls = has("tls-port");
    this.config = folder.resolve("private-redis.conf");
    write();
  }

  /** Begins a description; every setting has a default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts one with the defaults: a free port, no password, a folder of its own, no file. */
  public static PrivateRedis started() {
    return builder().start();
  }

  /** A port of 127.0.0.1 that was free a moment ago. */
  public static int freePort() {
    return Ports.free();
  }

  /**
   * {@code redis://[:password@]127.0.0.1:port}, percent-encoded, or {@code rediss://} with {@code
   * tls-port}.
   */
  public String uri() {
    String scheme = tls ? "rediss://" : "redis://";
    return scheme + credentials("", password) + "127.0.0.1:" + port;
  }

  /** {@code user:password@}, every character allowed in either, or nothing without a password. */
  public static String credentials(String user, String password) {
    return password.isEmpty() ? "" : encoded(user) + ":" + encoded(password) + "@";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The same as {@link #uri}. */
  public String url() {
    return uri();
  }

  public int port() {
    return port;
  }

  public String password() {
    return password;
  }

  /** Where it keeps its files; its log is {@code redis.log} there. */
  public Path folder() {
    return folder;
  }

  public RedisBinary binary() {
    return binary;
  }

  /** The server's process id, of its last life. */
  public long pid() {
    return pid;
  }

  public boolean isRunning() {
    return keeper != null && keeper.isAlive();
  }

  /** Starts it, again after {@link #stop} or {@link #kill}, and returns when it answers. */
  public PrivateRedis start() {
    if (isRunning()) {
      return this;
    }
    try {
      if (!launchOnSomePort()
          && new AppendOnlyHoles(new AofChecker(binary, folder)).close(folder) > 0) {
        launch();
      }
      if (!isRunning()) {
        throw new RedisServerException(
            "Redis on port " + port + " ended at once: " + RedisLog.lastComplaint(log(), errors()));
      }
      return this;
    } catch (IOException e) {
      close();
      throw new RedisServerException("cannot start " + binary.path() + ": " + Reason.of(e), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Likewise, at first on another port where somebody has taken ours in the meantime. */
  private boolean launchOnSomePort() throws IOException {
    boolean answers = launch();
    for (int i = 1; i < PORTS_TO_TRY && !answers && portMayChange && isPortTaken(); i++) {
      port = anyPort();
      write();
      answers = launch();
    }
    portMayChange = false;
    return answers;
  }

  private int anyPort() {
    return has("cluster-enabled") ? Ports.freeWithBus() : Ports.free();
  }

  private boolean has(String name) {
    return lines.stream().anyMatch(line -> line.get(0).equals(name));
  }

  private boolean isPortTaken() {
    return StartFailure.isPortTaken(RedisLog.lastComplaint(log(), errors()));
  }

  /** Whether it answers now; if not, it has ended. */
  private boolean launch() throws IOException {
    Files.deleteIfExists(log());
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", Scripts.text("private.sh"), "piecework-redis"));
    command.add(ownFolder ? folder.toString() : "");
    command.addAll(List.of(binary.path().toString(), config.toString()));
    if (sentinel) {
      command.add("--sentinel");
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C");
    builder.redirectError(errors().toFile());
    Process started = builder.start();
    keeper = started;
    BufferedReader said = started.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    if (line == null) {
      throw new RedisServerException("/bin/sh could not start " + binary.path());
    }
    pid = Long.parseLong(line.strip());
    return awaitReady(started);
  }

  /** SIGTERM: it saves what its configuration says and ends. Returns when it is gone. */
  public void stop() {
    signal(false);
  }

  /** SIGKILL. Returns when it is gone. */
  public void kill() {
    signal(true);
  }

  /** Kills it and, if the folder was its own, removes that. */
  @Override
  public void close() {
    kill();
    if (ownFolder) {
      Folders.remove(folder);
    }
  }

  private void signal(boolean hard) {
    Process running = keeper;
    if (running == null) {
      return;
    }
    ProcessHandle.of(pid)
        .filter(server -> running.isAlive())
        .ifPresent(server -> end(server, hard));
    try {
      if (!running.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        running.waitFor();
      }
    } catch (InterruptedException e) {
      // The owner's end of the pipe goes with this object: the script kills the server.
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    keeper = null;
  }

  private static void end(ProcessHandle server, boolean hard) {
    if (hard) {
      server.destroyForcibly();
    } else {
      server.destroy();
    }
  }

  private boolean awaitReady(Process started) throws IOException {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers()) {
      if (!started.isAlive()) {
        return false;
      }
      if (System.nanoTime() > limit) {
        throw new RedisServerException("Redis on port " + port + " does not answer, see " + log());
      }
      Pause.briefly();
    }
    return true;
  }

  private boolean answers() throws IOException {
    if (tls) {
      return RedisLog.isReady(log());
    }
    try (RespConnection connection = new RespConnection(port, password, ONE_ANSWER)) {
      // Somebody else's Redis may have the port: ours names our process.
      return connection.call("INFO", "server").contains("process_id:" + pid + "\r")
          && connection.call("PING").equals("PONG"); // not before its data is loaded
    } catch (IOException e) {
      return false;
    }
  }

  private Path errors() {
    return folder.resolve("redis.err");
  }

  private Path log() {
    return folder.resolve("redis.log");
  }

  private void write() throws IOException {
    ConfigFile file = new ConfigFile();
    if (!has("bind")) {
      file.line("bind", "127.0.0.1");
    }
    file.line("port", tls ? "0" : Integer.toString(port));
    file.line("dir", folder.toString());
    file.line("logfile", log().toString());
    if (!password.isEmpty()) {
      file.line("requirepass", password);
    }
    if (!sentinel) {
      file.line("save", "").line("appendonly", appendOnly ? "yes" : "no");
      file.line("repl-diskless-sync", "yes").line("repl-diskless-sync-delay", "0");
    }
    for (List<String> line : lines) {
      String[] values = line.subList(1, line.size()).toArray(String[]::new);
      boolean tlsPort = line.get(0).equals("tls-port");
      file.line(line.get(0), tlsPort ? new String[] {Integer.toString(port)} : values);
    }
    Files.deleteIfExists(config);
    Files.createFile(
        config, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(config, file.toString(), StandardOpenOption.WRITE);
  }

  /** What the server shall be like. */
  public static final class Builder {
    private final List<List<String>> lines = new ArrayList<>();
    private @Nullable RedisBinary binary;
    private @Nullable Path folder;
    private int port;
    private String password = "";
    private boolean appendOnly;
    private boolean sentinel;

    private Builder() {}

    /** Which program; default {@link RedisBinary#find}. */
    public Builder binary(RedisBinary program) {
      this.binary = program;
      return this;
    }

    /** Where it keeps its files; default a temporary folder, removed at {@code close}. */
    public Builder folder(Path path) {
      this.folder = path;
      return this;
    }

    /** A port of 127.0.0.1; default 0: a free one, known for certain once it has been started. */
    public Builder port(int number) {
      this.port = number;
      return this;
    }

    /** Default: none. It is written to a file of mode 0600, never on a command line. */
    public Builder password(String text) {
      this.password = text;
      return this;
    }

    /** Whether to keep an append-only file; default no. */
    public Builder appendOnly(boolean yes) {
      this.appendOnly = yes;
      return this;
    }

    /** Runs it as a Sentinel. */
    public Builder sentinel() {
      this.sentinel = true;
      return this;
    }

    /**
     * One more line of the configuration file. {@code tls-port}, with any value, makes {@link
     * PrivateRedis#port} a TLS port, and the only one.
     */
    public Builder config(String name, String... values) {
      List<String> line = new ArrayList<>();
      line.add(name);
      line.addAll(List.of(values));
      lines.add(line);
      return this;
    }

    /** Prepares it without starting it. A port that was not named may be another one after that. */
    public PrivateRedis build() {
      try {
        return new PrivateRedis(this);
      } catch (IOException e) {
        throw new RedisServerException("cannot prepare a private Redis: " + Reason.of(e), e);
      }
    }

    /** Starts it and returns when it answers. */
    public PrivateRedis start() {
      return build().start();
    }
  }
}
