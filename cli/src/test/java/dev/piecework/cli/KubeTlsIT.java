package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.TlsRedis;
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
}
