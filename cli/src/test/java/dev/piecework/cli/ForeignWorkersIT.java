package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Beside what people already have: plain pushes, and the tutorial's own worker. */
@Needs("python3")
class ForeignWorkersIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private static String[] items(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> "item" + i).toArray(String[]::new);
  }

  private Piecework.Started foreign(PrivateRedis redis) throws Exception {
    Path script = piecework.file("worker.py");
    try (var source = getClass().getResourceAsStream("rediswq_worker.py")) {
      Files.write(script, java.util.Objects.requireNonNull(source).readAllBytes());
    }
    return piecework.startProgram(
        "python3", script.toString(), String.valueOf(redis.port()), "job2", "theirs");
  }

  @Test
  void aRediswqWorkerAndOursDrainOneQueueTogether() throws Exception {
    try (PrivateRedis redis = PrivateRedis.started();
        Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      jedis.rpush("job2", items(600));

      // Neither has done all before the other begins.
      String command =
          "until [ -e " + piecework.file("go") + " ]; do sleep 0.05; done; echo \"$1\"";
      Piecework.Started ours = piecework.start("work", "job2", "--slots", "2", "--sh", command);
      await()
          .atMost(Piecework.TIMEOUT)
          .until(
              () -> piecework.here("status", "job2", "-o", "json").out().contains("\"leased\":2"));
      Piecework.Started theirs = foreign(redis);
      await().atMost(Piecework.TIMEOUT).until(() -> Files.exists(piecework.file("theirs")));
      Files.createFile(piecework.file("go"));

      ours.end().expect(0);
      theirs.end().expect(0);
      List<String> done = new ArrayList<>(Files.readAllLines(piecework.file("theirs")));
      assertThat(done).isNotEmpty();
      done.addAll(piecework.here("results", "job2", "-o", "raw").lines());
      assertThat(done).containsExactlyInAnyOrder(items(600));
    }
  }

  @Test
  void whatADeadForeignWorkerHoldsIsWaitedForAndAdopted() throws Exception {
    try (PrivateRedis redis = PrivateRedis.started();
        Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      jedis.rpush("job2", "mine");
      jedis.rpush("job2:processing", "orphan");
      Piecework.Started worker = piecework.start("work", "job2", "--", "echo");
      await()
          .atMost(Piecework.TIMEOUT)
          .until(() -> piecework.here("status", "job2").out().contains("1 done"));
      assertThat(piecework.here("status", "job2").out()).contains("elsewhere");
      assertThat(worker.isAlive()).isTrue();

      assertThat(piecework.here("adopt", "job2").expect(0).out()).contains("1 item");

      worker.end().expect(0);
      assertThat(piecework.here("results", "job2", "-o", "raw").lines())
          .containsExactlyInAnyOrder("mine", "orphan");
    }
  }
}
