package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.embedded.PrivateRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What all is well looks like is tried by {@code ./check --release}, on a machine with nothing. */
class SelfTestIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  @Test
  void allButTheRedisThatIsNotThereIsWellAndNoPasswordIsShown(@TempDir Path folder)
      throws Exception {
    String nobody = "127.0.0.1:" + PrivateRedis.freePort();
    piecework.with("REDIS_URL", "redis://me:top-secret@" + nobody);
    piecework.with("TMPDIR", folder.toString());

    var ended = piecework.run("self-test", "-o", "json").expect(1);

    assertThat(ended.out() + ended.err()).doesNotContain("top-secret");
    JsonNode told = new JsonMapper().readTree(ended.out());
    assertThat(told.at("/version").asString()).isNotEmpty();
    assertThat(told.at("/redis").asString()).matches("\\d+\\.\\d+\\.\\d+ \\(.*");
    assertThat(told.at("/limits").asString()).contains("open files");
    assertThat(told.at("/passed").asBoolean()).isFalse();
    assertThat(StreamSupport.stream(told.at("/checks").spliterator(), false))
        .extracting(check -> check.at("/name").asString() + ": " + check.at("/result").asString())
        .contains(
            "temporary files: ok",
            "state folder: ok",
            "redis: ok",
            "commands: ok",
            "killed worker: ok",
            "redis that was named: failed",
            "tls: ok");
    assertThat(told.at("/checks").toString()).contains(nobody).contains("(for 5s)");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aUrlThatIsNoneIsAWrongCall() throws Exception {
    var ended = piecework.here("self-test", "--redis", "http://:secret@host").expect(2);

    assertThat(ended.err()).contains("--redis").doesNotContain("secret");
    assertThat(ended.out()).isEmpty();
  }
}
