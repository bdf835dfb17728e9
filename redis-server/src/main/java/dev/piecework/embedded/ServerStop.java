package dev.piecework.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Ends the shared server on demand, and what is left of one whose guard was killed. */
final class ServerStop {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration ASK_AGAIN = Duration.ofMillis(200);

  private final StateFolder folder;

  ServerStop(StateFolder folder) {
    this.folder = folder;
  }

  boolean stop() throws IOException {
    if (!Files.isDirectory(folder.path())) {
      return false;
    }
    return FolderLock.holding(folder.lock(), this::stopNow);
  }

  private boolean stopNow() throws IOException {
    Optional<ServerState> state = ServerState.read(folder);
    if (state.isEmpty()) {
      return false;
    }
    if (!state.get().isGuarded()) {
      return removeRemains(state.get());
    }
    end(state.get().keeper());
    return true;
  }

  /** Ends a server that nobody guards. Returns whether there was one. */
  boolean removeRemains(ServerState state) throws IOException {
    Optional<KnownProcess> server = server();
    if (server.isPresent()) {
      String password = folder.read(folder.password()).orElse("");
      try (RespConnection redis = Joining.connect(state, password, TIMEOUT)) {
        redis.call("SHUTDOWN", "NOSAVE");
      } catch (IOException e) {
        server.get().terminate(); // it closes the connection as it ends, or never answered
      }
      await(server.get());
    }
    Files.deleteIfExists(folder.serverPid());
    Files.deleteIfExists(folder.state());
    return server.isPresent();
  }

  /** The process of the written id, if it works in our data folder: ids are given again. */
  private Optional<KnownProcess> server() throws IOException {
    String pid = folder.read(folder.serverPid()).orElse("").strip();
    if (!pid.matches("\\d{1,9}")) {
      return Optional.empty();
    }
    Path workingFolder = Path.of("/proc", pid, "cwd");
    KnownProcess server = KnownProcess.of(Long.parseLong(pid));
    return server.isAlive() && worksHere(server, workingFolder)
        ? Optional.of(server)
        : Optional.empty();
  }

  private boolean worksHere(KnownProcess server, Path workingFolder) {
    try {
      return Files.isSameFile(workingFolder, folder.data());
    } catch (IOException e) {
      // No /proc here: go by the program's name.
      return !Files.exists(Path.of("/proc/self"))
          && ProcessHandle.of(server.pid())
              .flatMap(process -> process.info().command())
              .orElse("")
              .endsWith("-server");
    }
  }

  /**
   * Asks a guard to end, which ends its server in order first. A shell hears of a signal only when
   * the call that it is in returns, and one that comes just before it waits for its pipe is not
   * heard of: so it is asked again.
   */
  static void end(KnownProcess guard) {
    await(guard, guard::terminate);
  }

  private static void await(KnownProcess process) {
    await(process, () -> {});
  }

  private static void await(KnownProcess process, Runnable ask) {
    long limit = System.nanoTime() + TIMEOUT.toNanos();
    long nextAsking = System.nanoTime();
    while (process.isAlive()) {
      long now = System.nanoTime();
      if (now > limit) {
        throw new RedisServerException(
            "process " + process.pid() + " of the embedded Redis does not end; kill it");
      }
      if (now >= nextAsking) {
        ask.run();
        nextAsking = now + ASK_AGAIN.toNanos();
      }
      Pause.briefly();
    }
  }
}
