package dev.piecework.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.RedisUri;
import dev.piecework.cli.redis.WhereRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunNameTest {

  private static long place(String uri) {
    return RunName.lockPlace(new WhereRedis.At(RedisUri.parse(uri), "--redis"), "bag");
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://%sh:7/1", "redis-sentinel://%ss:1,s:2/mine/1"})
  void twoRunsOnOneRedisAreToldApartWhereverTheLoginIsWritten(String uri) {
    String bare = uri.formatted("");
    assertThat(place(uri.formatted(":secret@"))).isEqualTo(place(bare));
    assertThat(place(uri.formatted("me:secret@"))).isEqualTo(place(bare));
    assertThat(place(bare.replaceFirst("1$", "2"))).isNotEqualTo(place(bare));
  }

  @Test
  void runsOnOtherServersDoNotMeet() {
    assertThat(place("redis://h:7")).isNotEqualTo(place("redis://h:8"));
    assertThat(RunName.lockPlace(new WhereRedis.Embedded(), "bag"))
        .isNotEqualTo(place("redis://h:7"));
  }
}
