package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class EmbeddedRedisTest {
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

  @ParameterizedTest
  @MethodSource("binaries")
  void isSharedAndKeepsItsData(RedisBinary binary) throws IOException {
    assertThat(EmbeddedRedis.running(folder)).isEmpty();
    try (EmbeddedRedis.Use first = join(binary, LONG);
        EmbeddedRedis.Use second = join(binary, LONG)) {
      assertThat(second.uri()).isEqualTo(first.uri());
      assertThat(EmbeddedRedis.running(folder)).contains(first.uri());
      Servers.call(first, "SET", "fruit", "apple");
      assertThat(Servers.call(second, "GET", "fruit")).isEqualTo("apple");
    }
    assertThat(EmbeddedRedis.stop(folder)).isTrue();
    assertThat(EmbeddedRedis.stop(folder)).isFalse();
    Servers.awaitNoProcess(folder);
    try (EmbeddedRedis.Use again = join(binary, LONG)) {
      assertThat(Servers.call(again, "GET", "fruit")).isEqualTo("apple");
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void stopsWhenIdleAndNotBefore() throws IOException {
    try (EmbeddedRedis.Use use = join(RedisBinary.find(), SHORT)) {
      ProcessHandle server = ProcessHandle.of(Servers.serverPid(use)).orElseThrow();
      try (EmbeddedRedis.Use other = join(RedisBinary.find(), SHORT)) {
        assertThat(other.port()).isEqualTo(use.port());
      }
      // Three times the limit: what must not happen sends no signal.
      assertThat(server.onExit().copy().completeOnTimeout(null, 300, MILLIS).join()).isNull();
      Servers.call(use, "PING");
    }
    Servers.awaitNoProcess(folder);
    assertThat(Files.exists(folder.resolve("state"))).isFalse();
  }

  private static final java.util.concurrent.TimeUnit MILLIS =
      java.util.concurrent.TimeUnit.MILLISECONDS;

  @Test
  void isForItsOwnersEyesOnly() throws IOException {
    Path fresh = folder.resolve("made/by/us");
    try (EmbeddedRedis.Use use = EmbeddedRedis.join(fresh, LONG, notices::add)) {
      String password = Files.readString(fresh.resolve("password"));
      assertThat(password).matches("[0-9a-f]{64}");
      assertThat(use.uri()).isEqualTo("redis://default:" + password + "@127.0.0.1:" + use.port());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
          .isEqualTo("rwx------");
      for (String name : List.of("password", "redis.conf", "state", "lock")) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh.resolve(name))))
            .as(name)
            .isEqualTo("rw-------");
      }
      for (ProcessHandle process : Servers.processes(fresh)) {
        for (String file : List.of("cmdline", "environ")) {
          assertThat(Files.readString(Path.of("/proc", Long.toString(process.pid()), file)))
              .doesNotContain(password);
        }
      }
      assertThatThrownBy(() -> Servers.connect("redis://127.0.0.1:" + use.port()).call("PING"))
          .hasMessageContaining("NOAUTH");
    } finally {
      EmbeddedRedis.stop(fresh);
    }
  }

  @ParameterizedTest
  @MethodSource("binaries")
  void syncsToDiskAndGoesBackToEverySecond(RedisBinary binary) throws IOException {
    try (EmbeddedRedis.Use use = join(binary, LONG)) {
      Servers.call(use, "SET", "fruit", "apple");
      use.syncToDisk();
      assertThat(Servers.call(use, "DBSIZE")).isEqualTo("1");
      assertThat(Files.readString(Servers.appendOnlyFile(folder)))
          .contains("apple")
          .contains("piecework:sync");
      String config = Servers.raw(use, "CONFIG GET appendfsync");
      assertThat(config).contains("everysec").doesNotContain("always");
    }
  }

  @Test
  void staysInTheForegroundUntilInterrupted() throws Exception {
    BlockingQueue<String> uris = new LinkedBlockingQueue<>();
    Thread foreground =
        Thread.ofPlatform()
            .start(() -> EmbeddedRedis.runInForeground(folder, SHORT, notices::add, uris::add));
    assertThat(EmbeddedRedis.running(folder)).isNotNull();
    String uri = uris.take();
    assertThat(uri).startsWith("redis://default:");
    assertThat(EmbeddedRedis.running(folder)).contains(uri);
    foreground.interrupt();
    foreground.join();
    Servers.awaitNoProcess(folder);
  }

  @Test
  void saysInOneLineWhatIsWrong() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> EmbeddedRedis.join(file, LONG, notices::add))
        .isInstanceOf(RedisServerException.class)
        .hasMessageContaining("cannot start Redis in " + file);
    RedisBinary wrong = new RedisBinary(Path.of("/bin/false"), "named by nobody");
    assertThatThrownBy(() -> join(wrong, LONG))
        .isInstanceOf(RedisServerException.class)
        .hasMessageContaining("/bin/false, named by nobody")
        .message()
        .hasLineCount(1);
  }

  @Test
  void readsItsIdleLimit() {
    assertThat(EmbeddedRedis.idleLimit(Map.of())).isEqualTo(LONG);
    assertThat(limit("100ms")).isEqualTo(SHORT);
    assertThat(limit("90s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(limit("2h")).isEqualTo(Duration.ofHours(2));
    assertThatThrownBy(() -> limit("soon")).hasMessageContaining("PIECEWORK_REDIS_IDLE=soon");
  }

  private static Duration limit(String text) {
    return EmbeddedRedis.idleLimit(Map.of(EmbeddedRedis.IDLE_VARIABLE, text));
  }

  private EmbeddedRedis.Use join(RedisBinary binary, Duration idle) {
    return EmbeddedRedis.join(folder, idle, notices::add, () -> binary);
  }
}
