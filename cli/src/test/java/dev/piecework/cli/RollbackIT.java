package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Redis that lost its last second: noticed, said, and nothing comes twice. */
class RollbackIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  @Test
  @RedisPerTest(own = true, appendfsync = "everysec")
  void whatIsDoneAgainAfterARollbackIsWrittenOnce(TestRedis redis) throws Exception {
    piecework.with("PIECEWORK_REDIS", redis.uri());
    piecework.here("fill", "q", "a", "b", "c", "d", "e").expect(0);
    redis.stop(); // it syncs what it has put off
    String folder = redis.folder().toString();
    piecework.startProgram("cp", "-r", folder, "before").end().expect(0);
    redis.restart();
    piecework.run("work", "q", "--", "echo").expect(0);
    piecework.run("results", "q", "--to", "out").expect(0);
    List<String> first = Files.readAllLines(piecework.file("out"));
    redis.stop();
    String goBack = "cd \"$1\" && rm -rf appendonly* *.aof *.rdb && cp -r \"$2\"/* .";
    String before = piecework.file("before").toString();
    piecework.startProgram("sh", "-c", goBack, "sh", folder, before).end().expect(0);
    redis.restart();

    Piecework.Started results = piecework.start("results", "q", "--to", "out", "--follow");
    // What was begun before the file was opened may have been there already, and is not told.
    await()
        .atMost(Piecework.TIMEOUT)
        .until(
            () -> redis.jedis().clientList().lines().anyMatch(client -> client.contains("cmd=bl")));
    piecework.run("work", "q", "--", "echo").expect(0);

    assertThat(results.end().expect(0).err()).contains("came again");
    assertThat(Files.readAllLines(piecework.file("out"))).hasSize(5).isEqualTo(first);
  }
}
