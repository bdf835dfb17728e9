package dev.piecework.job.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod learns of the Redis that stands for a Service, however its URL looks. */
class RedisAddressTest {

  @ParameterizedTest
  @CsvSource({
    "redis://:p%40w@127.0.0.1:7,127.0.0.1,7,p@w,tcp://127.0.0.1:7",
    "redis://u:p+%2Fw@my_redis:7/2,my_redis,7,p+/w,tcp://my_redis:7",
    "rediss://word@h,h,6379,word,tcp://h:6379",
    "redis://[fd00::7]:7,fd00::7,7,,tcp://[fd00::7]:7",
    "'redis://a:1,b:2',a,1,,tcp://a:1",
  })
  void aServerIsTold(String url, String host, String port, String password, String tcp) {
    Map<String, String> all = RedisAddress.variables(url, true);
    assertThat(all)
        .containsEntry("REDIS_URL", url)
        .containsEntry("REDIS_SERVICE_HOST", host)
        .containsEntry("REDIS_SERVICE_PORT", port)
        .containsEntry("REDIS_PORT", tcp);
    assertThat(all.get("REDIS_PASSWORD")).isEqualTo(password).isEqualTo(all.get("REDISCLI_AUTH"));
  }

  @Test
  void aSentinelIsNoRedis() {
    String url = "redis-sentinel://:p@a:1,b:2/m";
    assertThat(RedisAddress.variables(url, true)).isEqualTo(Map.of("REDIS_URL", url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "redis://redis:6379/1 redis://:p@h:7 redis://:p@h:7/1",
        "redis://redis/1 redis://:p@h:7/2 redis://:p@h:7/1",
        "redis://:a/b@redis:6379 redis://:p@h:7/2 redis://:p@h:7/2",
        "redis://redis/1 redis-sentinel://a,b/m?sentinel-password=x"
            + " redis-sentinel://a,b/m/1?sentinel-password=x",
        "redis://redis/1 redis://a:1,b:2 redis://a:1,b:2",
        "redis://elsewhere/1 redis://h redis://elsewhere/1",
      })
  void itsUrlTakesThePlaceOfTheServices(String text, String redis, String expected) {
    assertThat(RedisAddress.local(text, redis)).isEqualTo(expected);
  }
}
