package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.testrun.Needs;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
@Tag("process")
class PrivateRedisTest {

  static Stream<RedisBinary> binaries() {
    return Servers.binaries();
  }

  @ParameterizedTest
  @MethodSource("binaries")
  void isKilledAndComesBackWithItsData(RedisBinary binary) throws IOException {
    PrivateRedis redis =
        PrivateRedis.builder().binary(binary).appendOnly(true).password("s3cret").start();
    Path folder = redis.folder();
    try (redis) {
      assertThat(redis.uri()).isEqualTo("redis://:s3cret@127.0.0.1:" + redis.port());
      call(redis, "SET", "fruit", "apple");
      long pid = redis.pid();
      redis.kill();
      assertThat(redis.isRunning()).isFalse();
      assertThat(KnownProcess.of(pid).isAlive()).isFalse();
      redis.start();
      assertThat(call(redis, "GET", "fruit")).isEqualTo("apple");
      redis.stop();
      redis.start();
      assertThat(call(redis, "GET", "fruit")).isEqualTo("apple");
    }
    assertThat(folder).doesNotExist();
  }

  /**
   * Guards against: after a rewrite and then a full disk, Redis 7 leaves a hole in its append-only
   * file, and does not start on it again.
   */
  @ParameterizedTest
  @Needs("prlimit")
  @MethodSource("binaries")
  void startsAgainAfterAFullDisk(RedisBinary binary, @TempDir Path folder) throws Exception {
    // A file that may not grow is a signal first, and an error only to those who ignore that. The
    // name is passed on: under another one the program checks files.
    Path ignoring = folder.resolve("redis-server");
    Files.writeString(
        ignoring, "#!/bin/bash\ntrap '' XFSZ\nexec -a \"$0\" '" + binary.path() + "' \"$@\"\n");
    Files.setPosixFilePermissions(ignoring, PosixFilePermissions.fromString("rwx------"));
    try (PrivateRedis redis =
        PrivateRedis.builder()
            .binary(new RedisBinary(ignoring, "a test"))
            .folder(folder.resolve("data"))
            .appendOnly(true)
            .start()) {
      call(redis, "SET", "before", "1");
      call(redis, "BGREWRITEAOF");
      awaitInfo(redis, "aof_rewrite_in_progress:0");
      awaitInfo(redis, "aof_base_size:");
      call(redis, "SET", "behind the rewrite", "1");
      limitFiles(redis.pid(), Long.toString(sizeOfLastFile(redis) + 50));
      int written = 0;
      while (isWritten(redis, "key" + written)) {
        written++;
      }
      limitFiles(redis.pid(), "unlimited");
      awaitInfo(redis, "aof_last_write_status:ok");
      call(redis, "SET", "after", "1");
      awaitInfo(redis, "aof_buffer_length:0");
      redis.kill();

      redis.start();
      assertThat(call(redis, "EXISTS", "before")).isEqualTo("1");
      assertThat(call(redis, "EXISTS", "behind the rewrite")).isEqualTo("1");
      assertThat(call(redis, "EXISTS", "after")).isEqualTo("1");
      for (int i = 0; i < written; i++) {
        assertThat(call(redis, "EXISTS", "key" + i)).isEqualTo("1");
      }
    }
  }

  private static boolean isWritten(PrivateRedis redis, String key) throws IOException {
    try {
      return call(redis, "SET", key, "x".repeat(100)).equals("OK");
    } catch (IOException refused) {
      return false;
    }
  }

  private static void awaitInfo(PrivateRedis redis, String line) {
    Awaitility.await().until(() -> call(redis, "INFO", "persistence").contains(line));
  }

  private static long sizeOfLastFile(PrivateRedis redis) throws IOException {
    try (Stream<Path> files = Files.walk(redis.folder())) {
      return files
          .filter(file -> file.toString().endsWith(".aof"))
          .map(file -> file.toFile().length())
          .max(Long::compare)
          .orElseThrow();
    }
  }

  private static void limitFiles(long pid, String size) throws Exception {
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid=" + pid, "--fsize=" + size + ":unlimited")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).isZero();
  }

