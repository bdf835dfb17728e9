package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testkit.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/**
 * Replies that end at any byte: the caller is told that Redis cannot be reached, at once, and what
 * Redis has is what it had, or what was asked for.
 */
@Tag("slow")
class CutRepliesTest {

  private static PrivateRedis redis;
  private static ServerSocket listening;
  private static final AtomicLong LEFT = new AtomicLong(Long.MAX_VALUE);

  @BeforeAll
  static void start() throws IOException {
    redis = PrivateRedis.started();
    listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(CutRepliesTest::serve);
  }

  @AfterAll
  static void stop() throws IOException {
    listening.close();
    redis.close();
  }

  @Test
  @Timeout(1_800)
  void aReplyThatIsCutShortIsAnOutage() {
    LEFT.set(Long.MAX_VALUE);
    try (WorkQueue queue = WorkQueue.open(config())) {
      queue.fill(Bench.numbers(5));
    }
    // What is fed is only counted: after so many bytes of replies the connection ends.
    new Fuzz("replies cut short", List.of("x".repeat(10_000)))
        .feed(input -> {
          LEFT.set(Math.floorMod(java.util.Arrays.hashCode(input), 9_000));
          try (WorkQueue queue = WorkQueue.open(config())) {
            assertThat(queue.admin().status().counts().total()).isEqualTo(5);
            assertThat(queue.admin().items(ItemState.WAITING).toList()).hasSize(5);
          } catch (PieceworkException away) {
            assertThat(away).isInstanceOf(RedisUnreachableException.class);
          }
          LEFT.set(Long.MAX_VALUE);
        });
    try (Jedis admin = Bench.admin(redis.port())) {
      assertThat(admin.lrange("cut", 0, -1)).containsExactly("n1", "n2", "n3", "n4", "n5");
    }
  }

  private static QueueConfig config() {
    return QueueConfig.of("redis://127.0.0.1:" + listening.getLocalPort(), "cut")
        .withRedisTimeout(Duration.ZERO);
  }

  private static void serve() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), redis.port());
        Thread.ofVirtual().start(() -> copy(client, server, new AtomicLong(Long.MAX_VALUE)));
        Thread.ofVirtual().start(() -> copy(server, client, LEFT));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void copy(Socket from, Socket to, AtomicLong left) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int read = in.read(buffer);
      while (read > 0) {
        long had = left.getAndAdd(-read);
        out.write(buffer, 0, (int) Math.max(0, Math.min(read, had)));
        if (had < read) {
          return;
        }
        read = in.read(buffer);
      }
    } catch (IOException cut) {
      // The other side is gone, which is what this is for.
    }
  }
}
