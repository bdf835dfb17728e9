package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  @Test
  void saysWhyItDoesNotStart() {
    PrivateRedis.Builder wrong = PrivateRedis.builder().config("maxmemory", "much");
    assertThatThrownBy(wrong::start)
        .isInstanceOf(RedisServerException.class)
        .message()
        .contains("maxmemory")
        .hasLineCount(1);
    try (PrivateRedis first = PrivateRedis.started()) {
      assertThatThrownBy(() -> PrivateRedis.builder().port(first.port()).start())
          .isInstanceOf(RedisServerException.class)
          .hasMessageContaining("Address already in use");
    }
  }

  @Test
  void neverOutlivesItsOwner(@TempDir Path folder) throws Exception {
    try (Verb owner = Verb.start(RedisBinary.find(), folder, java.time.Duration.ZERO, "private")) {
      long pid = Long.parseLong(owner.awaitLine());
      assertThat(KnownProcess.of(pid).isAlive()).isTrue();
      owner.kill();
      Awaitility.await().until(() -> !KnownProcess.of(pid).isAlive());
    }
  }

  private static String call(PrivateRedis redis, String... words) throws IOException {
    try (RespConnection connection =
        new RespConnection(redis.port(), redis.password(), java.time.Duration.ofSeconds(10))) {
      return connection.call(words);
    }
  }
}
