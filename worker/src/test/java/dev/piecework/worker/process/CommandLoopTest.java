package dev.piecework.worker.process;

import static dev.piecework.worker.process.CommandTrial.assertGone;
import static dev.piecework.worker.process.CommandTrial.bytes;
import static dev.piecework.worker.process.CommandTrial.config;
import static dev.piecework.worker.process.CommandTrial.descriptors;
import static dev.piecework.worker.process.CommandTrial.result;
import static dev.piecework.worker.process.CommandTrial.run;
import static dev.piecework.worker.process.CommandTrial.scratchFolders;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Effort;
import dev.piecework.worker.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(600)
@ParameterizedClass
@EnumSource(EveryStarter.class)
@Tag("slow")
@Tag("process")
class CommandLoopTest {
  private final EveryStarter starter;
  @TempDir Path folder;

  CommandLoopTest(EveryStarter starter) {
    this.starter = starter;
  }

  @BeforeEach
  void choose() {
    starter.choose();
  }

  @AfterEach
  void leaveToTheSystem() {
    EveryStarter.leaveToTheSystem();
  }

  @Test
  void exitCodesMeanWhatTheContractSays() throws Exception {
    FakeSupply supply =
        run(
            CommandTemplate.shell(
                "echo out; echo why >&2; case $1 in k*) kill -${1#k} $$;; esac;" + " exit $1"),
            bytes("0", "65", "75", "1", "255", "k9", "k15", "k11"));
    Map<String, Outcome> outcomes = supply.outcomes();
    assertThat(supply.outcome("1", Outcome.Done.class).result()).isEqualTo("out\n".getBytes(UTF_8));
    assertThat(outcomes.get("2")).isEqualTo(Outcome.bury("exit code 65\nwhy"));
    assertThat(outcomes.get("3")).isEqualTo(new Outcome.NotYet("exit code 75\nwhy"));
    assertThat(outcomes.get("4")).isEqualTo(Outcome.retry("exit code 1\nwhy"));
    assertThat(outcomes.get("5")).isEqualTo(Outcome.retry("exit code 255\nwhy"));
    assertThat(reason(outcomes.get("6"))).startsWith("exit code 137 (SIGKILL)\nwhy");
    assertThat(reason(outcomes.get("7"))).startsWith("exit code 143 (SIGTERM)\nwhy");
    assertThat(reason(outcomes.get("8"))).startsWith("exit code 139 (SIGSEGV)\nwhy");
  }

  @Test
  void aCommandThatVanishesPausesTheQueueAndBurnsNothing() throws Exception {
    Path command = script("gone", "rm -- \"$0\"; echo ok");
    FakeSupply supply = run(CommandTemplate.of(List.of(command.toString())), bytes("a", "b", "c"));
    assertThat(supply.outcomes()).containsOnlyKeys("1");
    assertThat(supply.released()).containsExactly("2");
    assertThat(supply.paused()).contains("gone").containsIgnoringCase("no such file");
    assertThat(supply.waiting()).isEqualTo(2);
  }

  @Test
  void theEnvironmentTellsWhichItemItIs() throws Exception {
    FakeSupply supply =
        run(
            CommandTemplate.shell(
                "echo $PIECEWORK_QUEUE/$PIECEWORK_ID/$PIECEWORK_ATTEMPT/$PIECEWORK_TOKEN"),
            bytes("a"));
    assertThat(result(supply, "1")).isEqualTo("jobs/1/1/1001\n");
  }

  @Test
  void theResultFileReplacesStandardOutput() throws Exception {
    FakeSupply supply =
        run(
            CommandTemplate.shell("echo log; printf 'a\\0b' >\"$PIECEWORK_RESULT\""),
            bytes("a", "b"));
    assertThat(result(supply, "1")).isEqualTo("a\0b");
    assertThat(result(supply, "2")).isEqualTo("a\0b");
  }

  @Test
  void aResultAboveTheLimitIsBuriedWithItsSize() throws Exception {
    CommandConfig config =
        config(CommandTemplate.shell("head -c $1 /dev/zero")).withResultLimit(1000);
    FakeSupply supply = run(new CommandLoop(config), bytes("1000", "1001"));
    assertThat(supply.outcome("1", Outcome.Done.class).result()).hasSize(1000);
    assertThat(supply.outcome("2", Outcome.Bury.class).reason()).contains("1001", "1000");
  }

  @Test
  void endlessOutputEndsTheCommand() throws Exception {
    CommandConfig config = config(CommandTemplate.of(List.of("yes"))).withResultLimit(1000);
    FakeSupply supply = run(new CommandLoop(config), bytes("a"));
    assertThat(supply.outcome("1", Outcome.Bury.class).reason()).contains("the limit is 1000");
  }

