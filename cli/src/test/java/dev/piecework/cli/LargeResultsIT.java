package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Results of any size: each above 1 MiB is a file of its own. */
class LargeResultsIT {

  private static final String RUN = "run -q bag -p 1 --from list --results out.jsonl ";

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended bash(String text) throws Exception {
    return piecework.startProgram("bash", "-c", text).end();
  }

  private List<String> rows() throws IOException {
    return Files.readAllLines(piecework.file("out.jsonl"));
  }

  private List<String> files() throws IOException {
    try (var all = Files.list(piecework.file("out.jsonl.d"))) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private String named(String row) {
    return row.replaceAll(".*\"resultFile\":\"([^\"]*)\".*", "$1");
  }

  /** Three times as much as fits into the heap, let alone in one piece. */
  @Test
  void aResultThatNoHeapHoldsIsAFileOfItsOwnByteByByte() throws Exception {
    piecework.write("list", "22500000\n3\n");
    var ended =
        bash(
            "export PIECEWORK_JAVA_OPTS=-Xmx64m; \"$PIECEWORK\" "
                + RUN
                + "--result-max 4GiB -- seq && sha256sum <out.jsonl.d/1.*.result"
                + " && seq 22500000 | sha256sum");
    ended.expect(0);
    assertThat(ended.lines()).hasSize(2);
    assertThat(ended.lines().getFirst()).isEqualTo(ended.lines().getLast());
    assertThat(rows()).hasSize(2);
    assertThat(rows().getFirst())
        .contains("\"resultFile\":\"out.jsonl.d/1.", "\"resultBytes\":191388897")
        .doesNotContain("\"result\"");
    assertThat(piecework.file(named(rows().getFirst()))).hasSize(191_388_897);
    assertThat(rows().getLast()).contains("\"result\":\"1\\n2\\n3\\n\"");
    assertThat(files()).hasSize(1);

    piecework.write("list", "5\n");
    bash("\"$PIECEWORK\" " + RUN + "--fresh -- seq").expect(0);
    assertThat(piecework.file("out.jsonl.d")).as("begun anew").doesNotExist();
  }

  @Test
  void aFullDiskEndsTheRunAndAResumeCompletesIt() throws Exception {
    piecework.write("list", "3\n1000000\n4\n");
    piecework.here("fill", "other", "so that the server runs, without the limit").expect(0);
    var full = bash("ulimit -f 3000; exec \"$PIECEWORK\" " + RUN + "--result-max 1GiB -- seq");
    full.expect(74);
    assertThat(full.err())
        .containsOnlyOnce("cannot write result file ")
        .contains("/out.jsonl.d/.2.", ": File too large; make room, then", "--resume -q bag");
    assertThat(rows()).hasSize(1);
    assertThat(piecework.file("out.jsonl.d")).isEmptyDirectory();

    bash("\"$PIECEWORK\" " + RUN + "--resume --result-max 1GiB -- seq").expect(0);
    assertThat(rows()).hasSize(3);
    assertThat(bash("seq 1000000 | cmp - " + named(rows().get(1))).expect(0).out()).isEmpty();
    assertThat(files()).hasSize(1);
  }

  @Test
  void aKilledRunLeavesAPartOfAFileThatTheResumeRemoves() throws Exception {
    piecework.write("list", "a\nb\n");
    String command =
        "--result-max 1GiB --sh 'seq 300000; [ $1 = a ] || [ -e go ] || sleep 600; seq 300000'";
    var killed = piecework.startProgram("bash", "-c", "exec \"$PIECEWORK\" " + RUN + command);
    Path out = piecework.file("out.jsonl");
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() ->
            Files.exists(out)
                && rows().size() == 1
                && files().stream().anyMatch(name -> name.matches("\\.2\\.\\d+\\.partial")));
    killed.signal("KILL");
    killed.end();
    // As one that was whole, and killed before it could say so.
    piecework.write("out.jsonl.d/2.99.result", "cut off");
    piecework.write("go", "");

    bash("\"$PIECEWORK\" " + RUN + "--resume " + command).expect(0);
    assertThat(rows()).hasSize(2).allMatch(row -> row.contains("\"resultBytes\":3977790"));
    assertThat(files())
        .as("nothing but what the lines name")
        .containsExactlyInAnyOrderElementsOf(
            rows().stream().map(row -> named(row).substring("out.jsonl.d/".length())).toList())
        .doesNotContain("2.99.result");
  }

  @Test
  void whatRedisCannotHoldIsRefusedBeforeAnythingIsBegun() throws Exception {
    piecework.write("list", "1\n");
    for (String verb :
        List.of(
            "run --from list --result-max 4GiB -- touch ran",
            "run --from list --results out.jsonl --child --result-max 4GiB -- touch ran",
            "run --from list --results /dev/stdout --result-max 4GiB -- touch ran",
            "work q --result-max 4GiB -- touch ran")) {
      var refused = piecework.run(verb.split(" ")).expect(2);
      assertThat(refused.err()).contains("result-max is at most 512m, not 4g", "--results FILE");
    }
    assertThat(piecework.file("ran")).doesNotExist();
  }
}