  @Test
  void takesAnyLineOfConfigurationAndAnyPassword(@TempDir Path folder) throws IOException {
    String password = "a \"b\" \\ #c \u00e9";
    try (PrivateRedis redis =
        PrivateRedis.builder()
            .folder(folder.resolve("with space"))
            .password(password)
            .config("maxmemory", "10mb")
            .start()) {
      assertThat(call(redis, "INFO", "memory")).contains("maxmemory:10485760");
    }
    assertThat(folder.resolve("with space/redis.log")).exists();
  }

  /** Guards against: the libraries of two servers say differently that a port is taken. */
  @ParameterizedTest
  @MethodSource("binaries")
  void saysWhyItDoesNotStart(RedisBinary binary) {
    PrivateRedis.Builder wrong = PrivateRedis.builder().binary(binary).config("maxmemory", "much");
    assertThatThrownBy(wrong::start)
        .isInstanceOf(RedisServerException.class)
        .message()
        .contains("maxmemory")
        .hasLineCount(1);
    try (PrivateRedis first = PrivateRedis.started()) {
      assertThatThrownBy(() -> PrivateRedis.builder().binary(binary).port(first.port()).start())
          .isInstanceOf(RedisServerException.class)
          .hasMessageMatching(".*bind: Address (already )?in use");
    }
  }

  /** Guards against: many servers started at once, each on a port that was free a moment ago. */
  @Test
  void aPortThatSomebodyTakesBeforeTheStartIsAnotherOne() throws Exception {
    PrivateRedis redis = PrivateRedis.builder().build();
    int first = redis.port();
    try (ServerSocket taken = new ServerSocket(first, 1, RespConnection.loopback());
        PrivateRedis started = redis.start()) {
      assertThat(started.port()).isNotEqualTo(taken.getLocalPort());
      int port = started.port();
      started.kill();
      assertThat(started.start().port()).isEqualTo(port);
    }
  }

  /** Of those for outgoing connections one may be in use when a server comes back to it. */
  @Test
  void portsAreNoneOfThoseThatOutgoingConnectionsGet() {
    for (int i = 0; i < 100; i++) {
      assertThat(PrivateRedis.freePort()).isBetween(10_000, 32_767);
    }
  }

  @Test
  void neverOutlivesItsOwner(@TempDir Path folder) throws Exception {
    try (Verb owner = Verb.start(RedisBinary.find(), folder, Duration.ZERO, "private")) {
      long pid = Long.parseLong(owner.awaitLine());
      assertThat(KnownProcess.of(pid).isAlive()).isTrue();
      owner.kill();
      Awaitility.await().until(() -> !KnownProcess.of(pid).isAlive());
    }
  }

  @Test
  void itsTemporaryFolderDoesNotOutliveItsOwner(@TempDir Path unused) throws Exception {
    Duration none = Duration.ZERO;
    String what = "private with a temporary folder";
    try (Verb owner = Verb.start(RedisBinary.find(), unused, none, what)) {
      Path folder = Path.of(owner.awaitLine());
      assertThat(folder.resolve("private-redis.conf")).exists();
      owner.kill();
      Awaitility.await().until(() -> Files.notExists(folder));
    }
  }

  /** Guards against: what the server's child still wrote let the removal give up half way. */
  @Test
  void aFolderThatSomebodyStillWritesToIsRemoved(@TempDir Path parent) throws Exception {
    Path folder = Files.createDirectory(parent.resolve("busy"));
    Process writer =
        new ProcessBuilder(
                "/bin/sh", "-c", "echo begun; for i in $(seq 300); do : >$i; done; echo ended")
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(writer.inputReader().readLine()).isEqualTo("begun");
    Folders.remove(folder);
    assertThat(folder).doesNotExist();
    writer.destroyForcibly().waitFor();
  }

  private static String call(PrivateRedis redis, String... words) throws IOException {
    try (RespConnection connection =
        new RespConnection(redis.port(), redis.password(), Duration.ofSeconds(10))) {
      return connection.call(words);
    }
  }
}
