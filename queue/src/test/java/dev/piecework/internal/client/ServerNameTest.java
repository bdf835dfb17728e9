package dev.piecework.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server is called by its own name and version, not by those that it passes for. */
class ServerNameTest {

  @Test
  void aValkeyIsNotTheRedisItPassesFor() {
    ServerName name =
        ServerName.of(
            Map.of("redis_version", "7.2.4", "server_name", "valkey", "valkey_version", "8.1.1"));
    assertThat(name.shown(false)).isEqualTo("Valkey 8.1.1");
    assertThat(name.shown(true)).isEqualTo("Valkey Cluster 8.1.1");
  }

  @Test
  void aRedisIsARedis() {
    assertThat(ServerName.of(Map.of("redis_version", "7.0.15")).shown(false))
        .isEqualTo("Redis 7.0.15");
  }

  /** An INFO that a proxy or an access control list cuts short. */
  @Test
  void whatSaysNothingOfItselfIsARedisOfAnyVersion() {
    assertThat(ServerName.of(Map.of()).shown(false)).isEqualTo("Redis ?");
    assertThat(ServerName.of(Map.of("server_name", "other", "redis_version", "7.2.4")).shown(false))
        .isEqualTo("Redis 7.2.4");
  }
}
