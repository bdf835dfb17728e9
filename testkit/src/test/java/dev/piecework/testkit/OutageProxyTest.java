package dev.piecework.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

@RedisPerTest
class OutageProxyTest {

  @Test
  void passesWhatItGets(TestRedis redis) {
    try (OutageProxy network = OutageProxy.to(redis);
        Jedis jedis = connect(network)) {
      String big = "x".repeat(3_000_000);
      jedis.set("big", big);
      assertThat(jedis.get("big")).isEqualTo(big);
      assertThat(network.connections()).isEqualTo(1);
    }
  }

  @Test
  void cutsAndHeals(TestRedis redis) {
    try (OutageProxy network = OutageProxy.to(redis)) {
      for (int i = 0; i < 20; i++) {
        Jedis jedis = connect(network); // broken at the end, and then its close fails
        jedis.ping();
        network.cut();
        assertThatThrownBy(jedis::ping).isInstanceOf(JedisConnectionException.class);
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), network.port()))
            .isInstanceOf(ConnectException.class);
        network.pass();
        try (Jedis again = connect(network)) {
          assertThat(again.ping()).isEqualTo("PONG");
        }
      }
    }
  }

  /** Who is just being taken in is not waited for by who holds what that waits for. */
  @Test
  void isCutWhileClientsConnect(TestRedis redis) throws Exception {
    try (OutageProxy network = OutageProxy.to(redis)) {
      AtomicBoolean over = new AtomicBoolean();
      Thread connecting =
          Thread.ofVirtual()
              .start(() -> {
                while (!over.get()) {
                  try {
                    new Socket(InetAddress.getLoopbackAddress(), network.port()).close();
                  } catch (IOException refused) {
                    // It is cut just now.
                  }
                }
              });
      assertThat(
              CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 2_000; i++) {
                  network.cut();
                  network.pass();
                }
              }))
          .succeedsWithin(Duration.ofSeconds(60));
      over.set(true);
      connecting.join();
    }
  }

  @Test
  void stallsWithoutLosing(TestRedis redis) {
    try (OutageProxy network = OutageProxy.to(redis);
        Jedis jedis = connect(network)) {
      jedis.ping();
      network.stall();
      CompletableFuture<String> reply =
          CompletableFuture.supplyAsync(() -> jedis.set("fruit", "apple"));
      assertThat(redis.jedis().exists("fruit")).isFalse();
      assertThat(reply).isNotDone();
      network.pass();
      assertThat(reply.join()).isEqualTo("OK");
    }
  }

  @Test
  void delays(TestRedis redis) {
    try (OutageProxy network = OutageProxy.to(redis);
        Jedis jedis = connect(network)) {
      jedis.ping();
      network.delay(Duration.ofMillis(30));
      long begin = System.nanoTime();
      jedis.ping();
      assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(60_000_000L);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void losesTheReplyAndNotTheDeed(int n, TestRedis redis) {
    try (OutageProxy network = OutageProxy.to(redis);
        Jedis jedis = connect(network)) {
      jedis.ping();
      network.cutInReply(n);
      for (int i = 1; i < n; i++) {
        assertThat(jedis.incr("count")).isEqualTo(i);
      }
      assertThatThrownBy(() -> jedis.incr("count")).isInstanceOf(JedisConnectionException.class);
      assertThat(redis.jedis().get("count")).isEqualTo(Integer.toString(n));
    }
  }

  @Test
  void countsReplies() {
    String stream =
        String.join(
            "\r\n",
            "+OK,:1,$3,+:$,$-1,$0,,*2,$1,a,*1,:2,*0,*-1,-ERR no,%1,+k,~2,:1,:2,_,#t,"
                .split(",", -1));
    ReplyScanner scanner = new ReplyScanner();
    StringBuilder begins = new StringBuilder();
    for (byte b : stream.getBytes(StandardCharsets.US_ASCII)) {
      if (scanner.begins(b)) {
        begins.append((char) b);
      }
    }
    assertThat(begins.toString()).isEqualTo("+:$$$***-%_#");
  }

  private static Jedis connect(OutageProxy network) {
    return new Jedis(URI.create(network.uri()), 10_000);
  }
}
