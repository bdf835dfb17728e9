package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhereRedisTest {

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
    assertThat(at(null, all)).isEqualTo("redis://b");
    all.put("PIECEWORK_REDIS", "redis://a");
    assertThat(at(null, all)).isEqualTo("redis://a");
    assertThat(at("redis://option", all)).isEqualTo("redis://option");
  }

  private static String at(
      @org.jspecify.annotations.Nullable String option, Map<String, String> environment) {
    return ((WhereRedis.At) WhereRedis.find(option, environment)).uri();
  }

  @Test
  void passwordsAreKnownAndLeftOut() {
    assertThat(WhereRedis.holdsPassword("redis://user:secret@host:1")).isTrue();
    assertThat(WhereRedis.holdsPassword("redis://user@host:1")).isFalse();
    assertThat(WhereRedis.holdsPassword("redis://host:1")).isFalse();
    assertThat(WhereRedis.withoutPassword("redis://:s@a:1,redis://u:s@b:2"))
        .isEqualTo("redis://***@a:1,redis://***@b:2");
  }
}
