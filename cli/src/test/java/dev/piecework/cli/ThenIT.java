package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is done once when all is drained. */
class ThenIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private String path(String name) {
    return piecework.file(name).toString();
  }

  private String text(String name) throws Exception {
    return Files.readString(piecework.file(name));
  }

  /** Runs {@code echo r-ITEM} for what is in list, and dies of "bad". */
  private Piecework.Ended run(String then, String... more) throws Exception {
    String[] words = new String[more.length + 11];
    System.arraycopy(
        new String[] {"run", "-q", "q", "-p", "2", "--attempts", "1", "--from", path("list")},
        0,
        words,
        0,
        9);
    words[9] = "--then";
    words[10] = then;
    System.arraycopy(more, 0, words, 11, more.length);
    String[] all = java.util.Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--sh";
    all[words.length + 1] = "[ \"$1\" != bad ] && echo \"r-$1\"";
    return piecework.here(all);
  }

  private static String countedTo(String file) {
    return "echo \"$PIECEWORK_QUEUE $PIECEWORK_DONE $PIECEWORK_DEAD $PIECEWORK_TOTAL"
        + " $PIECEWORK_ATTEMPT\" >'"
        + file
        + "'; sort >>'"
        + file
        + "'";
  }

  @Test
  void resultsComeOnItsStdinAndWhatItPrintsIsPassedOn() throws Exception {
    piecework.write("list", "a\nb\n");
    var ended = run(countedTo(path("got")) + "; echo out; echo err >&2").expect(0);
    assertThat(ended.lines()).containsExactlyInAnyOrder("r-a", "r-b", "out").endsWith("out");
    assertThat(ended.err()).contains("err\n").doesNotContain("gone back in time");
    assertThat(text("got"))
        .startsWith("q 2 0 2 1\n")
        .contains("\"payload\":\"a\"", "\"result\":\"r-a\\n\"", "\"result\":\"r-b\\n\"")
        .hasLineCount(3);
    assertThat(piecework.here("results", "q").expect(0).out()).as("they were printed").isEmpty();
  }

  @Test
  void deadItemsHaveTheirRowAndTheResultsFileIsRead() throws Exception {
    piecework.write("list", "a\nbad\n");
    var ended = run("cat >'" + path("got") + "'", "--results", path("rows.jsonl")).expect(1);
    assertThat(ended.out()).isEmpty();
    assertThat(text("got")).isEqualTo(text("rows.jsonl"));
    assertThat(text("got")).contains("\"state\":\"dead\"").hasLineCount(2);
  }

  @Test
  void aFailureIsExitSixAndIsTriedAgainByAResume() throws Exception {
    piecework.write("list", "a\nbad\n");
    var failed = run("exit 3").expect(6);
    assertThat(failed.err()).contains("--then failed: exit code 3", "--resume -q q");
    assertThat(failed.out()).isEqualTo("r-a\n");
    assertThat(run("true").expect(2).err()).contains("unfinished");
    var again = run(countedTo(path("got")), "--resume").expect(1);
    assertThat(again.out()).as("not printed again").isEmpty();
    assertThat(text("got")).startsWith("q 1 1 2 2\n").contains("r-a").hasLineCount(3);
    var done = run("echo twice", "--resume").expect(1);
    assertThat(done.out()).isEmpty();
  }

  /** Of such a run nothing is left in Redis by which it could be told from one that is over. */
  @Test
  void withAResultsFileItIsNotBegunAnewEither() throws Exception {
    piecework.write("list", "a\n");
    String rows = path("rows.jsonl");
    run("exit 3", "--results", rows).expect(6);
    assertThat(run("true", "--results", rows).expect(2).err())
        .contains("an unfinished run (its --then has not succeeded); --resume continues it")
        .hasLineCount(1);
    run(countedTo(path("got")), "--results", rows, "--resume").expect(0);
    assertThat(text("got")).startsWith("q 1 0 1 2\n").hasLineCount(2);
    run("true", "--results", rows).expect(0);
  }

  @Test
  void whereItMakesNoSenseItIsRefused() throws Exception {
    piecework.write("list", "a\n");
    refused("is nothing to run", run(" "));
    refused("JSON lines", run("true", "--results", path("x.csv")));
    refused("needs a file", run("true", "--results", "/dev/null"));
    refused("--forever", piecework.here("work", "q", "--forever", "--then", "true", "--", "true"));
    refused(
        "--leave-early",
        piecework.here("work", "q", "--leave-early", "--then", "true", "--", "true"));
  }

  private static void refused(String why, Piecework.Ended ended) {
    assertThat(ended.expect(2).err()).contains(why).hasLineCount(1);
  }

  @Test
  @Tag("process")
  void anotherWorkerTakesOverFromOneThatIsKilled() throws Exception {
    piecework.here("fill", "q", "a", "b", "--lease-timeout", "1s").expect(0);
    var first =
        piecework.start(
            "work", "q", "--then", "echo $$ >'" + path("pid") + "'; sleep 3600", "--", "echo");
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> Files.exists(piecework.file("pid")) && !text("pid").isBlank());
    first.signal("KILL");
    first.end();
    var second =
        piecework
            .here("work", "q", "-o", "json", "--then", countedTo(path("got")), "--", "echo")
            .expect(0);
    assertThat(text("got")).startsWith("q 2 0 2 2\n").contains("\"a\\n\"").hasLineCount(3);
    assertThat(second.out()).startsWith("{\"queue\":\"q\"").hasLineCount(1);
    long pid = Long.parseLong(text("pid").strip());
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    var late = piecework.here("work", "q", "--then", "echo twice", "--", "echo").expect(0);
    assertThat(late.out() + late.err()).contains("--then has been run").doesNotContain("twice");
  }

  @Test
  @Tag("process")
  void whoIsInterruptedGivesItBackAtOnce() throws Exception {
    piecework.here("fill", "q", "a", "--lease-timeout", "1h").expect(0);
    var first =
        piecework.start(
            "work", "q", "--then", "touch '" + path("on") + "'; exec sleep 3600", "--", "echo");
    await().atMost(Piecework.TIMEOUT).until(() -> Files.exists(piecework.file("on")));
    first.signal("INT");
    first.end().expect(130);
    piecework.here("work", "q", "--then", countedTo(path("got")), "--", "echo").expect(0);
    assertThat(text("got")).startsWith("q 1 0 1 2\n").hasLineCount(2);
  }
}
