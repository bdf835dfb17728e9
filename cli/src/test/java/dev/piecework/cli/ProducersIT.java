package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers wait for whoever is still adding, and say so when he vanishes. */
class ProducersIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  @Test
  void workersDoNotLeaveBeforeAStreamEnds() throws Exception {
    Piecework.Started fill = piecework.start("fill", "job2");
    fill.say("one\n");
    Piecework.Started worker = piecework.start("work", "job2", "--sh", "echo $1 | tee -a log");
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.here("status", "job2").out().contains("1 done"));
    // All there is is done, and yet it is not drained.
    assertThat(piecework.here("status", "job2").out()).contains("stdin");
    piecework.here("wait", "job2", "--timeout", "200ms").expect(5);
    assertThat(worker.isAlive()).isTrue();

    fill.say("two\nlast without a newline");
    fill.endInput();

    assertThat(fill.end().expect(0).out()).contains("3 items added");
    worker.end().expect(0);
    assertThat(Files.readAllLines(piecework.file("log")))
        .containsExactlyInAnyOrder("one", "two", "last without a newline");
  }

  @Test
  void aKilledProducerMakesTheRunIncompleteUntilItsFillIsRunAgain() throws Exception {
    Piecework.Started fill =
        piecework.start(
            "fill", "job2", "--as", "scan", "--lease-timeout", "300ms", "--producer-grace", "1s");
    fill.say("one\ntwo\n");
    // The verb that comes first creates the queue with its settings.
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.here("status", "job2").out().contains("2 waiting"));
    Piecework.Started worker = piecework.start("work", "job2", "--", "echo");
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.here("status", "job2").out().contains("2 done"));
    fill.signal("KILL");

    assertThat(worker.end().expect(3).err()).contains("incomplete", "scan");
    assertThat(piecework.here("wait", "job2").expect(3).err()).contains("scan");

    var again = piecework.runWith("one\ntwo\nthree\n", "fill", "job2", "--as", "scan").expect(0);
    assertThat(again.out()).contains("1 item added", "2 were there already");
    piecework.run("work", "job2", "--", "echo").expect(0);
    assertThat(piecework.here("status", "job2").out()).contains("3 done");
  }

  @Test
  void aVanishedProducerCanBeClosedByHand() throws Exception {
    Piecework.Started fill =
        piecework.start("fill", "job2", "--lease-timeout", "300ms", "--producer-grace", "100ms");
    fill.say("one\n");
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.here("status", "job2").out().contains("1 waiting"));
    fill.signal("KILL");
    piecework.run("work", "job2", "--", "echo").expect(3);

    piecework.here("fill", "job2", "--close", "stdin").expect(0);

    piecework.run("work", "job2", "--", "echo").expect(0);
    assertThat(piecework.here("fill", "job2", "--close", "nobody").expect(2).err()).hasLineCount(1);
  }

  @Test
  void aHeldSourceKeepsTheQueueOpenBetweenFills() throws Exception {
    assertThat(piecework.here("fill", "job2", "--hold", "--as", "night").expect(0).out())
        .contains("--close 'night'");
    piecework.here("fill", "job2", "a").expect(0);
    Piecework.Started worker = piecework.start("work", "job2", "--sh", "echo $1 | tee -a log");
    await().atMost(Piecework.TIMEOUT).until(() -> Files.exists(piecework.file("log")));
    piecework.here("fill", "job2", "b").expect(0);
    piecework.here("fill", "job2", "--close", "night").expect(0);

    worker.end().expect(0);
    assertThat(Files.readAllLines(piecework.file("log"))).containsExactly("a", "b");
  }

  @Test
  void theSameFileIsFilledOnceUnderItsName() throws Exception {
    piecework.write("in", "a\nb\n");
    piecework.run("fill", "job2", "--from", "in", "--as", "files").expect(0);

    var again = piecework.run("fill", "job2", "--from", "in", "--as", "files").expect(0);
    assertThat(again.out()).contains("0 items added", "2 were there already");
    piecework.write("in", "a\nX\n");
    assertThat(piecework.run("fill", "job2", "--from", "in", "--as", "files").expect(2).err())
        .contains("differs")
        .hasLineCount(1);
    assertThat(piecework.here("status", "job2").out()).contains("2 in all");
  }

  @Test
  void anInputThatWasChangedIsRefusedWithItsLine() throws Exception {
    Piecework.Started fill = piecework.start("fill", "job2", "--as", "scan");
    fill.say("a\nb\nc\n");
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.here("status", "job2").out().contains("3 waiting"));
    fill.signal("KILL");
    fill.end();

    var again = piecework.runWith("a\nX\nc\nd\n", "fill", "job2", "--as", "scan").expect(2);

    assertThat(again.err()).contains("record 2").hasLineCount(1);
    assertThat(piecework.here("status", "job2").out()).contains("3 in all");
  }

  @Test
  void uniqueSkipsIdsThatWereSeen() throws Exception {
    String lines = "{\"id\":\"x\",\"n\":1}\n{\"id\":\"y\",\"n\":2}\n{\"id\":\"x\",\"n\":3}\n";

    var filled =
        piecework
            .runWith(lines, "fill", "job2", "--format", "jsonl", "--id", "id", "--unique")
            .expect(0);

    assertThat(filled.out()).contains("2 items added", "1 skipped");
  }

  @Test
  void aLoopOfFillsWhileWorkersDrainBetweenThemLosesNothing() throws Exception {
    piecework.here("fill", "job2", "first").expect(0);
    Piecework.Started worker = piecework.start("work", "job2", "--forever", "--", "echo");
    for (int i = 0; i < 5; i++) {
      piecework.here("fill", "job2", "item" + i).expect(0);
      piecework.run("work", "job2", "--", "echo").expect(0);
    }
    worker.signal("TERM");
    worker.end().expect(143);
  }
}
