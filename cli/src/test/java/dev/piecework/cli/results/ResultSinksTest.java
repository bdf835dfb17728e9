package dev.piecework.cli.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.Result;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.process.FileResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultSinksTest {

  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Terminal terminal =
      new Terminal(
          new ByteArrayOutputStream(), new PrintStream(said, true, UTF_8), Map.of(), false, false);

  private static Result result(long sequence, String id) {
    return new Result(
        sequence, id, null, new byte[0], new byte[100], 1, "w", Instant.EPOCH, Duration.ZERO);
  }

  private List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file);
  }

  /** Collects ids. */
  private static final class Ids implements ResultSink {
    final List<String> ids = new ArrayList<>();

    @Override
    public void accept(Result result) {
      ids.add(result.id());
    }

    @Override
    public void settle() {}
  }

  @Test
  void aFileTakesNoItemOfARunTwiceAndLosesATornLine() throws Exception {
    Path file = folder.resolve("out");
    try (ResultsFile first = ResultsFile.open(file, false, "r1", terminal)) {
      first.accept(result(1, "1"));
      first.accept(result(2, "2"));
      first.accept(result(2, "2"));
      first.settle();
    }
    String whole = Files.readString(file);
    Files.writeString(file, whole + "{\"id\":\"3\",\"pay");

    try (ResultsFile second = ResultsFile.open(file, true, "r1", terminal)) {
      assertThat(Files.readString(file)).isEqualTo(whole);
      second.accept(result(2, "2"));
      second.accept(result(3, "3"));
      assertThat(second.written()).isEqualTo(1);
    }
    assertThat(lines(file)).hasSize(3);
    assertThat(said.toString(UTF_8)).contains("torn");

    // Ids are counted anew in another run.
    try (ResultsFile third = ResultsFile.open(file, true, "r2", terminal)) {
      third.accept(result(1, "1"));
    }
    assertThat(lines(file)).hasSize(4);
  }

  private Result large(String id, Path file, long bytes) {
    byte[] reference = new FileResult(file, bytes).reference();
    return new Result(1, id, null, new byte[0], reference, 1, "w", Instant.EPOCH, Duration.ZERO);
  }

  @Test
  void theFilesOfLargeResultsStayAsLongAsTheirLines() throws Exception {
    Path file = folder.resolve("out");
    Path large = Files.createDirectory(folder.resolve("out.d"));
    Path one = Files.writeString(large.resolve("1.7.result"), "12345");
    Path lost = Files.writeString(large.resolve("2.8.result"), "of a lost lease");
    Files.writeString(large.resolve(".2.9.partial"), "12");
    Path other = Files.writeString(folder.resolve("3.9.result"), "123");
    try (ResultsFile first = ResultsFile.open(file, true, "r1", terminal)) {
      assertThat(large).isDirectoryNotContaining("glob:**.partial");
      first.accept(large("1", one, 5));
      first.accept(large("3", other, 3));
    }
    assertThat(lines(file).getFirst())
        .contains("\"resultFile\":\"out.d/1.7.result\",\"resultBytes\":5");
    assertThat(lines(file).getLast()).contains("\"resultFile\":\"" + other + "\"");

    try (ResultsFile second = ResultsFile.open(file, true, "r1", terminal)) {
      assertThat(lost).exists();
      second.removeWhatNobodyCommitted();
    }
    assertThat(one).exists();
    assertThat(lost).doesNotExist();

    ResultsFile.open(file, false, "r2", terminal).close();
    assertThat(large).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void aLargeResultThatIsNotWholeIsNoResult() throws Exception {
    Path file = folder.resolve("out");
    Path large = Files.createDirectory(folder.resolve("out.d"));
    Path cut = Files.writeString(large.resolve("1.7.result"), "1234");
    try (ResultsFile results = ResultsFile.open(file, true, "r1", terminal);
        PrintedResults printed = new PrintedResults(terminal, PrintedResults.Form.AS_IS, "r1")) {
      for (ResultSink sink : List.of(results, printed)) {
        assertThatThrownBy(() -> sink.accept(large("1", cut, 5)))
            .isInstanceOf(Refusal.class)
            .hasMessageContaining("1.7.result of 5 bytes, which is gone or has been changed");
      }
    }
    assertThat(lines(file)).isEmpty();
  }

  @Test
  void aLargeResultIsPrintedWholeAndNamedInOtherForms() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal quiet = new Terminal(out, new PrintStream(said, true, UTF_8), Map.of(), false, false);
    String text = "123456789\n".repeat(20_000) + "end";
    Path file = Files.writeString(folder.resolve("1.7.result"), text);
    for (PrintedResults.Form form : PrintedResults.Form.values()) {
      out.reset();
      try (PrintedResults printed = new PrintedResults(quiet, form, "r1")) {
        printed.accept(large("1", file, text.length()));
        printed.settle();
      }
      String printed = out.toString(UTF_8);
      switch (form) {
        case NOTHING -> assertThat(printed).isEmpty();
        case AS_IS -> assertThat(printed.equals(text)).isTrue();
        case LINES -> assertThat(printed.equals(text + "\n")).isTrue();
        case JSONL ->
            assertThat(printed).contains("\"resultFile\":\"" + file + "\",\"resultBytes\":200003");
        case CSV ->
            assertThat(printed)
                .contains("\n1,," + file + ",1,w,")
                .endsWith(",resultFile,done,0,0,,\n");
      }
    }
  }

  @Test
  void aFileInMemoryAndANameForAnOpenOneHaveNoFolderBesideThem() {
    for (String name : List.of("/dev/stdout", "/dev/shm/out.jsonl", "/proc/self/fd/1")) {
      assertThat(ResultsFile.mayHaveFolder(Path.of(name))).as(name).isFalse();
    }
    assertThat(ResultsFile.mayHaveFolder(folder.resolve("out.jsonl"))).isTrue();
  }

  @Test
  void aFileOfSomethingElseIsNotTouched() throws Exception {
    Path file = Files.writeString(folder.resolve("notes"), "my notes\n");

    assertThatThrownBy(() -> ResultsFile.open(file, true, "r1", terminal))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("line 1");
    assertThat(Files.readString(file)).isEqualTo("my notes\n");
  }

  @Test
  void aFileThatIsOnlyClaimedStaysAsItWas() throws Exception {
    Path file = Files.writeString(folder.resolve("out"), "what there was\n");
    try (ResultsFile.Claim _ = ResultsFile.claim(file)) {
      assertThatThrownBy(() -> ResultsFile.claim(file)).hasMessageContaining("another process");
    }
    assertThat(file).hasContent("what there was\n");
    ResultsFile.claim(file).close();
    Path none = folder.resolve("none");
    ResultsFile.claim(none).close();
    assertThat(none).doesNotExist();
  }

  @Test
  void resultsInAnyOrderComeOutInOrder() throws Exception {
    long seed = new Random().nextLong();
    List<Result> shuffled = new ArrayList<>();
    for (int id = 1; id <= 500; id++) {
      shuffled.add(result(0, String.valueOf(id)));
    }
    Collections.shuffle(shuffled, new Random(seed));
    Ids ids = new Ids();
    InOrder order = new InOrder(ids, 1, sequence -> shuffled.get((int) sequence - 1));

    for (int i = 0; i < shuffled.size(); i++) {
      order.accept(result(i + 1, shuffled.get(i).id()));
      long safe = order.safe(i + 1);
      // What may be forgotten has been passed on.
      for (int j = 0; j < safe; j++) {
        assertThat(ids.ids).as("seed %d", seed).contains(shuffled.get(j).id());
      }
    }

    assertThat(ids.ids).hasSize(500);
    assertThat(ids.ids.stream().mapToInt(Integer::parseInt)).as("seed %d", seed).isSorted();
  }

  @Test
  void anAwaitedIdCanBeSkippedAndComeLater() throws Exception {
    Ids ids = new Ids();
    InOrder order = new InOrder(ids, 1, sequence -> result(sequence, "?"));
    order.accept(result(1, "2"));
    assertThat(order.awaited()).isEqualTo(1);
    order.skip(1);
    order.accept(result(2, "1"));

    assertThat(ids.ids).containsExactly("2", "1");
    assertThatThrownBy(() -> order.accept(result(3, "file.txt")))
        .hasMessageContaining("--in-order");
  }
}
