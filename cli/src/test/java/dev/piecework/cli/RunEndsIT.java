package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a run ends other than by being done, and how it goes on after that. */
class RunEndsIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended run(String list, String... more) throws Exception {
    piecework.write("list", list);
    List<String> words =
        new ArrayList<>(
            List.of("run", "-q", "bag", "-p", "1", "--from", "list", "--results", "out.jsonl"));
    words.addAll(List.of(more));
    words.addAll(List.of("--", "echo", "did"));
    return piecework.run(words.toArray(String[]::new));
  }

  private List<String> results() throws Exception {
    return Files.readAllLines(piecework.file("out.jsonl")).stream()
        .map(line -> line.replaceAll(".*\"result\":\"([^\"\\\\]*).*", "$1"))
        .toList();
  }

  @Test
  void aResumeDoesWhatTheListOfAFinishedRunHasGrownBy() throws Exception {
    run("a\n").expect(0);
    assertThat(run("a\nb\nc\n", "--resume").expect(0).err()).contains("3 done");
    assertThat(results()).containsExactly("did a", "did b", "did c");
    run("a\nb\nc\n", "--resume").expect(0);
    assertThat(results()).as("nothing twice").hasSize(3);
  }

  @Test
  void aResumeRefusesAListWhoseBeginningHasChangedWithItsLine() throws Exception {
    run("a\nb\n").expect(0);
    assertThat(run("a\nx\nc\n", "--resume").expect(2).err()).contains("record 2", "--fresh");
    assertThat(run("a\n", "--resume").expect(2).err()).contains("record 1, there were 2");
    assertThat(results()).containsExactly("did a", "did b");
    assertThat(run("a\nb\nc\n", "--resume").expect(0).err()).contains("3 done");
    assertThat(results()).containsExactly("did a", "did b", "did c");
    run("x\n").expect(0);
    assertThat(results())
        .as("without --resume a finished run is begun anew")
        .containsExactly("did x");
  }

  @Test
  void aResumeOfARunThatIsNotThereLeavesItsResultsWhereTheyAre() throws Exception {
    run("a\nb\n").expect(0);
    // As if Redis had lost its state; a typo in the name comes to the same.
    piecework.here("purge", "bag", "--yes").expect(0);
    assertThat(run("c\n", "--resume").expect(0).err())
        .contains("there is no run 'bag' to resume", "what is in out.jsonl stays there");
    assertThat(results()).containsExactly("did a", "did b", "did c");
  }

  @Test
  void whatIsRefusedLeavesAFinishedRunAndItsResultsAsTheyWere() throws Exception {
    run("a\n").expect(0);
    piecework.write("list", "{\"n\": 1}\n");
    String[] begin = {"run", "-q", "bag", "--from", "list", "--results", "out.jsonl"};
    for (List<String> refused :
        List.of(
            List.of("-p", "10001", "--", "echo"),
            List.of("--child", "--", "echo", "{}"),
            List.of("--format", "jsonl", "--id", "id", "--", "echo"))) {
      List<String> words = new ArrayList<>(List.of(begin));
      words.addAll(refused);
      piecework.run(words.toArray(String[]::new)).expect(2);
      assertThat(results()).as("%s", refused).containsExactly("did a");
    }
    try (FileChannel out = FileChannel.open(piecework.file("out.jsonl"), StandardOpenOption.WRITE);
        FileLock _ = out.lock()) {
      assertThat(run("a\n").expect(2).err()).contains("another process is writing to");
    }
    assertThat(piecework.here("status", "bag").expect(0).out()).contains("1 done");
    assertThat(results()).containsExactly("did a");
  }

  @Test
  void aRunWhoseCommandHasGoneEndsAndAResumeGoesOn() throws Exception {
    piecework.write("once", "#!/bin/sh\necho got $1\nrm -- \"$0\"\n");
    assertThat(piecework.file("once").toFile().setExecutable(true)).isTrue();
    piecework.write("list", "1\n2\n3\n");
    String[] run = {"run", "-q", "bag", "-p", "1", "--from", "list", "--", "./once"};
    var paused = piecework.run(run).expect(1);
    assertThat(paused.out()).isEqualTo("got 1\n");
    assertThat(paused.err()).contains("paused", "./once", "--resume -q bag");

    piecework.write("once", "#!/bin/sh\necho then $1\n");
    assertThat(piecework.file("once").toFile().setExecutable(true)).isTrue();
    assertThat(piecework.run(run).expect(2).err()).contains("paused", "--resume");
    String[] resume = {"run", "-q", "bag", "-p", "1", "--from", "list", "--resume", "--", "./once"};
    var resumed = piecework.run(resume).expect(0);
    assertThat(resumed.err()).contains("was paused", "3 done");
    assertThat(resumed.lines()).containsExactlyInAnyOrder("then 2", "then 3");
  }

  @Test
  void aRunWhoseResultsAreEachAboveTheirBoundEnds() throws Exception {
    piecework.write("list", "1\n2\n3\n");
    String big = "head -c 4000 /dev/zero | tr '\\0' x";
    var ended =
        piecework
            .run("run", "-p", "1", "--from", "list", "--results-max", "3KB", "--sh", big)
            .expect(0);
    assertThat(ended.out()).hasSize(12_000);
  }

  @Test
  void aRunThatAPersonPausesWaitsAndSaysSo() throws Exception {
    piecework.write("list", "1\n2\n");
    Piecework.Started run =
        piecework.start(
            "run",
            "-q",
            "bag",
            "-p",
            "1",
            "--from",
            "list",
            "--sh",
            "touch begun; while [ ! -e go ]; do sleep 0.05; done; echo $1");
    org.awaitility.Awaitility.await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> Files.exists(piecework.file("begun")));
    piecework.here("pause", "bag", "--reason", "lunch").expect(0);
    piecework.write("go", "");
    run.awaitErr("the queue is paused: lunch; 'resume' lets it go on");
    assertThat(run.isAlive()).isTrue();
    piecework.here("resume", "bag").expect(0);
    assertThat(run.end().expect(0).lines()).containsExactly("1", "2");
  }

  @Test
  void deadItemsAreTriedAgainOnlyWhenThatIsAskedFor() throws Exception {
    piecework.write("list", "1\n2\n");
    String command = "[ -e ok ] && echo fine $1";
    String[] run = {"run", "-q", "bag", "--from", "list", "--attempts", "1", "--sh", command};
    piecework.run(run).expect(1);
    String[] resume = {"run", "-q", "bag", "--from", "list", "--resume", "--sh", command};
    assertThat(piecework.run(resume).expect(1).err())
        .contains("2 dead items", "--retry-dead", "requeue bag --all");
    assertThat(piecework.runWith("3\n", "fill", "bag", "--from", "-").expect(0).err())
        .contains("2 dead items", "requeue bag --all");
    piecework.run("run", "-q", "bag", "--from", "list", "--retry-dead", "--sh", command).expect(2);
    piecework.write("ok", "");
    String[] retry = {
      "run", "-q", "dead", "--from", "list", "--resume", "--retry-dead", "--sh", command
    };
    piecework
        .run("run", "-q", "dead", "--from", "list", "--attempts", "1", "--sh", "exit 1 #")
        .expect(1);
    var retried = piecework.run(retry).expect(0);
    assertThat(retried.err()).contains("2 dead items back to waiting", "2 done, 0 dead");
    assertThat(retried.lines()).containsExactlyInAnyOrder("fine 1", "fine 2");
  }

  @Test
  void aFullDiskNamesTheFileTheCauseAndTheWayOn() throws Exception {
    String numbers =
        IntStream.rangeClosed(1, 50).mapToObj(String::valueOf).collect(Collectors.joining("\n"));
    piecework.write("list", numbers + "\n");
    String words = "run -q bag -p 1 --from list --results out.jsonl";
    piecework.here("fill", "other", "so that the server runs, without the limit").expect(0);
    var full =
        piecework
            .startProgram("sh", "-c", "ulimit -f 4; exec $PIECEWORK " + words + " -- echo did")
            .end()
            .expect(74);
    assertThat(full.err()).contains("out.jsonl: File too large", "--resume -q bag");
    // None, where the first write was larger than the rest of the disk.
    assertThat(Files.readString(piecework.file("out.jsonl"))).matches("(\\{.*}\n)*");

    piecework
        .startProgram("sh", "-c", "exec $PIECEWORK " + words + " --resume -- echo did")
        .end()
        .expect(0);
    assertThat(results()).hasSize(50).doesNotHaveDuplicates();

    var printed =
        piecework
            .startProgram("sh", "-c", "seq 3 | $PIECEWORK run -q full -- echo > /dev/full")
            .end()
            .expect(74);
    assertThat(printed.err()).contains("No space left", "--resume -q full");
  }

  @Test
  void aRunWhoseNameWeMadeUpNamesItWhenNobodyReadsOn() throws Exception {
    var ended =
        piecework
            .startProgram(
                "bash",
                "-c",
                "seq 5000 | $PIECEWORK run -- sh -c 'head -c 4000 /dev/zero' x | head -c 1;"
                    + " exit ${PIPESTATUS[1]}")
            .end()
            .expect(141);
    assertThat(ended.err()).contains("--resume -q run-sh-", "piecework purge run-sh-");
  }

  @Test
  @Needs("python3")
  void aChildThatAnswersWithAnIdAloneHasDoneItsItem() throws Exception {
    piecework.write(
        "child.py",
        """
        import json, sys
        for line in sys.stdin:
            item = json.loads(line)
            answer = {'id': item['id']}
            if item['payload'] == 'null':
                answer.update(error=None, bury=None)
            print(json.dumps(answer), flush=True)
        """);
    piecework.write("list", "a\nnull\n");
    assertThat(
            piecework
                .run("run", "--from", "list", "--child", "--", "python3", "child.py")
                .expect(0)
                .err())
        .contains("2 done, 0 dead");
  }
}
