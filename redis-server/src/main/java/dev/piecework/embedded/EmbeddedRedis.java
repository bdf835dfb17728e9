package dev.piecework.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Redis that all verbs of one user share: a real server with an append-only file in a state
 * folder. It starts when somebody first needs it, is joined by others, and stops when nobody has
 * used it for the idle limit. It survives the death of whoever started it.
 *
 * <pre>{@code
 * try (EmbeddedRedis.Use use =
 *     EmbeddedRedis.join(EmbeddedRedis.stateFolder(), EmbeddedRedis.idleLimit(), System.err::println)) {
 *   use.uri();
 * }
 * }</pre>
 */
public final class EmbeddedRedis {
  /** How long it stays when nobody uses it: {@code 100ms}, {@code 90s}, {@code 10m}, {@code 1h}. */
  public static final String IDLE_VARIABLE = "PIECEWORK_REDIS_IDLE";

  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private EmbeddedRedis() {}

  /** {@link UserFolders#state} of this user. */
  public static Path stateFolder() {
    return UserFolders.ofThisUser().state();
  }

  /** {@link UserFolders#state} of an environment that may be another than this process's. */
  public static Path stateFolder(Map<String, String> environment) {
    return UserFolders.of(environment).state();
  }

  /**
   * {@value #IDLE_VARIABLE}, by default 10 minutes.
   *
   * @throws RedisServerException when it is set to something else than a duration
   */
  public static Duration idleLimit() {
    return idleLimit(System.getenv());
  }

  /** The same, of an environment that may be another than this process's. */
  public static Duration idleLimit(Map<String, String> environment) {
    String text = environment.getOrDefault(IDLE_VARIABLE, "");
    if (text.isEmpty()) {
      return IDLE;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new RedisServerException(
          IDLE_VARIABLE + "=" + text + " is not a duration such as 100ms, 90s, 10m or 1h");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /**
   * Uses the shared server until the result is closed or this process ends, and starts it if there
   * is none. Joining a running one takes a few milliseconds.
   *
   * @param stateFolder where it keeps its files, created with mode 0700; see {@link #stateFolder}
   * @param idle how long it shall stay when nobody uses it; the last to join decides
   * @param notices told what a person should know, a line each: a repaired file, a long load
   * @throws RedisServerException when it cannot be started; one line that says why
   */
  public static Use join(Path stateFolder, Duration idle, Consumer<String> notices) {
    return join(stateFolder, idle, notices, RedisBinary::find);
  }

  /** The program is only looked for when a server has to be started. */
  static Use join(
      Path stateFolder, Duration idle, Consumer<String> notices, Supplier<RedisBinary> program) {
    StateFolder folder = new StateFolder(stateFolder.toAbsolutePath().normalize());
    try {
      Optional<Use> joined = Joining.tryJoin(folder, idle);
      return joined.isPresent()
          ? joined.get()
          : new ServerStart(folder, idle, notices, program).join();
    } catch (IOException e) {
      throw new RedisServerException(
          "cannot start Redis in " + folder.path() + ": " + Reason.of(e), e);
    }
  }

  /** The URI of the shared server if it runs; it is neither started nor kept from stopping. */
  public static Optional<String> running(Path stateFolder) {
    StateFolder folder = new StateFolder(stateFolder.toAbsolutePath().normalize());
    try {
      return Joining.look(folder);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Uses the shared server until this thread is interrupted, for {@code piecework redis}. Should
   * the server be stopped meanwhile, it is started again.
   *
   * @param uri told where it is, again each time that changes
   */
  public static void runInForeground(
      Path stateFolder, Duration idle, Consumer<String> notices, Consumer<String> uri) {
    String last = "";
    while (!Thread.currentThread().isInterrupted()) {
      try (Use use = join(stateFolder, idle, notices)) {
        if (!use.uri().equals(last)) {
          last = use.uri();
          uri.accept(last);
        }
        use.awaitEnd();
        notices.accept("the embedded Redis has ended: starting it again");
      } catch (InterruptedException e) {
        return; // asked to end: the server stays for its idle limit
      }
    }
  }

  /**
   * Stops the shared server now, whoever uses it; its data stays.
   *
   * @return whether there was one
   */
  public static boolean stop(Path stateFolder) {
    StateFolder folder = new StateFolder(stateFolder.toAbsolutePath().normalize());
    try {
      return new ServerStop(folder).stop();
    } catch (IOException e) {
      throw new RedisServerException(
          "cannot stop Redis in " + folder.path() + ": " + Reason.of(e), e);
    }
  }

  /** The right to count on the server: it is not stopped for idleness while this is open. */
  public static final class Use implements AutoCloseable {
    private final StateFolder folder;
    private final ServerState state;
    private final String password;
    private final UsageHandle handle;

    Use(StateFolder folder, ServerState state, String password, UsageHandle handle) {
      this.folder = folder;
      this.state = state;
      this.password = password;
      this.handle = handle;
    }

    /** {@code redis://default:password@127.0.0.1:port}: a secret. */
    public String uri() {
      return Joining.uri(state, password);
    }

    /** The server's port on 127.0.0.1. */
    public int port() {
      return state.port();
    }

    /**
     * Makes everything that was written so far durable now, not within a second. Only for this
     * server, which is ours to configure.
     *
     * @throws RedisServerException when the server refuses or is gone
     */
    public void syncToDisk() {
      // With fsync `always` a write is answered after the file, whole, was synced. One at a time:
      // another's return to `everysec` must not come between the change and the write.
      try {
        FolderLock.holding(folder.syncLock(), this::writeSynced);
      } catch (IOException e) {
        throw new RedisServerException(
            "the embedded Redis did not sync its file: " + Reason.of(e), e);
      }
    }

    private String writeSynced() throws IOException {
      try (RespConnection redis = Joining.connect(state, password, Duration.ofMinutes(1))) {
        redis.call("CONFIG", "SET", "appendfsync", "always");
        try {
          redis.callAll(
              List.of(List.of("SET", "piecework:sync", "1"), List.of("DEL", "piecework:sync")));
        } finally {
          redis.call("CONFIG", "SET", "appendfsync", "everysec");
        }
        return "";
      }
    }

    /** Returns when the server no longer answers. */
    void awaitEnd() throws InterruptedException {
      try (RespConnection redis = Joining.connect(state, password, Duration.ofSeconds(30))) {
        while (true) {
          redis.call("PING");
          Thread.sleep(500);
        }
      } catch (IOException e) {
        return;
      }
    }

    @Override
    public void close() {
      try {
        handle.close();
      } catch (IOException e) {
        throw new RedisServerException("cannot leave the embedded Redis: " + Reason.of(e), e);
      }
    }
  }
}
