package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisBinaryTest {
  @TempDir Path folder;

  @Test
  void prefersWhatIsNamedThenValkeyThenRedisThenTheBundledOne() throws IOException {
    String path = program("other/redis-server").getParent() + ":" + folder.resolve("both");
    Path valkey = program("both/valkey-server");
    program("both/redis-server");
    Path named = program("mine");
    assertThat(find(path, named.toString()).path()).isEqualTo(named);
    assertThat(find(path, "").path()).isEqualTo(valkey);
    Files.delete(valkey);
    assertThat(find(path, "").path()).isEqualTo(folder.resolve("other/redis-server"));
    assertThat(find(path, "bundled").origin()).isEqualTo("bundled");
    assertThat(find("", "").origin()).isEqualTo("bundled");
  }

  @Test
  void saysWhatIsNotAProgram() {
    assertThatThrownBy(() -> find("", "/no/such/server"))
        .isInstanceOf(RedisServerException.class)
        .hasMessageContaining("PIECEWORK_REDIS_SERVER=/no/such/server is not a program");
  }

  @Test
  void unpacksOnceAndMendsWhatWasSpoilt() throws IOException {
    RedisBinary binary = find("", "bundled");
    assertThat(binary.version()).isEqualTo(new RedisBinary.Version(7, 0));
    Object first = Files.getLastModifiedTime(binary.path());
    assertThat(Files.getLastModifiedTime(find("", "bundled").path())).isEqualTo(first);
    Files.writeString(binary.path(), "spoilt", StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(find("", "bundled").version().major()).isEqualTo(7);
    try (Stream<Path> files = Files.list(binary.path().getParent())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void unpacksForManyAtOnce() throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<RedisBinary>> all =
          Stream.generate(() -> threads.submit(() -> find("", "bundled"))).limit(8).toList();
      for (Future<RedisBinary> one : all) {
        assertThat(one.get().version().major()).isEqualTo(7);
      }
    }
  }

  /** As a child of another thread does that is just being started. */
  @Test
  void aProgramThatAChildStillHasOpenForWritingIsWaitedFor() throws Exception {
    Path program = program("server");
    Path ran = folder.resolve("ran");
    Files.writeString(program, "#!/bin/sh\ntouch " + ran + "\n");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> waiting;
      try (var writer = FileChannel.open(program, StandardOpenOption.WRITE)) {
        writer.position(0);
        waiting = threads.submit(() -> BundledRedis.awaitWriters(program));
        assertThatThrownBy(() -> waiting.get(100, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
      }
      waiting.get();
    }
    assertThat(ran).exists();
  }

  private RedisBinary find(String path, String named) {
    return RedisBinary.find(
        Map.of("PATH", path, RedisBinary.VARIABLE, named, "XDG_CACHE_HOME", folder + "/cache"));
  }

  private Path program(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
