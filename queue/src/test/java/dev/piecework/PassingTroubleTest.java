package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.testkit.OutageProxy;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testkit.TlsRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** Trouble that others mend while we wait: no call fails of it before the time-out is over. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class PassingTroubleTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final List<String> notices = new CopyOnWriteArrayList<>();

  private QueueConfig config(String uri, @Nullable Path passwordFile, TlsFiles tls) {
    return QueueConfig.of(uri, "q")
        .withRedisTimeout(LONG)
        .withAccess(new QueueConfig.Access(passwordFile, tls, "test", null, notices::add));
  }

  private static CompletableFuture<Long> done(WorkQueue queue) {
    return beside(() -> queue.admin().status().counts().waiting());
  }

  // The common pool has one thread on two cores, and others of these tests wait in it.
  private static <T> CompletableFuture<T> beside(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, task -> Thread.ofPlatform().daemon().start(task));
  }

  private static <T> T soon(CompletableFuture<T> call) throws Exception {
    return call.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private void awaitNotice(String part) {
    Awaitility.await()
        .atMost(LONG)
        .until(() -> notices.stream().anyMatch(notice -> notice.contains(part)));
  }

  private static long rejected(Jedis admin) {
    return admin
        .info("stats")
        .lines()
        .filter(line -> line.startsWith("rejected_connections:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
        .sum();
  }

  @Test
  @RedisPerTest(own = true)
  void connectionsThatAreUsedUpAreWaitedFor(TestRedis redis) throws Exception {
    Jedis admin = redis.jedis();
    admin.configSet("maxclients", "1");
    CompletableFuture<WorkQueue> opened =
        beside(() -> WorkQueue.open(config(redis.uri(), null, TlsFiles.NONE)));
    Awaitility.await().atMost(LONG).until(() -> rejected(admin) > 2);
    admin.configSet("maxclients", "100");
    try (WorkQueue queue = soon(opened)) {
      // And again for one that is open: its connections are closed, and nobody gets in.
      admin.configSet("maxclients", "1");
      admin.clientKill(ClientKillParams.clientKillParams().type(ClientType.NORMAL));
      long before = rejected(admin);
      CompletableFuture<Long> call = done(queue);
      Awaitility.await().atMost(LONG).until(() -> rejected(admin) > before + 2);
      admin.configSet("maxclients", "100");
      assertThat(soon(call)).isZero();
    }
    admin.configSet("maxclients", "1");
    QueueConfig impatient = QueueConfig.of(redis.uri(), "q").withRedisTimeout(Duration.ZERO);
    // The end of the connection may come before what the server said: then once more.
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThatThrownBy(() -> WorkQueue.open(impatient))
                .isInstanceOf(RedisUnreachableException.class)
                .hasMessageContaining("max number of clients"));
  }

  @Test
  void aBalancerThatEndsConnectionsBeforeTlsIsDoneIsWaitedFor() throws Exception {
    try (TlsRedis redis = TlsRedis.started();
        OutageProxy balancer = OutageProxy.to("127.0.0.1", redis.port())) {
      balancer.hangUp();
      TlsFiles tls = new TlsFiles(redis.caFile(), null, null);
      String uri = "rediss://127.0.0.1:" + balancer.port();
      CompletableFuture<WorkQueue> opened = beside(() -> WorkQueue.open(config(uri, null, tls)));
      Awaitility.await().atMost(LONG).until(() -> balancer.hungUp() > 2);
      balancer.pass();
      try (WorkQueue queue = soon(opened)) {
        balancer.hangUp();
        balancer.resetConnections();
        CompletableFuture<Long> call = done(queue);
        Awaitility.await().atMost(LONG).until(() -> balancer.hungUp() > 2);
        balancer.pass();
        assertThat(soon(call)).isZero();
      }
    }
  }

  @Test
  void aWorkerLivesThroughARenewalOfAuthorityAndCertificate() throws Exception {
    try (TlsRedis redis = TlsRedis.started();
        WorkQueue queue =
            WorkQueue.open(config(redis.uri(), null, new TlsFiles(redis.caFile(), null, null)))) {
      queue.fill(Bench.numbers(3));
      redis.renew();
      assertThat(soon(done(queue))).isEqualTo(3);
      // Half written for a while, and not there at all for a moment.
      String whole = Files.readString(redis.caFile());
      Files.writeString(redis.caFile(), whole.substring(0, whole.length() / 2));
      redis.closeConnections();
      CompletableFuture<Long> call = done(queue);
      awaitNotice("cannot read the certificates in " + redis.caFile());
      Files.delete(redis.caFile());
      Files.writeString(redis.caFile(), whole);
      assertThat(soon(call)).isEqualTo(3);
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsSaidAndWaitedFor() throws Exception {
    try (TlsRedis redis = TlsRedis.started();
        TlsRedis other = TlsRedis.started()) {
      Path ca = Files.copy(other.caFile(), folder.resolve("ca.pem"));
      CompletableFuture<WorkQueue> opened =
          beside(() -> WorkQueue.open(config(redis.uri(), null, new TlsFiles(ca, null, null))));
      awaitNotice("its certificate is from no authority that is trusted here");
      Files.writeString(ca, Files.readString(redis.caFile()));
      soon(opened).close();

      QueueConfig misled =
          config(
                  "rediss://127.0.0.2:" + redis.port(),
                  null,
                  new TlsFiles(redis.caFile(), null, null))
              .withRedisTimeout(Duration.ZERO);
      assertThatThrownBy(() -> WorkQueue.open(misled))
          .isInstanceOf(RedisUnreachableException.class)
          .hasMessageMatching(".*(certificate is for another host|cannot be reached).*");
    }
  }

  @Test
  void filesThatAreMissingAtTheStartAreNotWaitedFor() {
    TlsFiles nowhere = new TlsFiles(folder.resolve("nowhere"), null, null);
    assertThatThrownBy(() -> WorkQueue.open(config("rediss://127.0.0.1:1", null, nowhere)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() ->
            WorkQueue.open(config("redis://127.0.0.1:1", folder.resolve("nopass"), TlsFiles.NONE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nopass");
  }

  @Test
  @RedisPerTest(own = true)
  void aPasswordThatChangesIsWaitedForAndReadAgain(TestRedis redis) throws Exception {
    Jedis admin = redis.jedis();
    admin.configSet("requirepass", "first");
    admin.auth("first");
    Path file = Files.writeString(folder.resolve("password"), "not yet\r\n");
    CompletableFuture<WorkQueue> opened =
        beside(() -> WorkQueue.open(config(redis.uri(), file, TlsFiles.NONE)));
    awaitNotice("refuses the password");
    Files.writeString(file, "first \r\n");
    try (WorkQueue queue = soon(opened)) {
      notices.clear();
      admin.configSet("requirepass", "second");
      admin.clientKill(ClientKillParams.clientKillParams().type(ClientType.NORMAL));
      CompletableFuture<Long> call = done(queue);
      awaitNotice("refuses the password");
      Files.writeString(file, "second\n");
      assertThat(soon(call)).isZero();
    }
    QueueConfig wrong =
        config(redis.uri().replace("://", "://:s3cret@"), null, TlsFiles.NONE)
            .withRedisTimeout(Duration.ZERO);
    assertThatThrownBy(() -> WorkQueue.open(wrong))
        .isInstanceOf(RedisUnreachableException.class)
        .hasMessageContaining("refuses the password")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  @RedisPerTest(own = true) // the shared one is emptied when another test here begins
  void aUserWithAPasswordFromAFile(TestRedis redis) throws Exception {
    String uri = redis.userUri("alice", "w0nder/land", "~*", "&*", "+@all");
    Path file = Files.writeString(folder.resolve("password"), "w0nder/land\n");
    String named = uri.replaceFirst("//.*@", "//alice@");
    try (WorkQueue queue = WorkQueue.open(config(named, file, TlsFiles.NONE))) {
      assertThat(soon(done(queue))).isZero();
      assertThat(redis.jedis().clientList().lines())
          .anyMatch(client -> client.contains("name=test ") && client.contains("user=alice"));
    }
    String raw = uri.replace("%2F", "/");
    assertThat(raw).contains("w0nder/land@");
    try (WorkQueue queue = WorkQueue.open(config(raw + "/0", null, TlsFiles.NONE))) {
      assertThat(soon(done(queue))).isZero();
    }
  }

  @Test
  @RedisPerTest
  void aDatabaseThatIsNotThereIsNotWaitedFor(TestRedis redis) {
    assertThatThrownBy(() -> WorkQueue.open(config(redis.uri() + "/9999", null, TlsFiles.NONE)))
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("no such database");
  }
}
