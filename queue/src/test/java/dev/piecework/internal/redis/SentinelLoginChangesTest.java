package dev.piecework.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.RedisUri;
import dev.piecework.RedisUri.Login;
import dev.piecework.RedisUri.Sentinels;
import dev.piecework.testkit.SentinelTrio;
import dev.piecework.testkit.SentinelTrio.Guard;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.JedisClientConfig;

@Tag("slow")
@Tag("cluster")
class SentinelLoginChangesTest {

  /** Or whoever listens to the Sentinels would hear of no failover after a password was changed. */
  @Test
  void sentinelsThatAskForThePasswordOfTheDataServersGetTheOneOfNow() {
    try (SentinelTrio trio = SentinelTrio.started(new Guard("same", "same", null))) {
      RedisUri uri = RedisUri.parse(trio.uri());
      AtomicReference<Login> data = new AtomicReference<>(uri.login());
      JedisClientConfig found =
          new SentinelLogin(
                  data::get,
                  (Sentinels) uri.servers(),
                  login ->
                      DefaultJedisClientConfig.builder()
                          .credentialsProvider(() ->
                              new DefaultRedisCredentials(
                                  login.get().user(), login.get().password()))
                          .build())
              .found();
      assertThat(password(found)).isEqualTo("same");
      data.set(new Login(uri.login().user(), "changed"));
      assertThat(password(found)).isEqualTo("changed");
    }
  }

  private static String password(JedisClientConfig config) {
    return new String(config.getCredentialsProvider().get().getPassword());
  }
}
