package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testkit.SentinelTrio;
import dev.piecework.testkit.TestCluster;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;

/** Another master is told of, once; and servers may be elsewhere than their names say. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
@Tag("cluster")
class FailoverNoticeTest {

  private final List<String> notices = new CopyOnWriteArrayList<>();

  private QueueConfig config(String uri, UnaryOperator<RedisUri.Node> addresses) {
    return QueueConfig.of(uri, "q")
        .withRedisTimeout(Duration.ofMinutes(2))
        .withAccess(
            new QueueConfig.Access(null, TlsFiles.NONE, "test", null, notices::add, addresses));
  }

  private void awaitNoticeOf(WorkQueue queue, int port) {
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> {
          assertThat(queue.admin().status().counts().waiting()).isEqualTo(3);
          assertThat(notices).anyMatch(notice -> notice.contains("failed over"));
        });
    assertThat(notices.stream().filter(notice -> notice.contains("failed over")))
        .containsExactly("Redis failed over: now 127.0.0.1:" + port + " is master");
  }

  @Test
  void theMasterThatSentinelsMadeIsTold() {
    try (SentinelTrio trio = SentinelTrio.started();
        WorkQueue queue = WorkQueue.open(config(trio.uri(), UnaryOperator.identity()))) {
      queue.fill(Bench.numbers(3));
      Jedis replica = trio.replica().jedis();
      await().until(() -> replica.llen("q") == 3); // else the failover undoes the fill
      trio.failover();
      awaitNoticeOf(queue, trio.master().port());
    }
  }

  @Test
  void theMasterThatAClusterMadeIsTold() {
    try (TestCluster nodes = TestCluster.ofSix();
        WorkQueue queue = WorkQueue.open(config(nodes.uri(), UnaryOperator.identity()))) {
      queue.fill(Bench.numbers(3));
      TestRedis old = nodes.masterOf("q");
      TestRedis next = nodes.nodes().get(nodes.nodes().indexOf(old) + 3);
      nodes.awaitCopies(); // else the failover undoes the fill
      nodes.killMaster(old);
      awaitNoticeOf(queue, next.port());
    }
  }

  @Test
  void serversAreLookedForWhereTheyAreSaidToBe() {
    try (SentinelTrio trio = SentinelTrio.started()) {
      String named = trio.uri().replace("127.0.0.1", "pod.set");
      UnaryOperator<RedisUri.Node> addresses =
          node ->
              node.host().equals("pod.set") ? new RedisUri.Node("127.0.0.1", node.port()) : node;
      try (WorkQueue queue = WorkQueue.open(config(named, addresses))) {
        queue.fill(Bench.numbers(3));
        assertThat(queue.admin().status().counts().waiting()).isEqualTo(3);
      }
    }
  }
}
