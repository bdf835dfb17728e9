package dev.piecework.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
@Tag("cluster")
class TopologiesTest {

  @Test
  void clusterServesEverySlot() {
    try (TestCluster cluster = TestCluster.ofThree()) {
      try (RedisClusterClient client = RedisClusterClient.create(hosts(cluster))) {
        for (int i = 0; i < 100; i++) {
          client.set("key" + i, "apple");
          assertThat(cluster.masterOf("key" + i).jedis().get("key" + i)).isEqualTo("apple");
        }
      }
    }
  }

  @Test
  void clusterOfSixHasReplicas() {
    try (TestCluster cluster = TestCluster.ofSix()) {
      TestRedis master = cluster.masterOf("fruit");
      TestRedis replica = cluster.nodes().get(cluster.nodes().indexOf(master) + 3);
      Jedis writer = master.jedis(); // WAIT is about the writes of its own connection
      writer.set("fruit", "apple");
      assertThat(writer.waitReplicas(1, 10_000)).isEqualTo(1);
      Jedis reader = replica.jedis();
      reader.readonly();
      assertThat(reader.get("fruit")).isEqualTo("apple");
    }
  }

  @Test
  void tlsIsForThoseWhoTrustIt() throws Exception {
    try (TlsRedis tls = TlsRedis.started("secret")) {
      assertThat(tls.uri()).isEqualTo("rediss://:secret@127.0.0.1:" + tls.port());
      assertThat(Files.readString(tls.caFile())).startsWith("-----BEGIN CERTIFICATE-----");
      try (SSLSocket socket =
          (SSLSocket) tls.sslContext().getSocketFactory().createSocket("127.0.0.1", tls.port())) {
        SSLParameters strict = socket.getSSLParameters();
        strict.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate names 127.0.0.1
        socket.setSSLParameters(strict);
        socket.getOutputStream().write("AUTH secret\r\nPING\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
            .isEqualTo("+OK\r\n+PONG\r\n");
      }
      assertThatThrownBy(() -> new Jedis(URI.create(tls.uri())).ping())
          .isInstanceOf(JedisConnectionException.class);
    }
  }

  private static Set<HostAndPort> hosts(TestCluster cluster) {
    return Arrays.stream(cluster.uri().split(",", -1))
        .map(URI::create)
        .map(uri -> new HostAndPort(uri.getHost(), uri.getPort()))
        .collect(Collectors.toSet());
  }
}
