package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log of each attempt, held against the one that GNU parallel writes and reads. */
class JoblogIT {

  private static final String ODD =
      "a b\nit's\nc\"d\n-n\n$(touch gone)\n\u00e4;`id`\n* ?\n~x\n\ttab\na=b,c@d:e%f\n";

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended run(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("run", "-q", "j", "-p", "1"));
    all.addAll(List.of("--from", piecework.file("list").toString()));
    all.addAll(List.of("--joblog", piecework.file("ours").toString()));
    all.addAll(List.of(words));
    return piecework.here(all.toArray(String[]::new));
  }

  private Piecework.Ended parallel(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("parallel", "-j1", "-a", "list"));
    all.addAll(List.of(words));
    return piecework.startProgram(all.toArray(String[]::new)).end();
  }

  private List<String> log(String name) throws Exception {
    return Files.readString(piecework.file(name), StandardCharsets.UTF_8).lines().toList();
  }

  @Needs("parallel")
  @ParameterizedTest
  @ValueSource(strings = {"echo \"$1\"; exit 3", "printf %s \"$1\"; kill -9 $$", "exit 137"})
  void itsColumnsAreThoseOfGnuParallel(String program) throws Exception {
    piecework.write("list", ODD);

    // Some shells stay between it and the command, and hide the signal.
    piecework.with("PARALLEL_SHELL", "/bin/bash");
    parallel("--joblog", "theirs", "-q", "sh", "-c", program, "sh", "{}");
    run("--attempts", "1", "--", "sh", "-c", program, "sh", "{}").expect(1);

    List<String> theirs = log("theirs");
    List<String> ours = log("ours");
    assertThat(ours).hasSameSizeAs(theirs).first().isEqualTo(theirs.getFirst());
    for (int i = 1; i < ours.size(); i++) {
      String[] one = ours.get(i).split("\t", 9);
      String[] other = theirs.get(i).split("\t", 9);
      assertThat(one).hasSameSizeAs(other);
      for (int column : List.of(0, 1, 4, 5, 6, 7, 8)) {
        assertThat(one[column]).as("line %d, column %d", i, column).isEqualTo(other[column]);
      }
      assertThat(one[2]).matches("\\d{10}\\.\\d{3}");
      assertThat(one[3]).hasSize(10).matches(" *\\d+\\.\\d{3}");
    }
  }

  @Test
  @Needs("parallel")
  void gnuParallelGoesOnFromIt() throws Exception {
    piecework.write("list", "a b\nc\n");
    run("--attempts", "1", "--", "sh", "-c", "[ \"$1\" = c ]", "sh", "{}").expect(1);
    piecework.write("list", "a b\nc\nd\n");

    // The third is not in the log; the first has failed, and its command is in the last column.
    assertThat(parallel("--resume", "--joblog", "ours", "echo", "now", "{}").out())
        .isEqualTo("now d\n");
    Piecework.Ended failed =
        piecework.startProgram("parallel", "--retry-failed", "--dry-run", "--joblog", "ours").end();
    assertThat(failed.out()).isEqualTo("sh -c '[ \"$1\" = c ]' sh 'a b'\n");
  }

  @Test
  void itHasALineForEachAttemptAndGoesOnWhereItWasCut() throws Exception {
    piecework.write("list", "a\nb\n");
    String once = "[ -e " + piecework.file("$1") + " ] || { touch " + piecework.file("$1");
    piecework.write("ours", "what was there");
    run("--attempts", "2", "--backoff", "1ms..1ms", "--sh", once + "; exit 7; }").expect(0);

    List<String> first = log("ours");
    assertThat(first).hasSize(5).first().asString().startsWith("Seq\tHost\t");
    assertThat(first.stream().map(line -> line.split("\t", 9)[6]))
        .containsExactlyInAnyOrder("Exitval", "7", "7", "0", "0");
    Files.writeString(piecework.file("ours"), "3\t:\t17", StandardOpenOption.APPEND);
    piecework.write("list", "a\nb\nc\n");

    var resumed = run("--resume", "--", "true").expect(0);

    assertThat(resumed.err()).contains("cut a torn last line");
    assertThat(log("ours")).hasSize(6).startsWith(first.toArray(String[]::new));
    assertThat(log("ours").getLast()).startsWith("3\t:\t").endsWith("\t0\t0\ttrue c");
  }

  @Test
  void aFullDiskIsSaidOnceAndResumeCompletesIt() throws Exception {
    StringBuilder list = new StringBuilder();
    for (int i = 1; i <= 200; i++) {
      list.append("item").append(i).append('\n');
    }
    piecework.write("list", list.toString());
    piecework.here("fill", "other", "so that its Redis runs, without the limit").expect(0);
    String run =
        "exec \"$PIECEWORK\" run -q j -p 2 --from list --joblog ours --output-dir out --in-order"
            + " --resume --sh 'echo did $1; echo err $1 >&2'";

    // 4 KiB are less than 200 lines.
    var full = piecework.startProgram("bash", "-c", "ulimit -f 4; " + run).end().expect(74);
    assertThat(full.err().lines().filter(line -> line.contains("joblog")))
        .singleElement()
        .asString()
        .contains("cannot write to joblog ours: File too large; make room, then continue with")
        .contains("--resume -q j");
    assertThat(Files.readString(piecework.file("ours"))).endsWith("\n");

    var rest = piecework.startProgram("bash", "-c", run).end().expect(0);
    List<String> printed = new ArrayList<>(full.lines());
    printed.addAll(rest.lines());
    assertThat(printed).hasSize(200).doesNotHaveDuplicates();
    assertThat(log("ours").stream().skip(1).map(line -> line.split("\t", 9)[0]))
        .hasSize(200)
        .doesNotHaveDuplicates();
    for (int i = 1; i <= 200; i++) {
      Path item = piecework.file("out").resolve(String.valueOf(i));
      assertThat(Files.readString(item.resolve("stdout"))).isEqualTo("did item" + i + "\n");
      assertThat(Files.readString(item.resolve("stderr"))).isEqualTo("err item" + i + "\n");
      assertThat(Files.readString(item.resolve("meta.json"))).contains("\"exitCode\":0");
      try (var files = Files.list(item)) {
        assertThat(files).hasSize(3);
      }
    }
  }

  @Test
  void whatIsNoJoblogIsRefused() throws Exception {
    piecework.write("list", "a\n");
    piecework.write("ours", "Seq,Host\n");
    assertThat(run("--resume", "--", "true").expect(2).err())
        .contains("ours is no joblog: its first line is not the header of one");
    assertThat(log("ours")).containsExactly("Seq,Host");
    assertThat(run("--child", "--", "cat").expect(2).err()).contains("--joblog is about commands");
    String list = piecework.file("list").toString();
    assertThat(
            piecework
                .here("run", "--from", list, "--joblog", "/nowhere/ours", "--", "true")
                .expect(2)
                .err())
        .contains("joblog /nowhere/ours: there is no folder /nowhere");
  }
}
