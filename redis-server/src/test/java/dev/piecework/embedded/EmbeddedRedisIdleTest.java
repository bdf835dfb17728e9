package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Effort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** It stops when nobody uses it any more, and only then. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class EmbeddedRedisIdleTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir Path folder;

  static Stream<RedisBinary> binaries() {
    return Servers.binaries();
  }

  @AfterEach
  void stop() {
    EmbeddedRedis.stop(folder);
    Servers.awaitNoProcess(folder);
  }

  @ParameterizedTest
  @MethodSource("binaries")
  void manyVerbsAgainstAShortIdleLimit(RedisBinary binary) throws Exception {
    int processes = 4;
    int atOnce = Effort.of(10);
    int waves = 0;
    List<Verb> verbs = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      verbs.add(Verb.start(binary, folder, SHORT, "waves", "" + atOnce));
    }
    Set<String> servers = new TreeSet<>();
    // Until they have met several: on a busy machine the guard comes late to see itself unused.
    for (; waves < 8 || (servers.size() <= 2 && waves < 80); waves++) {
      for (Verb verb : verbs) {
        verb.writeLine();
      }
      for (Verb verb : verbs) {
        servers.add(verb.awaitLine());
      }
      // Not a wait for anything: a load that meets the guard about when it decides.
      Duration about = SHORT.plusMillis(3L * (waves % 8) - 12).multipliedBy(1 + waves / 8);
      LockSupport.parkNanos(about.toNanos());
    }
    for (Verb verb : verbs) {
      assertThat(verb.awaitExit()).isZero();
    }
    assertThat(servers).as("ports of the servers in use").hasSizeGreaterThan(2);
    Servers.awaitNoProcess(folder);
    try (EmbeddedRedis.Use use = EmbeddedRedis.join(folder, SHORT, notice -> {}, () -> binary)) {
      assertThat(Servers.call(use, "GET", "joins")).isEqualTo("" + processes * atOnce * waves);
    }
  }

  @Test
  void stopsWhenAllItsUsersWereKilled() throws Exception {
    List<Verb> verbs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      verbs.add(Verb.start(RedisBinary.find(), folder, SHORT, "hold"));
    }
    for (Verb verb : verbs) {
      assertThat(verb.awaitLine()).isEqualTo("holding");
    }
    for (Verb verb : verbs) {
      verb.kill();
    }
    Servers.awaitNoProcess(folder);
  }

  @Test
  void needsNoSetsid(@TempDir Path programs) throws Exception {
    for (String name : List.of("sleep", "rm", "mkfifo", "cat")) {
      Path program = RedisBinary.onPath(name, System.getenv()).orElseThrow();
      Files.createSymbolicLink(programs.resolve(name), program);
    }
    Guard guard = guardWith(Map.of("PATH", programs.toString()));
    guard.go();
    Awaitility.await().until(() -> Files.exists(folder.resolve("redis.log")));
    Servers.awaitNoProcess(folder); // nobody came: it has stopped after its idle limit
  }

  private Guard guardWith(Map<String, String> environment) throws IOException {
    StateFolder state = new StateFolder(folder);
    Files.createDirectories(state.data());
    state.write(state.guardScript(), Scripts.text("guard.sh"));
    String config =
        new ConfigFile()
            .line("port", "" + PrivateRedis.freePort())
            .line("logfile", state.log().toString())
            .line("dir", state.data().toString())
            .toString();
    state.write(state.config(), config);
    // Long enough for a server to begin its log, also on a busy machine.
    return Guard.launch(state, RedisBinary.find(), SHORT.multipliedBy(30), environment);
  }
}
