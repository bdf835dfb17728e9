package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose output a line is, and when it comes: docs/commands.md. */
class OwnOutputIT {

  private static final String TWO_LINES = "printf 'a\\nb'; echo bad >&2";

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended run(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("run", "-p", "1"));
    if (!Files.exists(piecework.file("list"))) {
      piecework.write("list", "x\n\u001b[2J\n");
    }
    all.addAll(List.of("--from", piecework.file("list").toString()));
    all.addAll(List.of(options));
    return piecework.here(all.toArray(String[]::new));
  }

  @Test
  void aTagSaysWhoseALineIs() throws Exception {
    var ended = run("--tag", "--sh", TWO_LINES).expect(0);

    assertThat(ended.lines()).containsExactly("x\ta", "x\tb", "\\x1b[2J\ta", "\\x1b[2J\tb");
    assertThat(ended.err()).contains("x\tbad\n", "\\x1b[2J\tbad\n");
    assertThat(run("--tag-format", "{id}.{attempt}", "--sh", TWO_LINES).expect(0).lines())
        .containsExactly("1.1\ta", "1.1\tb", "2.1\ta", "2.1\tb");
  }

  @Test
  void linesComeOnceAndAreWholeWhenTheyAreLive() throws Exception {
    String results = piecework.file("out.jsonl").toString();

    var ended =
        run("--live", "--tag-format", "{slot}", "--results", results, "--sh", TWO_LINES).expect(0);

    assertThat(ended.lines()).containsExactly("1\ta", "1\tb", "1\ta", "1\tb");
    assertThat(Files.readString(piecework.file("out.jsonl"))).contains("\"result\":\"a\\nb\"");
    assertThat(run("--live", "--sh", TWO_LINES).expect(0).lines())
        .containsExactly("a", "b", "a", "b");
  }

  @Test
  void aLiveLineIsThereBeforeItsCommandHasEnded() throws Exception {
    piecework.write("list", "x\n");
    String waits = "echo first; until [ -e go ]; do sleep 0.05; done; echo last";
    var run = piecework.start("run", "--from", "list", "-p", "2", "--live", "--tag", "--sh", waits);

    run.awaitOut("x\tfirst\n");
    assertThat(run.isAlive()).isTrue();
    piecework.write("go", "");

    assertThat(run.end().expect(0).lines()).containsExactly("x\tfirst", "x\tlast");
  }

  @Test
  void aWorkerTagsAndPassesOnToo() throws Exception {
    piecework.here("fill", "q", "x", "y").expect(0);

    var worked =
        piecework.here("work", "q", "--slots", "1", "--live", "--tag", "--sh", TWO_LINES).expect(0);

    assertThat(worked.lines()).containsExactly("x\ta", "x\tb", "y\ta", "y\tb");
    assertThat(worked.err()).contains("x\tbad\n", "y\tbad\n");
    assertThat(piecework.here("results", "q", "-o", "raw").expect(0).lines())
        .containsExactly("a", "b", "a", "b");
  }

  @Test
  void stderrIsQuietWhenAskedAndKeptAllTheSame() throws Exception {
    var ended = run("-q", "f", "--quiet-stderr", "--sh", "echo bad >&2; exit 65").expect(1);

    assertThat(ended.err()).doesNotContain("\nbad").doesNotStartWith("bad");
    assertThat(piecework.here("items", "f", "--state", "dead").expect(0).out())
        .contains("exit code 65: bad");
  }

  @Test
  @Needs("script")
  void onATerminalStderrOfSeveralSlotsIsTagged() throws Exception {
    piecework.write("list", "x\ny\n");
    String run = "exec \"$PIECEWORK\" run --from list -p 2 ";

    var tagged = piecework.startProgram("script", "-qec", run + "--sh 'echo e >&2'", "/dev/null");
    assertThat(tagged.end().out()).contains("x\te", "y\te");
    var plain =
        piecework.startProgram("script", "-qec", run + "--no-tag --sh 'echo e >&2'", "/dev/null");
    assertThat(plain.end().out()).doesNotContain("\te");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --tag --batch 2 -- echo             | a command has several items
          run --tag-format {id} --child -- cat    | a command has several items
          run --live --child -- cat               | a child prints answers
          run --live --in-order -- echo           | leave out one of them
          run --no-tag --tag-format {id} -- echo  | --tag-format is a --tag
          run --tag-format {slot} -- echo         | use --live
          run -f job.yaml --tag                   | does not go with --tag
          work q --tag -o json -- echo            | -o json for programs
          work q --live -o json -- echo           | -o json for programs
          """)
  void whatMakesNoSenseIsRefused(String words, String why) throws Exception {
    assertThat(piecework.here(words.split(" ")).expect(2).err()).hasLineCount(1).contains(why);
  }
}
