package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.DeadItems;
import dev.piecework.Item;
import dev.piecework.Lease;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.TlsFiles;
import dev.piecework.WorkQueue;
import dev.piecework.dashboard.DashboardConfig.Listen;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testkit.TlsRedis;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The page on a queue in partitions, and on a port that speaks TLS. */
@RedisPerTest
@Tag("slow")
@Timeout(120)
class PlacesTest {

  private static Dashboard dashboard(TestRedis redis, Listen listen) {
    return Dashboard.start(
        new RedisQueues(redis),
        new PlainFormats(),
        new DashboardConfig(listen, Browser.TOKEN, false, "1.2.3"),
        InstantSource.system());
  }

  @Test
  void aQueueInPartitionsIsOneQueue(TestRedis redis) throws Exception {
    QueueSettings settings = QueueSettings.DEFAULTS.withAttempts(1).withPartitions(4);
    try (WorkQueue queue = WorkQueue.open(QueueConfig.of(redis.uri(), "q").withSettings(settings));
        Dashboard dashboard = dashboard(redis, Listen.onLoopback(0));
        Browser browser = Browser.at(dashboard)) {
      queue.fill(IntStream.range(0, 60).mapToObj(i -> Item.of("item " + i)));
      int number = 0;
      for (Optional<Lease> lease = queue.lease(Duration.ZERO);
          lease.isPresent();
          lease = queue.lease(Duration.ZERO)) {
        if (number++ % 2 == 0) {
          lease.get().retry("bad " + number);
        } else {
          lease.get().complete();
        }
      }

      JsonNode block = browser.json("/api/queues/q");
      assertThat(block.at("/counts/done").asLong()).isEqualTo(30);
      assertThat(block.at("/counts/dead").asLong()).isEqualTo(30);
      assertThat(block.at("/groups/0/dead").asLong()).isEqualTo(30);
      String group = block.at("/groups/0/id").asString();

      Set<String> seen = new HashSet<>();
      JsonNode page = browser.json("/api/queues/q/items?limit=7&group=" + group);
      while (true) {
        page.path("items").forEach(item -> seen.add(item.path("id").asString()));
        if (page.path("next").isNull()) {
          break;
        }
        page = browser.json("/api/queues/q/items?limit=7&after=" + page.path("next").asString());
      }
      assertThat(seen).as("pages over all partitions").hasSize(30);
      assertThat(queue.admin().items(new DeadItems.InGroup(group))).hasSize(30);
      assertThat(browser.get("/api/queues/q/groups/" + group + "/items?format=csv").body().lines())
          .hasSize(31);

      assertThat(
              browser.post("/api/queues/q/requeue", "{\"group\":\"" + group + "\"}").statusCode())
          .isEqualTo(200);
      assertThat(queue.admin().status().counts().waiting()).isEqualTo(30);
    }
  }

  @Test
  void overTlsTheCookieIsForTlsAlone(TestRedis redis) throws Exception {
    // For its authority, and a certificate with its key.
    try (TlsRedis keys = TlsRedis.askingForCertificates("");
        Dashboard dashboard =
            dashboard(
                redis,
                new Listen(
                    "127.0.0.1",
                    0,
                    new TlsFiles(null, keys.clientCertificate(), keys.clientKey()),
                    false,
                    List.of()))) {
      String ask = "/?token=" + Browser.TOKEN;
      try (Socket tls =
          trusting(keys.clientCertificate())
              .getSocketFactory()
              .createSocket(InetAddress.getLoopbackAddress(), dashboard.port())) {
        assertThat(answer(tls, ask))
            .startsWith("HTTP/1.1 303")
            .containsPattern("(?i)set-cookie: .*; ?secure");
      }
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), dashboard.port())) {
        assertThat(answer(plain, ask)).doesNotContain("303").doesNotContain("Set-Cookie");
      }
    }
  }

  private static SSLContext trusting(Path certificate)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(certificate)) {
      trusted.setCertificateEntry(
          "page", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static String answer(Socket socket, String path) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException reset) {
      return ""; // nothing that was answered
    }
  }
}