  @Test
  void theTailOfStandardErrorIsKeptAndEachLineHandedOn() throws Exception {
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    CommandConfig config =
        config(CommandTemplate.shell("seq 100000 >&2; exit 3")).withStderr(lines::add);
    FakeSupply supply = run(new CommandLoop(config), bytes("a"));
    String reason = supply.outcome("1", Outcome.Retry.class).reason();
    assertThat(reason).startsWith("exit code 3\n").endsWith("\n99999\n100000");
    assertThat(reason.length()).isLessThan(4200);
    assertThat(lines).hasSizeBetween(99_000, 100_000).contains("1").endsWith("100000");
  }

  @Test
  void aTimeoutEndsGrandchildrenToo() throws Exception {
    Path pids = folder.resolve("pids");
    CommandConfig config =
        config(
                CommandTemplate.shell(
                    "(sleep 1000 & echo $! >>" + pids + "; wait) & echo $! >>" + pids + "; wait"))
            .withTimeout(onceWritten(pids, 2));
    FakeSupply supply = run(new CommandLoop(config), bytes("a"));
    assertThat(supply.outcome("1", Outcome.Retry.class).reason()).contains("timeout", "0.3 s");
    assertGone(pids, 2);
  }

  @Test
  void aTimeoutKillsWhatIgnoresTheSignal() throws Exception {
    Path pids = folder.resolve("pids");
    CommandConfig config =
        config(
                CommandTemplate.shell(
                    "trap '' TERM; echo $$ >>" + pids + "; while :; do sleep 1000; done"))
            .withTimeout(onceWritten(pids, 1));
    FakeSupply supply = run(new CommandLoop(config), bytes("a"));
    assertThat(supply.outcome("1", Outcome.Retry.class).reason()).contains("timeout");
    assertGone(pids, 1);
  }

  @Test
  void whatACommandLeavesBehindIsKilledAndHoldsNothingUp() throws Exception {
    Path pids = folder.resolve("pids");
    FakeSupply supply =
        run(
            CommandTemplate.shell("sleep 1000 & echo $! >>" + pids + "; echo $1"),
            bytes("a", "b", "c"));
    assertThat(result(supply, "1")).isEqualTo("a\n");
    assertThat(result(supply, "2")).isEqualTo("b\n");
    assertThat(result(supply, "3")).isEqualTo("c\n");
    assertGone(pids, 3);
  }

  @Test
  void aDaemonInItsOwnSessionCannotWriteIntoTheNextResult() throws Exception {
    Path go = folder.resolve("go");
    assertThat(new ProcessBuilder("mkfifo", go.toString()).start().waitFor()).isZero();
    // The first leaves a daemon that waits for the second, and then writes to the first's output.
    FakeSupply supply =
        run(
            CommandTemplate.shell(
                "if [ $1 = a ]; then setsid sh -c 'trap \"\" PIPE; echo up >"
                    + go
                    + "; read x <"
                    + go
                    + "; echo evil;"
                    + " echo x >"
                    + go
                    + "' & read up <"
                    + go
                    + "; echo a;"
                    + " else echo go >"
                    + go
                    + "; read y <"
                    + go
                    + "; echo b; fi"),
            bytes("a", "b"));
    assertThat(result(supply, "1")).isEqualTo("a\n");
    assertThat(result(supply, "2")).isEqualTo("b\n");
  }

  @Test
  void aCommandThatSignalsItsOwnGroupHarmsOnlyItself() throws Exception {
    FakeSupply supply =
        run(
            CommandTemplate.shell("if [ $1 = t ]; then kill -TERM 0; fi; echo $1"),
            bytes("a", "t", "b"));
    assertThat(result(supply, "1")).isEqualTo("a\n");
    assertThat(supply.outcome("2", Outcome.Retry.class).reason()).contains("SIGTERM");
    assertThat(result(supply, "3")).isEqualTo("b\n");
  }

  @Test
  void aScratchFolderThatIsGoneCostsNobodyAnything() throws Exception {
    FakeSupply supply =
        run(CommandTemplate.shell("rm -rf \"${PIECEWORK_RESULT%/*}\"; echo $1"), bytes("a", "b"));
    assertThat(result(supply, "1")).isEqualTo("a\n");
    assertThat(result(supply, "2")).isEqualTo("b\n");
  }

