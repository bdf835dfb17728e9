package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One file answers everything: a row for each item, of what is done and of what is dead. */
class RowsIT {

  /** Until there is a file of that name, what is not fine fails. */
  private static final String PROGRAM =
      "echo did $1; printf 'said, \"%s\"' $1 >&2; [ -e $2 ] && exit; case $1 in bad) exit 65;;"
          + " killed) kill -9 $$;; esac";

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended run(String file, String... options) throws Exception {
    piecework.write("list", "fine\nbad\nkilled\n");
    List<String> all = new ArrayList<>(List.of("run", "-q", "r", "-p", "1", "--attempts", "1"));
    all.addAll(List.of("--from", piecework.file("list").toString()));
    all.addAll(List.of("--results", piecework.file(file).toString()));
    all.addAll(List.of(options));
    all.addAll(List.of("--", "sh", "-c", PROGRAM, "sh", "{}", piecework.file("go").toString()));
    return piecework.here(all.toArray(String[]::new));
  }

  private List<String> rows(String file) throws Exception {
    return Files.readAllLines(piecework.file(file));
  }

  @Test
  void aFileHasHowEachItemEndedAndEachOnce() throws Exception {
    run("out.jsonl").expect(1);

    List<String> rows = rows("out.jsonl");
    assertThat(rows).hasSize(3);
    assertThat(rows.getFirst())
        .contains("\"payload\":\"fine\",\"result\":\"did fine\\n\",\"attempts\":1,")
        .contains("\"state\":\"done\",\"exitCode\":0,\"signal\":0,")
        .contains("\"stderr\":\"said, \\\"fine\\\"\"");
    assertThat(rows)
        .anySatisfy(row ->
            assertThat(row)
                .contains("\"payload\":\"bad\",\"attempts\":1,\"worker\":\"", "\"started\":\"2")
                .containsPattern("\"milliseconds\":\\d")
                .contains("\"state\":\"dead\",\"exitCode\":65,\"signal\":0,")
                .contains("\"stderr\":\"said, \\\"bad\\\"\",\"error\":\"exit code 65\","))
        .anySatisfy(row ->
            assertThat(row)
                .contains("\"payload\":\"killed\",", "\"exitCode\":137,\"signal\":9,")
                .contains("\"error\":\"exit code 137 (SIGKILL)\""));

    assertThat(run("out.jsonl", "--resume").expect(1).err()).contains("not tried again");
    assertThat(rows("out.jsonl")).hasSize(3);
    piecework.write("go", "");
    run("out.jsonl", "--resume", "--retry-dead").expect(0);
    assertThat(rows("out.jsonl"))
        .hasSize(3)
        .allSatisfy(row -> assertThat(row).contains("\"state\":\"done\""));
  }

  @Test
  void aFileOfThatNameIsCsvAndIsContinued() throws Exception {
    run("out.csv").expect(1);
    List<String> rows = rows("out.csv");
    assertThat(rows).hasSize(5); // a result ends with a newline, and an error is on one line
    assertThat(rows.getFirst())
        .isEqualTo(
            "id,payload,result,attempts,worker,started,milliseconds,base64,state,exitCode,signal,"
                + "stderr,error,run");
    assertThat(String.join("\n", rows))
        .contains("1,fine,\"did fine\n\",1,", ",,done,0,0,\"said, \"\"fine\"\"\",,")
        .contains(",,dead,65,0,\"said, \"\"bad\"\"\",exit code 65,");

    Files.writeString(piecework.file("out.csv"), "2,\"torn", StandardOpenOption.APPEND);
    piecework.write("go", "");
    assertThat(run("out.csv", "--resume", "--retry-dead").expect(0).err()).contains("torn");
    String all = Files.readString(piecework.file("out.csv"));
    assertThat(all).doesNotContain("torn", "dead");
    assertThat(Stream.of("1,fine,", "2,bad,", "3,killed,").filter(all::contains)).hasSize(3);
    assertThat(all.split(",done,0,0,")).hasSize(4);

    piecework.write("other.csv", "id\n1\n");
    assertThat(run("other.csv", "--resume").expect(2).err()).contains("is no result of piecework");
  }

  @Test
  void theQueueTellsTheSameAndWhereItsResultsWent() throws Exception {
    piecework.here("fill", "q", "fine", "bad").expect(0);
    String[] work = {"work", "q", "--slots", "1", "--", "sh", "-c", PROGRAM, "sh", "{}", "/no"};
    piecework.here(work).expect(0);
    assertThat(piecework.here("results", "q").expect(0).lines())
        .hasSize(2)
        .last()
        .asString()
        .contains("\"id\":\"2\"", "\"started\":null,\"milliseconds\":null,\"state\":\"dead\"")
        .contains("\"exitCode\":65,\"signal\":0,\"stderr\":\"said, \\\"bad\\\"\"");
    assertThat(piecework.here("results", "q", "-o", "csv").expect(0).out())
        .contains(",dead,65,0,\"said, \"\"bad\"\"\",exit code 65\n");
    assertThat(piecework.here("results", "q", "-o", "raw").expect(0).lines())
        .containsExactly("did fine");

    piecework.write("go", "");
    run("out.jsonl").expect(0);
    assertThat(piecework.here("results", "r").expect(0).err())
        .contains("the results of queue 'r' went to " + piecework.file("out.jsonl"));
  }
}
