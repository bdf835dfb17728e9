package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of its processes killed, its files damaged, its port taken. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class EmbeddedRedisUnderFaultsTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir Path folder;
  private final List<String> notices = new ArrayList<>();

  static Stream<RedisBinary> binaries() {
    return Servers.binaries();
  }

  @AfterEach
  void stop() {
    EmbeddedRedis.stop(folder);
    Servers.awaitNoProcess(folder);
  }

  @Test
  void survivesTheDeathOfItsStarter() throws Exception {
    try (Verb starter = Verb.start(RedisBinary.find(), folder, LONG, "hold")) {
      starter.awaitLine();
      String uri = EmbeddedRedis.running(folder).orElseThrow();
      starter.kill();
      try (EmbeddedRedis.Use use = join(RedisBinary.find(), LONG)) {
        assertThat(use.uri()).isEqualTo(uri);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("binaries")
  void comesBackByItselfWhenTheServerIsKilled(RedisBinary binary) throws IOException {
    try (EmbeddedRedis.Use use = join(binary, LONG)) {
      Servers.call(use, "SET", "fruit", "apple");
      Servers.kill(Servers.serverPid(use));
      // The same URI: whoever uses it reconnects.
      Awaitility.await()
          .ignoreExceptions()
          .until(() -> Servers.call(use, "GET", "fruit").equals("apple"));
    }
  }

  @Test
  void replacesAServerWhoseGuardWasKilled() throws IOException {
    try (EmbeddedRedis.Use use = join(RedisBinary.find(), LONG)) {
      Servers.call(use, "SET", "fruit", "apple");
      long server = Servers.serverPid(use);
      Servers.kill(Servers.state(folder).keeper().pid());
      try (EmbeddedRedis.Use next = join(RedisBinary.find(), SHORT)) {
        assertThat(KnownProcess.of(server).isAlive()).isFalse();
        assertThat(next.uri()).isEqualTo(use.uri());
        assertThat(Servers.call(next, "GET", "fruit")).isEqualTo("apple");
      }
    }
    Servers.awaitNoProcess(folder);
  }

  @ParameterizedTest
  @MethodSource("binaries")
  void movesWhenItsPortWasTaken(RedisBinary binary) throws IOException {
    int port;
    try (EmbeddedRedis.Use use = join(binary, LONG)) {
      Servers.call(use, "SET", "fruit", "apple");
      port = use.port();
      long server = Servers.serverPid(use);
      killAll();
      assertThat(KnownProcess.of(server).isAlive()).isFalse();
    }
    try (ServerSocket thief = new ServerSocket()) {
      thief.setReuseAddress(true);
      thief.bind(new InetSocketAddress(RespConnection.loopback(), port));
      assertThat(EmbeddedRedis.running(folder)).isEmpty();
      try (EmbeddedRedis.Use use = join(binary, LONG)) {
        assertThat(use.port()).isNotEqualTo(port);
        assertThat(Servers.call(use, "GET", "fruit")).isEqualTo("apple");
      }
    }
  }

  @Test
  void doesNotTakeAnotherProcessForItsGuard() throws IOException {
    StateFolder state = new StateFolder(folder);
    KnownProcess us = KnownProcess.of(ProcessHandle.current().pid());
    // As after a boot: the number is in use, by somebody who started at another time.
    KnownProcess before = new KnownProcess(us.pid(), us.started() + 1);
    int port = PrivateRedis.freePort();
    state.write(state.state(), new ServerState("0123456789abcdef", port, before).text());
    state.write(state.serverPid(), us.pid() + "\n");
    assertThat(EmbeddedRedis.running(folder)).isEmpty();
    try (EmbeddedRedis.Use use = join(RedisBinary.find(), LONG)) {
      assertThat(Servers.call(use, "PING")).isEqualTo("PONG");
    }
  }

  @ParameterizedTest
  @MethodSource("binaries")
  void repairsAFileThatWasCutShort(RedisBinary binary) throws IOException {
    Path file = fill(binary);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 5);
    }
    try (EmbeddedRedis.Use use = join(binary, LONG)) {
      assertThat(Servers.call(use, "DBSIZE")).isEqualTo("99");
      assertThat(notices).hasSize(1);
      assertThat(notices.get(0)).contains("cut short").contains(folder.toString());
    }
    EmbeddedRedis.stop(folder);
    join(binary, LONG).close();
    assertThat(notices).hasSize(1);
  }

  /** Guards against: what follows the hole is cut off with it. */
  @ParameterizedTest
  @MethodSource("binaries")
  void closesTheHoleThatAFullDiskLeft(RedisBinary binary) throws IOException {
    Path file = fill(binary);
    String text = Files.readString(file, UTF_8);
    int middle = text.indexOf("*3\r\n", text.length() / 2);
    String hole = "\0".repeat(70_000); // longer than what is read at once
    Files.writeString(file, text.substring(0, middle) + hole + text.substring(middle), UTF_8);
    try (EmbeddedRedis.Use use = join(binary, LONG)) {
      assertThat(Servers.call(use, "DBSIZE")).isEqualTo("100");
    }
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("a hole of 70000 bytes, which was closed", "data-damaged-")
        .doesNotContain("cut off");
  }

  @ParameterizedTest
  @MethodSource("binaries")
  void keepsACopyOfADamagedFile(RedisBinary binary) throws IOException {
    Path file = fill(binary);
    long size = Files.size(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("garbage, not a command".getBytes(UTF_8)), size / 2);
    }
    try (EmbeddedRedis.Use use = join(binary, LONG)) {
      assertThat(Integer.parseInt(Servers.call(use, "DBSIZE"))).isBetween(40, 60);
    }
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0)).contains("was damaged").contains("data-damaged-");
    try (Stream<Path> copies = Files.list(folder)) {
      Path copy =
          copies
              .filter(path -> path.getFileName().toString().startsWith("data-damaged-"))
              .findFirst()
              .orElseThrow();
      assertThat(copy.resolve(folder.resolve("data").relativize(file))).hasSize(size);
    }
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

  @Test
  void refusesDataOfANewerRedis() throws IOException {
    RedisBinary old = Servers.oldest();
    Files.createDirectories(folder.resolve("data/appendonlydir"));
    assertThatThrownBy(() -> join(old, LONG))
        .isInstanceOf(RedisServerException.class)
        .hasMessageContaining("written by Redis 7 or later")
        .hasMessageContaining("6.2")
        .hasMessageContaining("PIECEWORK_REDIS_SERVER");
    assertThat(folder.resolve("data/appendonly.aof")).doesNotExist();
  }

  private Path fill(RedisBinary binary) throws IOException {
    try (EmbeddedRedis.Use use = join(binary, LONG);
        RespConnection redis = Servers.connect(use)) {
      for (int i = 0; i < 100; i++) {
        redis.call("SET", "key" + i, "value");
      }
    }
    EmbeddedRedis.stop(folder);
    return Servers.appendOnlyFile(folder);
  }

  private void killAll() throws IOException {
    long guard = Servers.state(folder).keeper().pid();
    Servers.kill(guard);
    Servers.processes(folder).forEach(ProcessHandle::destroyForcibly);
    Servers.awaitNoProcess(folder);
  }

  private EmbeddedRedis.Use join(RedisBinary binary, Duration idle) {
    return EmbeddedRedis.join(folder, idle, notices::add, () -> binary);
  }
}
