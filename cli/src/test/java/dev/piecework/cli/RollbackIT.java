package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.embedded.PrivateRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Redis that lost its last second: noticed, said, and nothing comes twice. */
class RollbackIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  @Test
  void whatIsDoneAgainAfterARollbackIsWrittenOnce() throws Exception {
    Path folder = piecework.file("redis");
    try (PrivateRedis redis =
        PrivateRedis.builder()
            .folder(folder)
            .appendOnly(true)
            .config("appendfsync", "always")
            .start()) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      piecework.run("fill", "q", "a", "b", "c", "d", "e").expect(0);
      redis.stop();
      piecework.startProgram("cp", "-r", folder.toString(), "before").end().expect(0);
      redis.start();
      piecework.run("work", "q", "--", "echo").expect(0);
      piecework.run("results", "q", "--to", "out").expect(0);
      List<String> first = Files.readAllLines(piecework.file("out"));
      redis.stop();
      piecework
          .startProgram(
              "sh", "-c", "rm -rf redis/appendonly* redis/*.aof redis/*.rdb; cp -r before/* redis")
          .end()
          .expect(0);
      redis.start();

      Piecework.Started results = piecework.start("results", "q", "--to", "out", "--follow");
      results.awaitErr("");
      piecework.run("work", "q", "--", "echo").expect(0);

      assertThat(results.end().expect(0).err()).contains("came again");
      assertThat(Files.readAllLines(piecework.file("out"))).hasSize(5).isEqualTo(first);
    }
  }
}
