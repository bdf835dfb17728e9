package dev.piecework.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

@RedisPerTest
class RedisPerTestTest {

  @RepeatedTest(3)
  void isEmptyEachTime(TestRedis redis) {
    Jedis jedis = redis.jedis();
    assertThat(jedis.dbSize()).isZero();
    assertThat(jedis.configGet("maxmemory")).containsEntry("maxmemory", "0");
    assertThat(jedis.aclUsers()).containsExactly("default");
    jedis.set("left", "behind");
    jedis.configSet("maxmemory", "5mb");
    redis.userUri("somebody", "secret", "+@all");
  }

  @Test
  void refusesToKillWhatOthersUse(TestRedis redis) {
    assertThatThrownBy(redis::kill).hasMessageContaining("own = true");
  }

  @Test
  @RedisPerTest(own = true)
  void survivesAKillWithItsData(TestRedis redis) {
    redis.jedis().set("fruit", "apple");
    redis.kill();
    assertThat(redis.isRunning()).isFalse();
    assertThatThrownBy(() -> new Jedis(URI.create(redis.uri())).ping())
        .isInstanceOf(JedisConnectionException.class);
    redis.restart();
    assertThat(redis.jedis().get("fruit")).isEqualTo("apple");
  }

  /**
   * Guards against a test that kills its server and promises that nothing is lost, while a busy
   * disk decides whether that holds.
   */
  @Test
  @RedisPerTest(own = true)
  void oneThatMayBeKilledKeepsWhatItHasAnswered(TestRedis redis) {
    assertThat(redis.jedis().configGet("appendfsync")).containsEntry("appendfsync", "always");
    try (TestRedis started = TestRedis.started()) {
      assertThat(started.jedis().configGet("appendfsync")).containsEntry("appendfsync", "always");
    }
  }

  @Test
  @RedisPerTest(own = true, appendfsync = "everysec")
  void runsAsTheTestDeclares(TestRedis redis) {
    assertThat(redis.jedis().configGet("appendfsync")).containsEntry("appendfsync", "everysec");
  }

  @Test
  @RedisPerTest(own = true)
  void comesBackEmptyIfAsked(TestRedis redis) {
    int port = redis.port();
    redis.jedis().set("fruit", "apple");
    redis.restartEmpty();
    assertThat(redis.port()).isEqualTo(port);
    assertThat(redis.jedis().dbSize()).isZero();
  }

  @Test
  @RedisPerTest(own = true)
  void freezesAndThaws(TestRedis redis) {
    redis.freeze();
    assertThatThrownBy(() -> new Jedis(URI.create(redis.uri()), 100).ping())
        .isInstanceOf(JedisConnectionException.class);
    redis.thaw();
    assertThat(redis.jedis().ping()).isEqualTo("PONG");
  }

  @Test
  @RedisPerTest(config = {"maxmemory 2mb", "maxmemory-policy noeviction"})
  void takesLinesOfConfiguration(TestRedis redis) {
    Jedis jedis = redis.jedis();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                jedis.set("big" + i, "x".repeat(100_000));
              }
            })
        .isInstanceOf(JedisDataException.class)
        .hasMessageContaining("OOM");
  }

  @Test
  void restrictsUsers(TestRedis redis) {
    String uri = redis.userUri("reader", "p@ss:w/rd %", "~job2*", "+get");
    redis.jedis().set("job2", "apple");
    try (Jedis reader = new Jedis(URI.create(uri))) {
      assertThat(reader.get("job2")).isEqualTo("apple");
      assertThatThrownBy(() -> reader.set("job2", "pear"))
          .isInstanceOf(JedisAccessControlException.class);
      assertThatThrownBy(() -> reader.get("other")).isInstanceOf(JedisAccessControlException.class);
    }
  }
}
