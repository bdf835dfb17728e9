package dev.piecework.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Comes to a server that runs. Takes no lock: any answer but yes means to go and take it. */
final class Joining {
  /** On this machine; longer only while the server is busy with something long. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private Joining() {}

  /** What became of a PING. */
  enum Answer {
    SERVES,
    LOADING,
    SILENT
  }

  static Optional<EmbeddedRedis.Use> tryJoin(StateFolder folder, Duration idle) throws IOException {
    Optional<ServerState> state = ServerState.read(folder);
    return state.isEmpty() ? Optional.empty() : enter(folder, state.get(), idle);
  }

  private static Optional<EmbeddedRedis.Use> enter(
      StateFolder folder, ServerState state, Duration idle) throws IOException {
    // The password is for our server only: not for whoever took the port of one that died.
    if (!state.isGuarded()) {
      return Optional.empty();
    }
    Optional<UsageHandle> handle = UsageHandle.open(folder, state, idle);
    if (handle.isEmpty()) {
      return Optional.empty();
    }
    boolean joined = false;
    try {
      Optional<String> password = folder.read(folder.password());
      if (password.isPresent() && answers(state, password.get())) {
        handle.get().sayUp();
        joined = true;
        return Optional.of(new EmbeddedRedis.Use(folder, state, password.get(), handle.get()));
      }
      return Optional.empty();
    } finally {
      if (!joined) {
        handle.get().close();
      }
    }
  }

  static Optional<String> look(StateFolder folder) throws IOException {
    Optional<ServerState> state = ServerState.read(folder);
    Optional<String> password = folder.read(folder.password());
    if (state.isEmpty() || password.isEmpty() || !state.get().isGuarded()) {
      return Optional.empty();
    }
    return answers(state.get(), password.get())
        ? Optional.of(uri(state.get(), password.get()))
        : Optional.empty();
  }

  /** Somebody else's server on that port refuses the password, and counts as silent. */
  static Answer probe(ServerState state, String password) {
    try (RespConnection redis = connect(state, password, ANSWER)) {
      redis.call("PING");
      return Answer.SERVES;
    } catch (RespConnection.Refusal e) {
      return e.isLoading() ? Answer.LOADING : Answer.SILENT;
    } catch (IOException e) {
      return Answer.SILENT;
    }
  }

  private static boolean answers(ServerState state, String password) {
    return probe(state, password) == Answer.SERVES;
  }

  static RespConnection connect(ServerState state, String password, Duration timeout)
      throws IOException {
    return new RespConnection(state.port(), password, timeout);
  }

  static String uri(ServerState state, String password) {
    // redis-cli takes an empty name for a user of that name.
    return "redis://default:" + password + "@127.0.0.1:" + state.port();
  }
}
