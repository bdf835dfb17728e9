package dev.piecework.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
@Tag("cluster")
class SentinelTrioTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "secret"})
  void sentinelsPromoteTheReplica(String password) {
    try (SentinelTrio trio = SentinelTrio.started(password)) {
      String authority = password.isEmpty() ? "" : ":" + password + "@";
      assertThat(trio.uri())
          .matches(
              "redis-sentinel://"
                  + authority
                  + "127.0.0.1:\\d+,127.0.0.1:\\d+,127.0.0.1:\\d+/piecework-main");
      TestRedis first = trio.master();
      TestRedis second = trio.replica();
      Jedis writer = first.jedis(); // WAIT is about the writes of its own connection
      writer.set("fruit", "apple");
      assertThat(writer.waitReplicas(1, 10_000)).isEqualTo(1);

      trio.failover();
      assertThat(trio.master()).isSameAs(second);
      assertThat(second.jedis().get("fruit")).isEqualTo("apple");
    }
  }

  @Test
  void sentinelsNoticeADeadMaster() {
    try (SentinelTrio trio = SentinelTrio.started()) {
      TestRedis second = trio.replica();
      trio.killMaster();
      assertThat(trio.master()).isSameAs(second);
      assertThat(second.jedis().set("fruit", "apple")).isEqualTo("OK");
    }
  }
}