  @Test
  void outputsThatAreOpenedByNameAreWholeAsWithAPipe() throws Exception {
    FakeSupply supply =
        run(
            CommandTemplate.shell(
                "for k in a b c; do echo $k >/dev/stdout; done;"
                    + " echo d | dd of=/dev/stdout status=none;"
                    + " for k in x y z; do echo $k >/dev/stderr; done; exit $1"),
            bytes("0", "1"));
    assertThat(result(supply, "1")).isEqualTo("a\nb\nc\nd\n");
    assertThat(supply.outcome("2", Outcome.Retry.class).reason()).endsWith("\nx\ny\nz");
  }

  @Test
  void exitCodes126And127OfAProgramThatRanAreFailedAttempts() throws Exception {
    FakeSupply supply = run(CommandTemplate.shell("exit $1"), bytes("126", "127", "0"));
    assertThat(supply.outcome("1", Outcome.Retry.class).reason()).isEqualTo("exit code 126");
    assertThat(supply.outcome("2", Outcome.Retry.class).reason()).isEqualTo("exit code 127");
    assertThat(supply.outcome("3", Outcome.Done.class).result()).isNull();
    assertThat(supply.paused()).isNull();
  }

  @Test
  void anItemEndsWithItsCommandWhoeverHoldsThePipes() throws Exception {
    Path pids = folder.resolve("pids");
    FakeSupply supply =
        run(
            CommandTemplate.shell(
                "setsid sh -c 'echo $$ >"
                    + pids
                    + "; exec sleep 1000' & while [ ! -s "
                    + pids
                    + " ]; do :; done; echo $1"),
            bytes("a"));
    assertThat(result(supply, "1")).isEqualTo("a\n");
    // A session of its own is how a process says that it stays.
    long pid = Long.parseLong(Files.readString(pids).strip());
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);
  }

  @Test
  void aCommandInheritsNothingOfOurs() throws Exception {
    FakeSupply supply =
        run(
            CommandTemplate.shell(
                "ls -l /proc/self/fd | sed -n 's/.*-> //p' | grep -v /proc/; ignored=$(grep SigIgn"
                    + " /proc/self/status); echo $ignored"),
            bytes("a"));
    assertThat(result(supply, "1").lines().toList())
        .hasSize(4)
        .anySatisfy(line -> assertThat(line).isEqualTo("/dev/null"))
        // That of ls itself, and that of its errors.
        .satisfies(
            lines -> assertThat(lines.stream().filter(l -> l.startsWith("pipe:"))).hasSize(2))
        .anySatisfy(line ->
            // Of the signals that have names, none.
            assertThat(line).matches("SigIgn: .*[08]0000000"));
  }

  @Test
  void anInterruptEndsTheCommandAndGivesTheItemBack() throws Exception {
    Path started = folder.resolve("started");
    assertThat(new ProcessBuilder("mkfifo", started.toString()).start().waitFor()).isZero();
    FakeSupply supply = new FakeSupply(bytes("a"));
    CommandLoop loop =
        new CommandLoop(config(CommandTemplate.shell("echo $$ >" + started + "; exec sleep 1000")));
    try (var threads = Executors.newSingleThreadExecutor()) {
      var running =
          threads.submit(() -> {
            loop.run(0, supply);
            return null;
          });
      long pid = Long.parseLong(Files.readString(started).strip());
      threads.shutdownNow();
      running.get(20, TimeUnit.SECONDS);
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
    assertThat(supply.outcomes()).isEmpty();
    assertThat(supply.released()).containsExactly("1");
  }

  @Test
  void manyItemsLeaveNoDescriptorAndNoFile() throws Exception {
    run(CommandTemplate.of(List.of("true")), bytes("warm"));
    int before = descriptors();
    int items = Effort.of(200);
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      payloads.add(("" + i).getBytes(UTF_8));
    }
    FakeSupply supply = run(CommandTemplate.of(List.of("echo")), payloads);
    assertThat(supply.outcomes()).hasSize(items);
    assertThat(descriptors()).isLessThanOrEqualTo(before + 2);
    assertThat(scratchFolders()).isEmpty();
  }

  /** 0.3 s, but none before the command has written so many process ids: it is ready then. */
  private static ItemTimeout onceWritten(Path pids, int count) {
    return () -> lines(pids) == count ? Optional.of(Duration.ofMillis(300)) : Optional.empty();
  }

  private static int lines(Path file) {
    try {
      return Files.readAllLines(file).size();
    } catch (IOException notYet) {
      return 0;
    }
  }

  private Path script(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private static String reason(@Nullable Outcome outcome) {
    return outcome instanceof Outcome.Retry retry ? retry.reason() : "not a retry: " + outcome;
  }
}
