package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.TlsRedis;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From a laptop to a finished Job, over a Redis that talks TLS only. */
class KubeTlsIT {

  @RegisterExtension final Piecework piecework = new Piecework();
  @RegisterExtension final MockCluster cluster = new MockCluster();

  @Test
  void aRedisThatAsksForACertificateGetsOneFromHereAndFromThePods() throws Exception {
    piecework.with("KUBECONFIG", cluster.kubeconfig().toString());
    try (TlsRedis redis = TlsRedis.askingForCertificates("s3cret")) {
      String here = "rediss://127.0.0.1:" + redis.port();
      cluster.controller().redisOfOthers("rediss://:s3cret@127.0.0.1:" + redis.port());
      piecework.write("in.txt", "item\n".repeat(40));
      piecework.write("password", "s3cret\n");
      String[] submit = {
        "kube",
        "submit",
        "-q",
        "job2",
        "-p",
        "2",
        "--image",
        "i:1",
        "--from",
        "in.txt",
        "--redis",
        "rediss://cache.example:6379",
        "--redis-from-here",
        here,
        "--redis-password-file",
        "password",
        "--redis-ca-file",
        redis.caFile().toString(),
        "--redis-cert-file",
        redis.clientCertificate().toString(),
        "--redis-key-file",
        redis.clientKey().toString(),
        "--sh",
        "echo \"done $1\""
      };
      var ended = piecework.run(submit).expect(0);
      assertThat(ended.err()).contains("drained: 40 done, 0 dead").doesNotContain("PRIVATE KEY");
      assertThat(cluster.secret("job2-redis", "tls.key")).contains("PRIVATE KEY");
      // Who comes later has them from the Secret.
      String[] attach = {"kube", "attach", "job2", "--redis-from-here", here};
      assertThat(piecework.here(cluster.verb(attach)).expect(0).err()).contains("drained: 40 done");
    }
  }

  /** Through a tunnel it is reached by another name than the one that its certificate is for. */
  @Test
  void aRedisThatIsAServiceIsReachedThroughATunnelAndByItsName() throws Exception {
    String name = "cache.bags.svc";
    try (TlsRedis redis = TlsRedis.named(name, "s3cret")) {
      cluster.addRedisService("cache", redis.port());
      cluster.addRedisService("other", redis.port());
      cluster.controller().redisOfOthers("rediss://:s3cret@127.0.0.1:" + redis.port());
      piecework.write("in.txt", "item\n".repeat(5));
      piecework.write("password", "s3cret\n");
      var another =
          piecework.here(cluster.verb(submit("other", redis, "--redis-timeout", "5s"))).expect(4);
      assertThat(another.err())
          .contains("no trusted TLS connection", "DNS name matching other found");
      var client = cluster.client();
      assertThat(client.secrets().inNamespace(MockCluster.NAMESPACE).list().getItems()).isEmpty();
      assertThat(client.serviceAccounts().inNamespace(MockCluster.NAMESPACE).list().getItems())
          .isEmpty();
      var ended = piecework.here(cluster.verb(submit(name, redis))).expect(0);
      assertThat(ended.err()).contains("drained: 5 done, 0 dead");
      var described = piecework.here(cluster.verb("kube", "describe", "job2")).expect(0);
      assertThat(described.out()).contains("job2: drained");
      piecework.here(cluster.verb("kube", "attach", "job2")).expect(0);
    }
  }

  private String[] submit(String host, TlsRedis redis, String... options) {
    String[] words = {
      "kube",
      "submit",
      "-q",
      "job2",
      "--image",
      "i:1",
      "--from",
      piecework.file("in.txt").toString(),
      "--redis",
      "rediss://" + host + ":6379",
      "--redis-password-file",
      piecework.file("password").toString(),
      "--redis-ca-file",
      redis.caFile().toString(),
    };
    return Stream.of(words, options, new String[] {"--sh", "echo \"done $1\""})
        .flatMap(Arrays::stream)
        .toArray(String[]::new);
  }
}
