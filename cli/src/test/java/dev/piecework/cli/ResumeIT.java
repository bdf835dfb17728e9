package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that was interrupted or killed half way, and what comes after. */
class ResumeIT {

  private static final int ITEMS = 240;

  /** The last 40 wait for a "go", so that the signal finds work left, however late it comes. */
  private static final String PROGRAM =
      "[ $1 -le 200 ] || until [ -e go ]; do sleep 0.05; done; factor $1";

  @RegisterExtension final Piecework piecework = new Piecework();

  private String[] run(String... more) {
    List<String> words = new ArrayList<>(List.of("run", "-p", "2", "--from", "in"));
    words.addAll(List.of("--results", "out.jsonl", "--grace", "1s"));
    words.addAll(List.of(more));
    words.addAll(List.of("--sh", PROGRAM));
    return words.toArray(String[]::new);
  }

  private void writeInput() throws Exception {
    piecework.write(
        "in",
        IntStream.rangeClosed(1, ITEMS)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining("\n", "", "\n")));
  }

  private long lines(Path file) throws Exception {
    if (!Files.exists(file)) {
      return 0;
    }
    try (var lines = Files.lines(file)) {
      return lines.count();
    }
  }

  /**
   * The signal is to come while commands begin and end, not when the last ones wait: so it is
   * looked at more often than is usual.
   */
  private void awaitSomeLines(Path out) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Piecework.TIMEOUT)
        .until(() -> lines(out) > 20);
  }

  private void assertCompleteAndOnce(Path file) throws Exception {
    List<String> ids =
        Files.readAllLines(file).stream()
            .map(line -> line.replaceAll("\\{\"id\":\"(\\d+)\".*", "$1"))
            .toList();
    assertThat(ids).doesNotHaveDuplicates().hasSize(ITEMS);
    String direct = piecework.startProgram("sh", "-c", "factor < in | sort").end().expect(0).out();
    String ours =
        Files.readAllLines(file).stream()
            .map(line -> line.replaceAll(".*\"result\":\"([^\"\\\\]*)\\\\n\".*", "$1"))
            .sorted()
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(ours.lines()).containsExactlyInAnyOrderElementsOf(direct.lines().toList());
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "KILL, 137"})
  void onlyWhatIsMissingIsDoneAfter(String signal, int code) throws Exception {
    writeInput();
    Path out = piecework.file("out.jsonl");
    Piecework.Started first = piecework.startInGroup(run());
    awaitSomeLines(out);
    first.signalGroup(signal);
    var ended = first.end().expect(code);
    if (code != 137) {
      assertThat(ended.err()).contains("interrupted", "--resume");
    }
    long before = lines(out);
    assertThat(before).isLessThan(ITEMS);

    var refused = piecework.run(run()).expect(2);
    assertThat(refused.err()).contains("--resume", "--fresh").hasLineCount(1);
    assertThat(lines(out)).isEqualTo(before);

    piecework.write("go", "");
    piecework.run(run("--resume")).expect(0);
    assertCompleteAndOnce(out);
  }

  @Test
  void aTornLastLineIsCutAndWrittenAgain() throws Exception {
    writeInput();
    Path out = piecework.file("out.jsonl");
    Piecework.Started first = piecework.startInGroup(run());
    awaitSomeLines(out);
    first.signalGroup("KILL");
    first.end();
    // As if the machine had died in the middle of a write that was never synced.
    Files.writeString(out, "{\"id\":\"29", StandardOpenOption.APPEND);

    piecework.write("go", "");
    var ended = piecework.run(run("--resume")).expect(0);

    assertThat(ended.err()).contains("torn");
    assertCompleteAndOnce(out);
  }

  @Test
  void freshDropsWhatThereWas() throws Exception {
    writeInput();
    Path out = piecework.file("out.jsonl");
    Piecework.Started first = piecework.startInGroup(run());
    awaitSomeLines(out);
    first.signalGroup("KILL");
    first.end();

    piecework.write("go", "");
    piecework.run(run("--fresh")).expect(0);
    assertCompleteAndOnce(out);
  }

  @Test
  void twoRunsOfOneNameAtOnceAreOneTooMany() throws Exception {
    piecework.write("in", "1\n2\n");
    String[] slow = {
      "run", "-q", "x", "--from", "in", "--sh", "while [ ! -e go ]; do sleep 0.05; done"
    };
    Piecework.Started first = piecework.start(slow);
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.here("status", "x").out().contains("2 leased"));

    var second = piecework.run(slow).expect(2);

    assertThat(second.err()).contains("being run already").hasLineCount(1);
    piecework.write("go", "");
    first.end().expect(0);
  }

  @Test
  void aStreamIsContinuedByItsName() throws Exception {
    writeInput();
    piecework.with("PROGRAM", PROGRAM);
    Piecework.Started first =
        piecework.startProgram(
            "setsid",
            "sh",
            "-c",
            "\"$PIECEWORK\" run -q s -p 2 --results out.jsonl --sh \"$PROGRAM\" < in");
    Path out = piecework.file("out.jsonl");
    awaitSomeLines(out);
    first.signalGroup("KILL");
    first.end();

    piecework.write("go", "");
    byte[] input = Files.readAllBytes(piecework.file("in"));
    piecework
        .runWith(
            input,
            "run",
            "--resume",
            "-q",
            "s",
            "-p",
            "2",
            "--results",
            "out.jsonl",
            "--sh",
            PROGRAM)
        .expect(0);
    assertCompleteAndOnce(out);
  }

  @Test
  void aListUnderAnotherPathIsSaidToComeOnTop() throws Exception {
    piecework.write("old", "1\n2\n");
    piecework.run("run", "-q", "x", "--from", "old", "--", "echo").expect(0);
    Files.move(piecework.file("old"), piecework.file("new"));

    var renamed = piecework.run("run", "-q", "x", "--resume", "--from", "new", "--", "echo");
    piecework.write("new", "1\n2\n3\n");
    var grown = piecework.run("run", "-q", "x", "--resume", "--from", "new", "--", "echo");

    assertThat(renamed.expect(0).err()).contains("/new yet: its items come on top of the 2 items");
    assertThat(grown.expect(0).err()).doesNotContain("on top").contains("5 done");
  }
}
