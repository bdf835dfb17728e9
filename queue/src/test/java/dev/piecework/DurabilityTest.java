package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.embedded.RedisBinary;
import dev.piecework.testkit.OldestRedis;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A fill says how it is known that its last chunk survives. */
@Tag("slow")
class DurabilityTest {

  @Test
  void whatIsReportedToBeOnDiskIsThereAfterAKill() {
    for (RedisBinary binary : List.of(RedisBinary.find(), OldestRedis.binary())) {
      try (PrivateRedis server = PrivateRedis.builder().binary(binary).appendOnly(true).start();
          Bench bench = new Bench(server.uri())) {
        assertThat(bench.open().fill(Bench.numbers(10)).durability()).isEqualTo("on disk");
        server.kill();
        server.start();
        assertThat(bench.open().admin().status().counts().waiting()).isEqualTo(10);
      }
    }
  }

  @Test
  @RedisPerTest
  void aRedisWithoutAFileIsSaidToForget(TestRedis redis) {
    try (Bench bench = new Bench(redis.uri())) {
      assertThat(bench.open().fill(Bench.numbers(1)).durability()).isEqualTo("in memory only");
      assertThat(bench.notices).anyMatch(n -> n.contains("append-only"));
    }
  }

  @Test
  void aReplicaHasItToo() {
    try (PrivateRedis master = PrivateRedis.started();
        PrivateRedis replica =
            PrivateRedis.builder()
                .config("replicaof", "127.0.0.1", Integer.toString(master.port()))
                .start();
        Bench bench = new Bench(master.uri());
        Jedis admin = Bench.admin(replica.port())) {
      Awaitility.await().until(() -> admin.info("replication").contains("master_link_status:up"));
      WorkQueue queue = bench.open();
      // A fill waits 2 s for replicas; on a busy machine one may answer later.
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(queue.fill(Bench.numbers(1)).durability()).endsWith("on 1 of 1 replicas"));
    }
  }
}
