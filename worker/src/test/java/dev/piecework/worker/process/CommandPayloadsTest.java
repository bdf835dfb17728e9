package dev.piecework.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.worker.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Payloads reach a command byte for byte, or are refused with the way out. */
@Timeout(600)
@ParameterizedClass
@EnumSource(EveryStarter.class)
@Tag("slow")
class CommandPayloadsTest {
  private final EveryStarter starter;

  CommandPayloadsTest(EveryStarter starter) {
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
  void everyPayloadReachesAnArgumentUnchanged() throws Exception {
    List<byte[]> payloads = Payloads.forArguments();
    // The template's last argument is the payload; printf would add nothing and interpret nothing.
    FakeSupply supply =
        CommandTrial.run(CommandTemplate.of(List.of("/usr/bin/printf", "%s", "{}")), payloads);
    assertResults(supply, payloads);
    assertThat(Path.of("/tmp/piecework-was-here")).doesNotExist();
  }

  @Test
  void everyPayloadReachesAShellAsItsFirstArgument() throws Exception {
    List<byte[]> payloads = Payloads.forArguments();
    FakeSupply supply =
        CommandTrial.run(CommandTemplate.shell("exec /usr/bin/printf %s \"$1\""), payloads);
    assertResults(supply, payloads);
    assertThat(Path.of("/tmp/piecework-was-here")).doesNotExist();
  }

  @Test
  void everyPayloadReachesStandardInputUnchanged() throws Exception {
    List<byte[]> payloads = Payloads.forStdin();
    FakeSupply supply = CommandTrial.run(CommandTemplate.of(List.of("cat")).onStdin(), payloads);
    assertResults(supply, payloads);
  }

  @Test
  void anArgumentThatTheSystemRefusesIsBuriedWithTheWayOut() throws Exception {
    FakeSupply supply =
        CommandTrial.run(
            CommandTemplate.of(List.of("true")),
            List.of(new byte[] {'a', 0}, new byte[131_072], "x".repeat(131_072).getBytes(UTF_8)));
    assertThat(supply.outcomes().values())
        .hasSize(3)
        .allSatisfy(o -> assertThat(((Outcome.Bury) o).reason()).contains("--stdin"));
  }

  private static void assertResults(FakeSupply supply, List<byte[]> payloads) {
    for (int i = 0; i < payloads.size(); i++) {
      Outcome outcome = supply.outcomes().get(Integer.toString(i + 1));
      assertThat(outcome).as("payload %d", i + 1).isInstanceOf(Outcome.Done.class);
      byte[] result = ((Outcome.Done) Objects.requireNonNull(outcome)).result();
      assertThat(result == null ? new byte[0] : result)
          .as("payload %d", i + 1)
          .isEqualTo(payloads.get(i));
    }
  }
}
