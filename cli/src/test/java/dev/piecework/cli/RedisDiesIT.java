package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.embedded.PrivateRedis;
import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class RedisDiesIT {

  /** Of 400 the last hundred wait for a "go", so that the kill finds work left. */
  private static final String HELD =
      "[ $1 -le 300 ] || until [ -e go ]; do sleep 0.05; done; echo $1 >> log; sleep 0.005";

  @RegisterExtension final Piecework piecework = new Piecework();

  private long logged() throws Exception {
    return Files.exists(piecework.file("log"))
        ? Files.readAllLines(piecework.file("log")).size()
        : 0;
  }

  private static String numbers(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void workersReconnectToARedisThatCameBackOnItsFile() throws Exception {
    try (PrivateRedis redis =
        PrivateRedis.builder().appendOnly(true).config("appendfsync", "always").start()) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      piecework.runWith(numbers(400), "fill", "job2", "--from", "-").expect(0);
      Piecework.Started worker =
          piecework.start(
              "work", "job2", "--slots", "2", "--sh", "echo $1 >> log; sleep 0.005; echo $1");
      await().atMost(Piecework.TIMEOUT).until(() -> logged() > 50);
      redis.kill();
      redis.start();

      worker.end().expect(0);
      assertThat(piecework.here("results", "job2", "-o", "raw").expect(0).lines())
          .hasSize(400)
          .doesNotHaveDuplicates();
      assertThat(piecework.here("status", "job2").out()).contains("400 done, 0 dead");
    }
  }

  @Test
  void aRedisThatCameBackEmptyIsNotSuccess() throws Exception {
    try (PrivateRedis redis = PrivateRedis.started()) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      piecework.runWith(numbers(400), "fill", "job2", "--from", "-").expect(0);
      Piecework.Started worker = piecework.start("work", "job2", "--slots", "2", "--sh", HELD);
      await().atMost(Piecework.TIMEOUT).until(() -> logged() > 50);
      redis.kill();
      redis.start();
      piecework.write("go", "");

      assertThat(worker.end().expect(3).err()).doesNotContain("\tat ");
    }
  }

  @Test
  void aStopWhileRedisIsAwayIsInTimeAndTellsTheTruth() throws Exception {
    try (PrivateRedis redis = PrivateRedis.started()) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      piecework.runWith(numbers(4), "fill", "job2", "--from", "-").expect(0);
      String[] slots = {"--slots", "1", "--redis-timeout", "10m", "--grace", "2s"};
      Piecework.Started worker =
          piecework.start(
              "work",
              "job2",
              slots[0],
              slots[1],
              slots[2],
              slots[3],
              slots[4],
              slots[5],
              "--sh",
              "echo $1 >> log; while [ ! -e go ]; do sleep 0.05; done");
      piecework.write("list", "1\n2\n");
      Piecework.Started run =
          piecework.start(
              "run",
              "-q",
              "bag",
              "--from",
              "list",
              "-p",
              "1",
              slots[2],
              slots[3],
              slots[4],
              slots[5],
              "--sh",
              "echo $1 >> log; while [ ! -e go ]; do sleep 0.05; done");
      await().atMost(Piecework.TIMEOUT).until(() -> logged() == 2);
      redis.kill();
      piecework.write("go", "");
      worker.awaitErr("cannot be reached");
      run.awaitErr("cannot be reached");
      long told = System.nanoTime();
      worker.signal("TERM");
      run.signal("TERM");
      assertThat(worker.end().expect(143).err())
          .contains("1 item could not be given back")
          .doesNotContain("1 item given back");
      assertThat(run.end().expect(143).err())
          .contains("Redis cannot be reached", "--resume -q bag");
      // Half a minute was the least that it took; the machine may be busy.
      assertThat(System.nanoTime() - told).isLessThan(15_000_000_000L);
    }
  }

  @Test
  void aRedisThatStaysAwayIsFourAfterTheTimeout() throws Exception {
    try (PrivateRedis redis = PrivateRedis.started()) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      piecework.runWith(numbers(400), "fill", "job2", "--from", "-").expect(0);
      Piecework.Started worker =
          piecework.start("work", "job2", "--slots", "2", "--redis-timeout", "1s", "--sh", HELD);
      await().atMost(Piecework.TIMEOUT).until(() -> logged() > 50);
      redis.kill();
      piecework.write("go", "");

      assertThat(worker.end().expect(4).err()).doesNotContain("\tat ");
    }
  }

  @Test
  void aPlainRpushWakesAWorkerAndIsDone() throws Exception {
    try (PrivateRedis redis = PrivateRedis.started()) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      Piecework.Started worker = piecework.start("work", "job2", "--", "echo");
      worker.awaitErr("working on job2");
      try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
        jedis.rpush("job2", "apple", "apple", "banana");
      }

      worker.end().expect(0);
      assertThat(piecework.here("results", "job2", "-o", "raw").lines())
          .containsExactlyInAnyOrder("apple", "apple", "banana");
    }
  }

  @Test
  void aQueueThatNeverHeldAnItemIsNotDrained() throws Exception {
    assertThat(
            piecework.run("work", "job2", "--wait-for-fill", "300ms", "--", "echo").expect(3).err())
        .contains("--wait-for-fill");
  }

  @Test
  void fewerItemsThanExpectedAreALoss() throws Exception {
    piecework.here("fill", "job2", "a").expect(0);
    piecework.run("work", "job2", "--expect", "2", "--", "echo").expect(3);
    piecework.here("fill", "job3", "a").expect(0);
    piecework.run("work", "job3", "--run", "not-this-one", "--", "echo").expect(3);
  }

  @Test
  void aRunOverwritesNothingWhenRedisDiesUnderIt() throws Exception {
    try (PrivateRedis redis =
        PrivateRedis.builder().appendOnly(true).config("appendfsync", "always").start()) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      piecework.write("in", numbers(400));
      Piecework.Started run =
          piecework.start(
              "run",
              "-q",
              "r",
              "-p",
              "2",
              "--from",
              "in",
              "--results",
              "out",
              "--sh",
              "echo $1 >> log; sleep 0.005; echo $1");
      await().atMost(Piecework.TIMEOUT).until(() -> logged() > 100);
      redis.kill();
      redis.start();

      run.end().expect(0);
      assertThat(
              Files.readAllLines(piecework.file("out")).stream()
                  .map(line -> line.replaceAll("\\{\"id\":\"(\\d+)\".*", "$1")))
          .hasSize(400)
          .doesNotHaveDuplicates();
    }
  }
}
