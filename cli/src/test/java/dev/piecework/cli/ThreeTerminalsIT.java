package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fill, work and status in terminals of their own, on the embedded Redis. */
class ThreeTerminalsIT {

  private static final String[] FRUITS = {
    "apple", "banana", "cherry", "date", "elderberry", "fig", "grape", "lemon", "melon", "orange"
  };
  // Says that it holds an item, and goes on when it may.
  private static final String HELD =
      "echo $1 >> held; while [ ! -e go ]; do sleep 0.05; done; echo did $1";

  @RegisterExtension final Piecework piecework = new Piecework();

  private void fill(String queue, String... more) throws Exception {
    String[] words = new String[2 + more.length + FRUITS.length];
    words[0] = "fill";
    words[1] = queue;
    System.arraycopy(more, 0, words, 2, more.length);
    System.arraycopy(FRUITS, 0, words, 2 + more.length, FRUITS.length);
    assertThat(piecework.run(words).expect(0).out()).contains("10 items added to " + queue);
  }

  private boolean isHeldBy(int items) throws Exception {
    return Files.exists(piecework.file("held"))
        && Files.readAllLines(piecework.file("held")).size() >= items;
  }

  @Test
  void theItemOfAKilledWorkerIsTakenOver() throws Exception {
    fill("job2", "--lapse", "1s");
    Piecework.Started first = piecework.startInGroup("work", "job2", "--slots", "1", "--sh", HELD);
    await().atMost(Piecework.TIMEOUT).until(() -> isHeldBy(1));
    Piecework.Started second = piecework.start("work", "job2", "--slots", "1", "--sh", HELD);
    await().atMost(Piecework.TIMEOUT).until(() -> isHeldBy(2));

    first.signalGroup("KILL");
    piecework.write("go", "");

    second.end().expect(0);
    List<String> done = piecework.here("results", "job2", "-o", "raw").expect(0).lines();
    assertThat(done).hasSize(10).doesNotHaveDuplicates();
    assertThat(piecework.here("wait", "job2").expect(0).err()).contains("10 done, 0 dead");
    assertThat(piecework.here("items", "job2").expect(0).err()).contains("no such items");
  }

  @Test
  void statusTellsWhoDoesWhat() throws Exception {
    fill("job2");
    Piecework.Started worker =
        piecework.start("work", "job2", "--slots", "2", "--name", "alice", "--sh", HELD);
    await().atMost(Piecework.TIMEOUT).until(() -> isHeldBy(2));

    String status = piecework.here("status", "job2").expect(0).out();
    assertThat(status).contains("alice", "10 in all", "attempts=3", String.valueOf(worker.pid()));
    String json = piecework.here("status", "job2", "-o", "json").expect(0).out();
    assertThat(json).contains("\"worker\":\"alice\"", "\"total\":10").hasLineCount(1);
    assertThat(piecework.here("status").expect(0).out()).contains("QUEUE", "job2");
    assertThat(piecework.here("wait", "job2", "--timeout", "300ms").expect(5).err())
        .contains("not drained");
    Piecework.Started watch = piecework.start("status", "job2", "--watch");
    watch.awaitOut("10 in all");

    piecework.write("go", "");
    worker.end().expect(0);
    assertThat(watch.end().expect(0).out()).contains("drained");
  }

  @Test
  void aWorkerThatIsToldToStopGivesBackWhatItHolds() throws Exception {
    fill("job2");
    Piecework.Started worker =
        piecework.start("work", "job2", "--slots", "2", "--grace", "0s", "--sh", HELD);
    await().atMost(Piecework.TIMEOUT).until(() -> isHeldBy(2));

    worker.signal("TERM");

    assertThat(worker.end().expect(143).err()).contains("given back");
    assertThat(piecework.here("status", "job2").out()).contains("10 waiting, 0 leased");
    // Given back untried: nothing is charged.
    assertThat(piecework.here("items", "job2", "-o", "json").out()).doesNotContain("\"failed\":1");
  }

  @Test
  void aPausedQueueIsNotWorkedOn() throws Exception {
    fill("job2");
    piecework.here("pause", "job2", "--reason", "lunch").expect(0);
    Piecework.Started worker = piecework.start("work", "job2", "--", "echo");
    worker.awaitErr("lunch");
    assertThat(piecework.here("status", "job2").out()).contains("paused: lunch", "10 waiting");

    piecework.here("resume", "job2").expect(0);

    worker.end().expect(0);
  }

  @Test
  void whatWasSetByOneVerbIsAppliedByWhoeverWorks() throws Exception {
    fill("job2", "--attempts", "2", "--backoff", "10ms..20ms");
    assertThat(piecework.here("set", "job2", "attempts=1").expect(0).out()).contains("attempts=1");

    var worked =
        piecework
            .run(
                "work",
                "job2",
                "--attempts",
                "7",
                "--fail-on-dead",
                "--sh",
                "echo x >> log; exit 9")
            .expect(1);

    assertThat(worked.err()).contains("keeps its own settings", "attempts is 1, not 7");
    assertThat(Files.readAllLines(piecework.file("log"))).hasSize(10);
    assertThat(piecework.here("drop", "job2", "--error", "exit code 9").expect(0).out())
        .contains("10 dead items dropped");
    assertThat(piecework.here("set", "job2", "attemps=1").expect(2).err()).hasLineCount(1);
  }

  @Test
  void purgeUnderARunningWorkerHasOneClearAnswer() throws Exception {
    fill("job2");
    Piecework.Started worker =
        piecework.start("work", "job2", "--slots", "1", "--grace", "0s", "--sh", HELD);
    await().atMost(Piecework.TIMEOUT).until(() -> isHeldBy(1));
    assertThat(piecework.here("purge", "job2").expect(2).err()).contains("--yes", "10 in all");

    piecework.here("purge", "job2", "--yes").expect(0);
    piecework.write("go", "");

    assertThat(worker.end().expect(3).err()).contains("purged");
  }

  @Test
  void equalPayloadsAreDifferentItems() throws Exception {
    piecework.here("fill", "job2", "apple", "apple", "apple").expect(0);
    piecework.run("work", "job2", "--", "echo").expect(0);
    assertThat(piecework.here("results", "job2", "-o", "raw").lines())
        .containsExactly("apple", "apple", "apple");
  }

  @Test
  void resultsCanBeFollowedIntoAFileThatIsContinued() throws Exception {
    fill("job2");
    Piecework.Started results = piecework.start("results", "job2", "--follow", "--to", "out.jsonl");
    piecework.run("work", "job2", "--", "echo").expect(0);
    results.end().expect(0);
    assertThat(Files.readAllLines(piecework.file("out.jsonl"))).hasSize(10);

    piecework.run("results", "job2", "--to", "out.jsonl").expect(0);
    assertThat(Files.readAllLines(piecework.file("out.jsonl"))).hasSize(10);
    assertThat(piecework.here("results", "job2", "-o", "csv").expect(0).out())
        .startsWith("id,payload,result");
  }
}
