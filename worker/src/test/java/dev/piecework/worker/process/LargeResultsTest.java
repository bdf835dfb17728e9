package dev.piecework.worker.process;

import static dev.piecework.worker.process.CommandTrial.bytes;
import static dev.piecework.worker.process.CommandTrial.config;
import static dev.piecework.worker.process.CommandTrial.result;
import static dev.piecework.worker.process.CommandTrial.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.internal.output.PartialResult;
import dev.piecework.worker.internal.output.ResultFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Results that are files of their own. */
@Timeout(600)
@ParameterizedClass
@EnumSource(EveryStarter.class)
@Tag("slow")
class LargeResultsTest {
  private static final int HELD = ResultLimits.IN_MEMORY;
  private static final String MARK = "\\000piecework-result-file\\000";

  private final EveryStarter starter;
  private final ConcurrentLinkedQueue<String> unwritable = new ConcurrentLinkedQueue<>();
  @TempDir Path place;

  LargeResultsTest(EveryStarter starter) {
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

  private Path folder() {
    return place.resolve("out.d");
  }

  private CommandConfig large(String text, long most) {
    ResultLimits limits =
        new ResultLimits(
            most,
            (int) Math.min(most, HELD * 2L),
            new ResultFolder(folder()),
            cause -> {
              unwritable.add(String.valueOf(cause.getMessage()));
              // As a run does, which stops its worker.
              Thread.currentThread().interrupt();
            });
    return config(CommandTemplate.shell(text)).withResults(limits);
  }

  private FakeSupply runLarge(String text, String... payloads) throws Exception {
    return run(new CommandLoop(large(text, 4L << 30)), bytes(payloads));
  }

  private List<String> files() throws IOException {
    if (!Files.exists(folder())) {
      return List.of();
    }
    try (var all = Files.list(folder())) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static FileResult file(FakeSupply supply, String id) {
    byte[] result = supply.outcome(id, Outcome.Done.class).result();
    return FileResult.of(Objects.requireNonNull(result)).orElseThrow();
  }

  @Test
  void whatIsAboveAMegabyteIsAFileOfItsOwnByteByByte() throws Exception {
    FakeSupply supply =
        runLarge("seq 1000000 | head -c $1", "" + HELD, "" + (HELD + 1), "5000000", "0");
    assertThat(result(supply, "1")).hasSize(HELD).startsWith("1\n2\n");
    assertThat(supply.outcome("4", Outcome.Done.class).result()).isNull();
    assertThat(files()).containsExactly("2.1002.result", "3.1003.result");
    for (String id : List.of("2", "3")) {
      FileResult file = file(supply, id);
      assertThat(file.isWhole()).isTrue();
      assertThat(file.bytes()).isEqualTo(id.equals("2") ? HELD + 1 : 5_000_000);
      StringBuilder all = new StringBuilder();
      for (int i = 1; all.length() < file.bytes(); i++) {
        all.append(i).append('\n');
      }
      all.setLength((int) file.bytes());
      assertThat(Files.readString(file.file()).contentEquals(all)).isTrue();
    }
  }

  @Test
  void whatIsNoResultLeavesNoFile() throws Exception {
    String big = "head -c 3000000 /dev/zero; ";
    FakeSupply supply =
        runLarge(
            big + "[ $1 != small ] || echo small >$PIECEWORK_RESULT; exit ${1#small}",
            "7",
            "65",
            "small");
    assertThat(supply.outcomes().get("1")).isInstanceOf(Outcome.Retry.class);
    assertThat(supply.outcomes().get("2")).isInstanceOf(Outcome.Bury.class);
    assertThat(result(supply, "3")).isEqualTo("small\n");
    CommandConfig narrow = large("head -c $1 /dev/zero", 2_000_000);
    FakeSupply over = run(new CommandLoop(narrow), bytes("2000001", "2000000", "9000000"));
    assertThat(over.outcome("1", Outcome.Bury.class).reason()).contains("2000001", "2000000");
    assertThat(over.outcome("3", Outcome.Bury.class).reason()).contains("the limit is 2000000");
    assertThat(files()).containsExactly("2.1002.result");
  }

  @Test
  void theFileThatACommandNamesItsResultMayBeLargeToo() throws Exception {
    FakeSupply supply =
        runLarge("echo log; head -c 3000000 /dev/zero >\"$PIECEWORK_RESULT\"; exit $1", "0", "3");
    assertThat(file(supply, "1").bytes()).isEqualTo(3_000_000);
    assertThat(file(supply, "1").isWhole()).isTrue();
    assertThat(supply.outcomes().get("2")).isInstanceOf(Outcome.Retry.class);
    assertThat(files()).containsExactly("1.1001.result");
  }

  @Test
  void whereTheFileCannotBeWrittenTheItemIsGivenBackAndNothingIsDone() throws Exception {
    Files.writeString(folder(), "a file is in the way");
    for (String to : List.of("", " >\"$PIECEWORK_RESULT\"")) {
      FakeSupply supply = runLarge("head -c 3000000 /dev/zero" + to, "a");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(supply.outcomes()).isEmpty();
      assertThat(supply.released()).containsExactly("1");
      assertThat(supply.paused()).isNull();
    }
    assertThat(unwritable)
        .hasSize(2)
        .allMatch(said -> said.startsWith("cannot write result file " + folder()));
  }

  @Test
  void aResultThatLooksLikeTheNameOfAFileIsNotTakenForOne() throws Exception {
    String forged = "printf '" + MARK + "5\\000/etc/passwd'";
    FakeSupply supply =
        runLarge("[ $1 = printed ] || exec >$PIECEWORK_RESULT; " + forged, "printed", "named");
    for (String id : List.of("1", "2")) {
      assertThat(supply.outcome(id, Outcome.Bury.class).reason()).contains("a file of its own");
    }
    CommandConfig config = large("echo 1; printf '" + MARK + "5\\n'", 4L << 30);
    FakeSupply batch = run(new BatchLoop(config, 2, false), bytes("a", "b"));
    assertThat(result(batch, "1")).isEqualTo("1");
    assertThat(batch.outcomes().get("2")).isInstanceOf(Outcome.Bury.class);
  }

  @Test
  void aBatchIsSplitInMemoryAndItsLastItemMayBeAFile() throws Exception {
    SlotLoop loop = new BatchLoop(large("seq 300000; [ $# = 1 ]", 4L << 30), 2, false);
    FakeSupply supply = run(loop, bytes("a", "b"));
    assertThat(file(supply, "1").bytes()).isEqualTo(1_988_895);
    assertThat(file(supply, "2").isWhole()).isTrue();
    assertThat(files()).hasSize(2);
  }

  /** Else one of them would be buried, and the others done with a result that is not there. */
  @Test
  void whatABatchPrintsAboveWhatTheQueueTakesIsPrintedAgainItemByItem() throws Exception {
    SlotLoop loop = new BatchLoop(large("seq 400000", 4L << 30), 2, false);
    FakeSupply supply = run(loop, bytes("a", "b"));
    assertThat(file(supply, "1").bytes()).isEqualTo(2_688_895);
    assertThat(file(supply, "2").isWhole()).isTrue();
  }

  @Test
  void namesAreReadableDistinctAndWithinTheFolder() throws Exception {
    ResultFolder results = new ResultFolder(folder());
    for (String id :
        List.of("../../etc/x", ".hidden", "a b\n", "ä", "x".repeat(500), "plain.txt")) {
      try (PartialResult partial =
          new ResultFiles(results.path()).begin(new Attempt(id, new byte[0], 1, 7))) {
        partial.write("x".getBytes(UTF_8), 1);
        assertThat(partial.keep().isWhole()).isTrue();
      }
    }
    assertThat(files())
        .containsExactlyInAnyOrder(
            "%2E.%2F..%2Fetc%2Fx.7.result",
            "%2Ehidden.7.result",
            "a%20b%0A.7.result",
            "%C3%A4.7.result",
            "x".repeat(100) + ".7.result",
            "plain.txt.7.result");
    try (PartialResult again =
        new ResultFiles(results.path()).begin(new Attempt("plain.txt", new byte[0], 1, 7))) {
      assertThat(files()).contains(".plain.txt.7.partial");
      assertThat(again.keep().file().getFileName()).hasToString("plain.txt.7-2.result");
    }
    Files.writeString(folder().resolve("mine.txt"), "of a person");
    Files.writeString(folder().resolve(".1.8.partial"), "of a process that was killed");
    results.removePartial();
    assertThat(files()).hasSize(8);
    results.removeAllBut(name -> name.startsWith("plain.txt.7-"));
    assertThat(files()).containsExactly("mine.txt", "plain.txt.7-2.result");
  }
}
