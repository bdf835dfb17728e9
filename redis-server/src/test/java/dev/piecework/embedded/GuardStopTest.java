package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Effort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whenever the guard is asked to end, it leaves nothing: no server, no `sleep`. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class GuardStopTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  /** More of them with {@code ./check --long}. */
  private static final int ROUNDS = Effort.of(30);

  @TempDir Path folder;

  @AfterEach
  void stop() {
    EmbeddedRedis.stop(folder);
  }

  @RepeatedTest(10)
  void stoppedJustAfterItsLastUserLeft() {
    for (int i = 0; i < 3; i++) {
      EmbeddedRedis.join(folder, LONG, notice -> {}).close();
      assertThat(EmbeddedRedis.stop(folder)).isTrue();
      Servers.awaitNoProcess(folder);
    }
  }

  /**
   * Guards against: the signal cuts `server PID` in two, and the guard waits for it for ever; it
   * comes just before the guard waits for its pipe, and is not heard of.
   */
  @Test
  void endsAtAnyMomentOfItsStart() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    StateFolder state = new StateFolder(folder);
    Path program = folder.resolve("program");
    Files.writeString(program, "#!/bin/sh\nexec sleep 600\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    state.write(state.guardScript(), Scripts.text("guard.sh"));
    for (int i = 0; i < ROUNDS; i++) {
      Guard guard = Guard.launch(state, new RedisBinary(program, "of this test"), LONG);
      ServerState server = new ServerState(guard.generation(), 1, guard.process());
      try (UsageHandle handle = UsageHandle.open(state, server, LONG).orElseThrow()) {
        guard.go();
        long moment = System.nanoTime() + random.nextLong(8_000_000);
        while (System.nanoTime() < moment) {
          Thread.onSpinWait();
        }
        handle.sayUp();
      }
      ServerStop.end(guard.process());
    }
    Servers.awaitNoProcess(folder);
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
