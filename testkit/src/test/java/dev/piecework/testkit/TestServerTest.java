package dev.piecework.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.embedded.RedisBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servers that are named for the tests are those that the tests run on, or the tests fail. */
class TestServerTest {

  private static final String FOUND = RedisBinary.find().path().toString();

  @TempDir Path folder;

  private static List<TestServer> named(String paths) {
    return TestServer.named(Map.of(TestServer.VARIABLE, paths));
  }

  @Test
  void noneIsNamedWhereTheVariableIsNotSetOrEmpty() {
    assertThat(TestServer.named(Map.of())).isEmpty();
    assertThat(named("")).isEmpty();
  }

  @Test
  void theyComeInTheOrderInWhichTheyAreNamedAndOnce() {
    String oldest = OldestRedis.binary().path().toString();
    assertThat(named(oldest + ":" + FOUND + ", " + oldest + ":"))
        .extracting(server -> server.program().toString())
        .containsExactly(oldest, FOUND);
    assertThat(named(oldest)).extracting(TestServer::version).containsExactly("Redis 6.2.11");
  }

  @Test
  void whatIsStartedOnOneRunsThatProgram() {
    TestServer oldest = named(OldestRedis.binary().path().toString()).getFirst();
    try (TestRedis redis = oldest.starting(TestRedis::started)) {
      assertThat(redis.jedis().info("server")).contains("redis_version:6.2.11");
    }
    try (PrivateRedis usual = TestServer.builder().build()) {
      assertThat(usual.binary()).isEqualTo(RedisBinary.find());
    }
  }

  @Test
  void oneThatIsNotThereFailsAndIsNamed() {
    assertThatThrownBy(() -> named(FOUND + ":/nowhere/valkey-server"))
        .hasMessageContaining("PIECEWORK_TEST_SERVERS: /nowhere/valkey-server is no")
        .hasMessageContaining("there is no such file");
  }

  @Test
  void whatCannotRunOrIsSomethingElseFailsAndIsNamed() throws IOException {
    Path text = Files.writeString(folder.resolve("redis-server"), "no program");
    assertThatThrownBy(() -> named(text.toString())).hasMessageContaining("cannot be executed");
    assertThat(text.toFile().setExecutable(true)).isTrue();
    assertThatThrownBy(() -> named(text.toString())).hasMessageContaining(text + " is no");
    Files.writeString(text, "#!/bin/sh\necho another thing\n");
    assertThatThrownBy(() -> named(text.toString())).hasMessageContaining("it says: another thing");
  }
}
