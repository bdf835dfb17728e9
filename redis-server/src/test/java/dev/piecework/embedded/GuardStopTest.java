package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever the guard is asked to end, it leaves nothing: no server, no `sleep`. */
class GuardStopTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;

  @AfterEach
  void stop() {
    EmbeddedRedis.stop(folder);
  }

  @RepeatedTest(20)
  void stoppedJustAfterItsLastUserLeft() {
    for (int i = 0; i < 3; i++) {
      EmbeddedRedis.join(folder, LONG, notice -> {}).close();
      assertThat(EmbeddedRedis.stop(folder)).isTrue();
      Servers.awaitNoProcess(folder);
    }
  }

  @Test
  void endsWithItsFolder() throws Exception {
    Path gone = folder.resolve("gone");
    try (EmbeddedRedis.Use use = EmbeddedRedis.join(gone, Duration.ofMillis(50), notice -> {})) {
      assertThat(use.port()).isPositive();
      assertThat(Servers.processes(gone)).isNotEmpty();
      long guard = Servers.state(gone).keeper().pid();
      Folders.remove(gone);
      assertThat(Files.exists(gone)).isFalse();
      assertThat(KnownProcess.of(guard).isAlive()).isTrue();
    }
    Servers.awaitNoProcess(gone);
  }
}
