package dev.piecework.cli.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.RedisUri;
import dev.piecework.cli.verb.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WhereRedisTest {

  @TempDir Path folder;

  @Test
  void eachPlaceGoesBeforeTheNext() {
    Map<String, String> all = new HashMap<>();
    assertThat(WhereRedis.find(null, all)).isEqualTo(new WhereRedis.Embedded());
    all.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    assertThat(at(null, all)).isEqualTo("redis://redis:6379");
    all.put("REDIS_SERVICE_HOST", "10.0.0.7");
    assertThat(at(null, all)).isEqualTo("redis://10.0.0.7:6379");
    all.put("REDIS_SERVICE_PORT", "7000");
    assertThat(at(null, all)).isEqualTo("redis://10.0.0.7:7000");
    all.put("REDIS_SERVICE_HOST", "fd00::7");
    assertThat(at(null, all)).isEqualTo("redis://[fd00::7]:7000");
    all.put("REDIS_URL", "redis://b");
    assertThat(at(null, all)).isEqualTo("redis://b:6379");
    all.put("PIECEWORK_REDIS", "redis://a");
    assertThat(at(null, all)).isEqualTo("redis://a:6379");
    assertThat(at("redis://option", all)).isEqualTo("redis://option:6379");
  }

  private static String at(
      @org.jspecify.annotations.Nullable String option, Map<String, String> environment) {
    return ((WhereRedis.At) WhereRedis.find(option, environment)).uri().text();
  }

  @Test
  void whatIsWrongIsSaidUnderTheNameOfTheOptionOrVariableWithoutTheText() {
    assertThatThrownBy(() -> WhereRedis.find("reds://:adm/in=@h", Map.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("--redis: ")
        .hasMessageContaining("did you mean redis://?")
        .hasMessageNotContaining("in=");
    assertThatThrownBy(() -> WhereRedis.find(null, Map.of("REDIS_URL", "redis://:adm/in=@h:0")))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("REDIS_URL: ")
        .hasMessageNotContaining("in=");
  }

  private static RedisOptions options(String... words) {
    RedisOptions options = new RedisOptions();
    CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();
    spec.addMixin("redis", CommandLine.Model.CommandSpec.forAnnotatedObject(options));
    new CommandLine(spec).parseArgs(words);
    return options;
  }

  private static String text(RedisOptions options, Map<String, String> environment) {
    return ((WhereRedis.At) options.where(environment)).uri().text();
  }

  @Test
  void passwordsComeFromFilesAndFromTheEnvironment() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "p/w\r\n");
    String sentinels = "redis-sentinel://:x@s/m";
    assertThat(
            text(
                options("--redis", "redis://alice@h", "--redis-password-file", "" + file),
                Map.of()))
        .isEqualTo("redis://alice:p%2Fw@h:6379");
    assertThat(
            text(
                options("--redis", sentinels, "--redis-sentinel-password-file", "" + file),
                Map.of("PIECEWORK_SENTINEL_PASSWORD", "other")))
        .isEqualTo("redis-sentinel://:x@s:26379/m?sentinel-password=p%2Fw");
    assertThat(
            text(
                options(),
                Map.of("REDIS_URL", sentinels + "\n", "PIECEWORK_SENTINEL_PASSWORD", "o&n\n")))
        .isEqualTo("redis-sentinel://:x@s:26379/m?sentinel-password=o%26n");
    assertThat(
            text(options(), Map.of("REDIS_URL", "redis://h", "PIECEWORK_SENTINEL_PASSWORD", "o")))
        .isEqualTo("redis://h:6379");
    RedisOptions none =
        options("--redis", "redis://h", "--redis-sentinel-password-file", "" + file);
    assertThatThrownBy(() -> none.where(Map.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--redis-sentinel-password-file")
        .hasMessageNotContaining("p/w");
  }

  @Test
  void aPasswordThatWasTypedIsKnown() {
    Path file = folder.resolve("password");
    for (String typed :
        new String[] {
          "redis://:pw@h",
          "redis://u:pw@h",
          "redis://word@h",
          "redis-sentinel://s/m?sentinel-password=x"
        }) {
      assertThat(RedisOptions.showsPassword(RedisUri.parse(typed), null)).as(typed).isTrue();
    }
    assertThat(RedisOptions.showsPassword(RedisUri.parse("redis://h"), null)).isFalse();
    assertThat(RedisOptions.showsPassword(RedisUri.parse("redis://user@h"), file)).isFalse();
    assertThat(RedisOptions.showsPassword(RedisUri.parse("redis://user:pw@h"), file)).isTrue();
  }
}
