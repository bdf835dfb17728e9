package dev.piecework.worker.process;

import static dev.piecework.worker.process.CommandTrial.bytes;
import static dev.piecework.worker.process.CommandTrial.config;
import static dev.piecework.worker.process.CommandTrial.result;
import static dev.piecework.worker.process.CommandTrial.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.worker.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
class BatchLoopTest {
  private final EveryStarter starter;
  @TempDir Path folder;

  BatchLoopTest(EveryStarter starter) {
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
  void onePoisonousItemOfSixtyFourIsFoundByHalving() throws Exception {
    Path log = folder.resolve("log");
    CommandTemplate command =
        CommandTemplate.shell(
            "echo $# >>" + log + "; for i; do [ $i != 42 ] || exit 1; done; printf '%s\\n' \"$@\"");
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 1; i <= 64; i++) {
      payloads.add(Integer.toString(i).getBytes(UTF_8));
    }
    FakeSupply supply = run(new BatchLoop(config(command), 64, false), payloads);
    assertThat(supply.outcomes().values()).filteredOn(Outcome.Done.class::isInstance).hasSize(63);
    assertThat(supply.outcomes().get("42")).isEqualTo(Outcome.retry("exit code 1"));
    assertThat(result(supply, "1")).isEqualTo("1");
    assertThat(result(supply, "64")).isEqualTo("64");
    assertThat(Files.readAllLines(log))
        .containsExactly("64", "32", "32", "16", "8", "8", "4", "2", "1", "1", "2", "4", "16");
  }

  @Test
  void outputThatIsNotALinePerItemIsKeptOnceForTheBatch() throws Exception {
    FakeSupply supply =
        run(
            new BatchLoop(
                config(
                    CommandTemplate.shell("echo $# items; echo and a line; echo 3; " + "echo 4")),
                3,
                false),
            bytes("a", "b", "c"));
    assertThat(result(supply, "1")).isEqualTo("3 items\nand a line\n3\n4\n");
    assertThat(supply.outcomes().get("2")).isEqualTo(new Outcome.Done(null, "1"));
    assertThat(supply.outcomes().get("3")).isEqualTo(new Outcome.Done(null, "1"));
  }

  @Test
  void nulEndsRecordsBothWays() throws Exception {
    FakeSupply supply =
        run(
            new BatchLoop(config(CommandTemplate.of(List.of("cat")).onStdin()), 10, true),
            bytes("a\nb", "", "c"));
    assertThat(result(supply, "1")).isEqualTo("a\nb");
    assertThat(result(supply, "2")).isEmpty();
    assertThat(result(supply, "3")).isEqualTo("c");
  }

  @Test
  void aNewlineCannotBeInALineOfStandardInput() throws Exception {
    FakeSupply supply =
        run(
            new BatchLoop(config(CommandTemplate.of(List.of("cat")).onStdin()), 10, false),
            bytes("a\nb", "c"));
    assertThat(supply.outcome("1", Outcome.Bury.class).reason()).contains("--nul");
    assertThat(result(supply, "2")).isEqualTo("c");
  }

  @Test
  void placesAreRepeatedForEachItem() throws Exception {
    FakeSupply supply =
        run(
            new BatchLoop(
                config(CommandTemplate.of(List.of("echo", "{id}={}", "and", "{}"))), 3, false),
            bytes("a", "b"));
    assertThat(result(supply, "1")).isEqualTo("1=a 2=b and a b\n");
  }

  @Test
  void aBatchThatTheSystemWouldRefuseIsSplitAndNobodyIsCharged() throws Exception {
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      payloads.add("x".repeat(100_000).getBytes(UTF_8));
    }
    FakeSupply supply =
        run(
            new BatchLoop(config(CommandTemplate.shell("for i; do echo ${#i}; done")), 100, false),
            payloads);
    assertThat(supply.outcomes()).hasSize(100);
    assertThat(supply.outcomes().keySet())
        .allSatisfy(id -> assertThat(result(supply, id)).isEqualTo("100000"));
  }

  @Test
  void theTimeoutOfABatchIsThatOfItsItems() throws Exception {
    CommandConfig config =
        config(CommandTemplate.shell("[ $# -gt 1 ] || [ $1 != slow ] || exec sleep 1000; echo $#"))
            .withTimeout(Duration.ofMillis(300));
    FakeSupply supply = run(new BatchLoop(config, 1, false), bytes("a", "slow", "b"));
    assertThat(supply.outcome("2", Outcome.Retry.class).reason()).contains("timeout");
    assertThat(supply.outcomes()).hasSize(3);
  }

  @Test
  void aCommandThatVanishesPausesTheQueueAndChargesNobody() throws Exception {
    Path command = folder.resolve("gone");
    Files.writeString(command, "#!/bin/sh\nrm -- \"$0\"\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();
    FakeSupply supply =
        run(
            new BatchLoop(config(CommandTemplate.of(List.of(command.toString()))), 2, false),
            bytes("a", "b", "c", "d"));
    assertThat(supply.paused()).contains("gone");
    assertThat(supply.outcomes()).containsOnlyKeys("1", "2");
    assertThat(supply.released()).containsExactly("3", "4");
  }
}
