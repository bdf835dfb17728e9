package dev.piecework.embedded;

import static dev.piecework.embedded.Joining.Answer.SERVES;
import static dev.piecework.embedded.Joining.Answer.SILENT;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts the shared server, or waits for one that is starting, loading or stopping. One process
 * does this at a time: it holds the folder's lock from the first look to the first answer.
 */
final class ServerStart {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration WORTH_SAYING = Duration.ofSeconds(3);
  private static final int PORTS_TO_TRY = 5;

  private final StateFolder folder;
  private final Duration idle;
  private final Consumer<String> notices;
  private final Supplier<RedisBinary> program;

  ServerStart(
      StateFolder folder, Duration idle, Consumer<String> notices, Supplier<RedisBinary> program) {
    this.program = program;
    this.folder = folder;
    this.idle = idle;
    this.notices = notices;
  }

  EmbeddedRedis.Use join() throws IOException {
    folder.create();
    return FolderLock.holding(folder.lock(), this::joinOrStart);
  }

  private EmbeddedRedis.Use joinOrStart() throws IOException {
    Wait wait = new Wait();
    while (true) {
      Optional<EmbeddedRedis.Use> joined = Joining.tryJoin(folder, idle);
      if (joined.isPresent()) {
        return joined.get();
      }
      Optional<ServerState> state = ServerState.read(folder);
      if (state.isEmpty() || !state.get().isGuarded()) {
        return startAnew(state);
      }
      wait.after(Joining.probe(state.get(), folder.read(folder.password()).orElse("")));
    }
  }

  private EmbeddedRedis.Use startAnew(Optional<ServerState> remains) throws IOException {
    if (remains.isPresent()) {
      new ServerStop(folder).removeRemains(remains.get());
    }
    RedisBinary binary = program.get();
    AppendOnlyData data = new AppendOnlyData(folder, binary, InstantSource.system());
    data.refuseNewer();
    // Clients of a server that was killed come back to where it was.
    int port = remains.map(ServerState::port).orElseGet(PrivateRedis::freePort);
    String password = remains.isPresent() ? folder.read(folder.password()).orElse("") : "";
    if (password.isEmpty()) {
      password = StateFolder.randomHex(32);
    }
    boolean repaired = false;
    for (int tries = 1; ; tries++) {
      write(port, password);
      Guard guard = Guard.launch(folder, binary, idle);
      Optional<EmbeddedRedis.Use> use = firstUse(guard, port, password);
      if (use.isPresent()) {
        data.noticeOfCutTail().ifPresent(notices);
        UserFolders.ofThisUser().notice(folder.path()).ifPresent(notices);
        return use.get();
      }
      StartFailure failure = StartFailure.read(folder);
      if (failure.isPortTaken() && tries < PORTS_TO_TRY) {
        port = PrivateRedis.freePort();
      } else if (failure.isDamagedFile() && !repaired) {
        repaired = true;
        notices.accept(data.repair());
      } else {
        throw failure.explained(binary);
      }
    }
  }

  /** Opens the pipe before the guard may go on, so that it never sees itself unused. */
  private Optional<EmbeddedRedis.Use> firstUse(Guard guard, int port, String password)
      throws IOException {
    ServerState state = new ServerState(guard.generation(), port, guard.process());
    folder.write(folder.state(), state.text());
    UsageHandle handle =
        UsageHandle.open(folder, state, idle)
            .orElseThrow(() -> new IOException("its guard ended before it began"));
    boolean joined = false;
    try {
      guard.go();
      Wait wait = new Wait();
      while (guard.process().isAlive()) {
        Joining.Answer answer = listens(wait) ? Joining.probe(state, password) : SILENT;
        if (answer == SERVES) {
          handle.sayUp();
          joined = true;
          return Optional.of(new EmbeddedRedis.Use(folder, state, password, handle));
        }
        wait.after(answer);
      }
      return Optional.empty();
    } finally {
      if (!joined) {
        handle.close();
      }
    }
  }

  /** It has the port, and not somebody else who would be told the password. */
  private boolean listens(Wait wait) {
    // Every version so far says this after it listens; one that does not costs a pause.
    return RedisLog.find(folder.log(), "Server initialized").isPresent() || wait.isLong();
  }

  private void write(int port, String password) throws IOException {
    StateFolder.create(folder.data());
    Files.deleteIfExists(folder.log());
    folder.write(folder.password(), password);
    folder.write(folder.guardScript(), Scripts.text("guard.sh"));
    folder.write(
        folder.config(),
        new ConfigFile()
            .line("bind", "127.0.0.1")
            .line("port", Integer.toString(port))
            .line("requirepass", password)
            .line("dir", folder.data().toString())
            .line("logfile", folder.log().toString())
            .line("appendonly", "yes")
            .line("appendfsync", "everysec")
            .line("aof-load-truncated", "yes")
            .line("save", "")
            .line("stop-writes-on-bgsave-error", "no")
            .toString());
  }

  /** Looks again soon, says once what takes long, and gives up only on a server that is silent. */
  private final class Wait {
    private final long begun = System.nanoTime();
    private long silentSince = begun;
    private boolean said;

    void after(Joining.Answer answer) {
      long now = System.nanoTime();
      if (answer == Joining.Answer.LOADING) {
        silentSince = now;
        if (!said && now - begun > WORTH_SAYING.toNanos()) {
          said = true;
          notices.accept("the embedded Redis is still loading its data from " + folder.data());
        }
      }
      if (now - silentSince > TIMEOUT.toNanos()) {
        throw new RedisServerException(
            "the embedded Redis has not answered for "
                + TIMEOUT.toSeconds()
                + " s; see "
                + folder.log());
      }
      Pause.briefly();
    }

    boolean isLong() {
      return System.nanoTime() - begun > WORTH_SAYING.toNanos();
    }
  }
}
