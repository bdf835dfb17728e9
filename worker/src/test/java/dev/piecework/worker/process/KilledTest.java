package dev.piecework.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.Effort;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.internal.spawn.Scratch;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGKILL of a JVM that runs commands, at whatever instant, leaves no process and no file. */
@Timeout(600)
@Tag("slow")
@Tag("process")
class KilledTest {
  @TempDir Path folder;

  /** Runs items for ever, and prints a line once both slots are at work. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      String marker = args[0];
      CommandTemplate command =
          CommandTemplate.of(
              List.of("/bin/sh", "-c", "sh -c \"$0 & exec $0\" & wait", "sleep " + marker));
      List<byte[]> payloads = new ArrayList<>();
      for (int i = 0; i < 1_000_000; i++) {
        payloads.add(Integer.toString(i).getBytes(UTF_8));
      }
      FakeSupply supply =
          new FakeSupply(payloads) {
            @Override
            public synchronized void finish(Attempt attempt, Outcome outcome) {
              super.finish(attempt, outcome);
              System.out.println("finished");
            }
          };
      CommandConfig config = CommandConfig.of(command, "victim");
      if (args[1].equals("quick")) {
        config = config.withTimeout(Duration.ofMillis(30));
      }
      var loop = args[1].equals("child") ? new ChildLoop(config, 64) : new CommandLoop(config);
      for (int slot = 0; slot < 2; slot++) {
        int number = slot;
        Thread.ofPlatform()
            .start(() -> {
              try {
                loop.run(number, supply);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
      }
      System.out.println("started");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"command", "quick", "child"})
  void nothingIsLeft(String kind) throws Exception {
    // With growing delays the kill hits the start of the shells, of the commands, and their run.
    int last = Effort.of(4) - 1;
    for (int round = 0; round <= last; round++) {
      String marker = "9" + ProcessHandle.current().pid() + round;
      ProcessBuilder start =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djava.io.tmpdir=" + folder,
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Victim.class.getName(),
                  marker,
                  kind)
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      start.environment().put("TMPDIR", folder.toString());
      Process victim = start.start();
      try (BufferedReader out = victim.inputReader()) {
        assertThat(out.readLine()).isEqualTo("started");
        long until = System.nanoTime() + 500_000_000L * round * round / ((long) last * last);
        while (System.nanoTime() < until) {
          LockSupport.parkNanos(until - System.nanoTime());
        }
        // The last is killed when it is at work and guarded, and has removed what earlier ones left
        // that were killed before. Those with a time-out are too short to be seen.
        if (round == last && kind.equals("quick")) {
          assertThat(out.readLine()).isEqualTo("finished");
        } else if (round == last) {
          await().atMost(Duration.ofSeconds(60)).until(() -> !running(marker).isEmpty());
        }
      } finally {
        victim.destroyForcibly().waitFor();
      }
      await()
          .during(Duration.ofMillis(200))
          .atMost(Duration.ofSeconds(60))
          .until(() -> running(marker).isEmpty());
    }
    await().until(this::scratchFoldersOfTheDead, List::isEmpty);
  }

  /** Processes, with all their descendants' arguments, that carry the marker; not the victim. */
  private static List<Long> running(String marker) {
    return ProcessHandle.allProcesses()
        .filter(CommandTrial::runs)
        .filter(p -> arguments(p).contains("sleep " + marker))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static String arguments(ProcessHandle process) {
    try {
      return Files.readString(
              Path.of("/proc/" + process.pid() + "/cmdline"),
              java.nio.charset.StandardCharsets.ISO_8859_1)
          .replace('\0', ' ');
    } catch (java.io.IOException e) {
      return "";
    }
  }

  private List<String> scratchFoldersOfTheDead() throws Exception {
    List<String> dead = new ArrayList<>();
    for (Path place : List.of(folder)) {
      try (var found = Files.newDirectoryStream(place, "piecework-cmd-*")) {
        for (Path one : found) {
          if (Scratch.abandoned(one)) {
            dead.add(one.toString());
          }
        }
      }
    }
    return dead;
  }
}
