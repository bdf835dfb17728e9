package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.piecework.testkit.SentinelTrio;
import dev.piecework.testkit.SentinelTrio.Guard;
import dev.piecework.testkit.TlsRedis;
import java.time.Duration;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Sentinels that ask for a password, with TLS and without, and who is to blame when it is wrong.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
@Tag("cluster")
class SentinelLoginTest {

  private static QueueConfig config(String uri, TlsFiles tls) {
    return QueueConfig.of(uri, "q")
        .withRedisTimeout(Duration.ZERO)
        .withAccess(new QueueConfig.Access(null, tls, "test", null, notice -> {}));
  }

  /** A Sentinel that stalls for 2 s counts as away, and the next one is named: then once more. */
  private static void assertRefused(
      String uri, TlsFiles tls, Consumer<AbstractThrowableAssert<?, ? extends Throwable>> saying) {
    QueueConfig config = config(uri, tls);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> saying.accept(assertThatThrownBy(() -> WorkQueue.open(config))));
  }

  private static void assertWorks(String uri, TlsFiles tls, int database) {
    QueueConfig patient = config(uri, tls).withRedisTimeout(Duration.ofSeconds(30));
    String name = "q" + database;
    QueueConfig config =
        new QueueConfig(uri, name, patient.redisTimeout(), Bench.SETTINGS, patient.access());
    try (WorkQueue queue = WorkQueue.open(config)) {
      queue.fill(Bench.numbers(2));
      assertThat(queue.admin().status().counts().waiting()).isEqualTo(2);
      queue.admin().purge();
    }
  }

  @Test
  void aPasswordOfTheirOwn() {
    try (SentinelTrio trio = SentinelTrio.started(new Guard("data pw", "own/pw", null))) {
      String uri = trio.uri();
      String first = trio.addresses().getFirst();
      trio.sentinelUser("watcher", "w@tch");
      assertWorks(uri + "?sentinel-password=own/pw", TlsFiles.NONE, 0);
      assertWorks(uri + "/5?sentinel-password=own%2Fpw", TlsFiles.NONE, 5);
      assertWorks(uri + "?sentinel-user=watcher&sentinel-password=w@tch", TlsFiles.NONE, 0);

      assertRefused(
          uri,
          TlsFiles.NONE,
          refused ->
              refused
                  .isInstanceOf(RedisUnreachableException.class)
                  .hasMessageContaining("the Sentinel at " + first)
                  .hasMessageContaining("WRONGPASS")
                  .hasMessageContaining("?sentinel-password="));
      assertRefused(
          uri + "?sentinel-password=s3cret",
          TlsFiles.NONE,
          refused ->
              refused
                  .isInstanceOf(RedisUnreachableException.class)
                  .hasMessageContaining("the Sentinel at " + first)
                  .hasMessageNotContainingAny("s3cret", "data pw"));
      assertRefused(
          uri.replaceFirst("//.*@", "//"),
          TlsFiles.NONE,
          refused ->
              refused
                  .hasMessageContaining("the Sentinel at " + first)
                  .hasMessageContaining("NOAUTH"));
      assertRefused(
          uri.replaceFirst("//.*@", "//:s3cret@") + "?sentinel-password=own/pw",
          TlsFiles.NONE,
          refused ->
              refused
                  .as("the data server's is another failure")
                  .hasMessageContaining("Redis at ")
                  .hasMessageContaining("WRONGPASS")
                  .hasMessageNotContaining("s3cret"));
      assertRefused(
          uri.replace("/piecework-main", "/nobody") + "?sentinel-password=own/pw",
          TlsFiles.NONE,
          refused -> refused.hasMessageContaining("knows no master 'nobody'"));
    }
  }

  @Test
  void withTlsAndThePasswordOfTheDataServers() {
    try (TlsRedis keys = TlsRedis.started();
        SentinelTrio trio = SentinelTrio.started(new Guard("same", "same", keys))) {
      TlsFiles tls = new TlsFiles(keys.caFile(), null, null);
      assertThat(trio.uri()).startsWith("rediss-sentinel://");
      assertWorks(trio.uri() + "/3", tls, 3);
      assertRefused(
          trio.uri(),
          TlsFiles.NONE,
          refused ->
              refused
                  .isInstanceOf(RedisUnreachableException.class)
                  .hasMessageContaining("no trusted TLS connection to the Sentinel at "));
    }
  }
}
