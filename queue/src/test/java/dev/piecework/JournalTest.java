package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.session.SingleSession;
import dev.piecework.journal.AttemptEnd;
import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import dev.piecework.journal.SampledAttempt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** What is kept of a run beside its items. */
class JournalTest {

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aQueueWithoutARunHasAnEmptyJournal() {
    Journal journal = bench.open().admin().journal();
    assertThat(journal.run()).isNull();
    assertThat(journal.points()).isEmpty();
  }

  @Test
  void attemptsAreInTheJournalAfterTheNextHeartbeat() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(5));
    Session session = Bench.session(queue);
    List<Lease> leases = session.lease(5).leases();
    session.step(
        List.of(
            done(leases.get(0), 100),
            done(leases.get(1), 200),
            failed(leases.get(2), "bad 17"),
            failed(leases.get(3), "bad 4"),
            new Settlement.Bury(leases.get(4), "hopeless", took(50))),
        0);
    assertThat(queue.admin().journal().attempts()).isZero();
    ((SingleSession) session).beat();

    Journal journal = queue.admin().journal();
    assertThat(journal.run()).isEqualTo(queue.run().orElseThrow());
    assertThat(journal.began()).isEqualTo(bench.now());
    assertThat(journal.attempts()).isEqualTo(5);
    assertThat(journal.times().count()).isEqualTo(2);
    assertThat(journal.timesByWorker()).containsOnlyKeys("tester");
    assertThat(journal.slowest()).extracting(slow -> slow.id()).containsExactly("2", "1");
    assertThat(journal.sample())
        .extracting(SampledAttempt::end)
        .containsExactlyInAnyOrder(
            AttemptEnd.DONE,
            AttemptEnd.DONE,
            AttemptEnd.FAILED,
            AttemptEnd.FAILED,
            AttemptEnd.BURIED);
    assertThat(journal.sample()).allMatch(attempt -> attempt.started().equals(bench.now()));
    assertThat(journal.slotTime().useful()).isEqualTo(Duration.ofMillis(300));
    assertThat(journal.slotTime().retried()).isEqualTo(Duration.ofMillis(150));
    ProgressPoint last = journal.points().getLast();
    assertThat(List.of(last.done(), last.dead(), last.failed())).containsExactly(2L, 1L, 3L);
  }

  @Test
  void failuresOfOneCauseAreOneGroupWithItsDead() {
    WorkQueue queue = bench.with(Bench.SETTINGS.withAttempts(1));
    queue.fill(Bench.numbers(30));
    Session session = Bench.session(queue);
    List<Lease> leases = session.lease(30).leases();
    session.step(
        IntStream.range(0, 30)
            .<Settlement>mapToObj(
                i -> failed(leases.get(i), i < 20 ? "bad " + i : "exit code 3\nno file /data/" + i))
            .toList(),
        0);
    List<FailureGroup> groups = queue.admin().journal().groups();
    assertThat(groups)
        .extracting(FailureGroup::cause)
        .containsExactly("bad N", "exit code 3, no file P");
    assertThat(groups).extracting(FailureGroup::attempts).containsExactly(20L, 10L);
    assertThat(groups).extracting(FailureGroup::dead).containsExactly(20L, 10L);
    assertThat(groups.getFirst().exampleId()).isEqualTo("1");
    assertThat(groups.getFirst().example()).isEqualTo("bad 0");
    assertThat(groups.getFirst().workers()).containsExactly(java.util.Map.entry("tester", 20L));

    String group = groups.get(1).id();
    assertThat(queue.admin().items(new DeadItems.InGroup("000000"))).isEmpty();
    assertThat(queue.admin().items(new DeadItems.InGroup(group)))
        .hasSize(10)
        .allMatch(item -> String.valueOf(item.error()).startsWith("exit code 3\nno file /data/"));
    assertThat(queue.admin().requeue(new DeadItems.InGroup("000000"))).isZero();
    assertThat(queue.admin().requeue(new DeadItems.InGroup(group))).isEqualTo(10);
    assertThat(queue.admin().status().counts().dead()).isEqualTo(20);
    assertThat(queue.admin().journal().groups().get(1).dead()).isZero();
    assertThat(queue.admin().drop(new DeadItems.InGroup(groups.getFirst().id()))).isEqualTo(20);
    assertThat(queue.admin().status().counts().dead()).isZero();
    assertThat(bench.raw(Command.EXISTS, "grouped")).isEqualTo(0L);
  }

  @Test
  void anItemThatIsRequeuedAndDiesOfSomethingElseIsInThatGroup() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(1));
    Session session = Bench.session(queue);
    session.lease(1).leases().getFirst().bury("first 1");
    queue.admin().requeue(new DeadItems.All());
    session.lease(1).leases().getFirst().bury("second 2");
    assertThat(queue.admin().journal().groups())
        .extracting(group -> group.cause() + " " + group.dead())
        .containsExactlyInAnyOrder("first N 0", "second N 1");
  }

  @Test
  void lossesAreCountedAndAGroup() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(3));
    Bench.session(queue).lease(3);
    WorkQueue mine = bench.open();
    assertThat(mine.run()).isPresent();
    Session other = Bench.session(mine);
    bench.expireExcept(other);
    bench.reap();
    bench.advance(Duration.ofMinutes(1));
    ((SingleSession) other).beat();
    Journal journal = queue.admin().journal();
    assertThat(journal.points().getLast().lost()).isEqualTo(3);
    assertThat(journal.groups())
        .extracting(FailureGroup::cause, FailureGroup::attempts)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("the worker was lost while it held this item", 3L));
  }

  @Test
  void theJournalGoesWithTheResultsOfItsRun() {
    WorkQueue queue =
        bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS).withRetention(Duration.ofDays(7)));
    queue.fill(Bench.numbers(1));
    try (Session session = Bench.session(queue)) {
      session.step(List.of(done(session.lease(1).leases().getFirst(), 5)), 0);
      assertThat(queue.isDrained()).isTrue();
    }
    assertThat(queue.admin().journal().attempts()).isEqualTo(1);
    String run = queue.run().orElseThrow();
    for (String part : List.of("journal", "points", "slowest", "sample", "results")) {
      assertThat((Long) bench.cli(Command.PTTL, "{" + bench.name + "}:" + part + ":" + run))
          .as(part)
          .isPositive();
    }
    queue.fill(Stream.of(Item.of("next")));
    assertThat(queue.admin().journal().attempts()).isZero();
    assertThat(queue.admin().journal().run()).isNotEqualTo(run);
    queue.admin().purge();
    assertThat(queue.admin().journal().run()).isNull();
  }

  @Test
  void causesAfterThe200thAreOneGroup() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(210));
    Session session = Bench.session(queue);
    session.step(
        session.lease(210).leases().stream()
            .<Settlement>map(lease -> new Settlement.Bury(lease, letters(lease.text())))
            .toList(),
        0);
    List<FailureGroup> groups = queue.admin().journal().groups();
    assertThat(groups).hasSize(201);
    assertThat(groups.getFirst().cause()).isEqualTo(FailureGroup.OTHER);
    assertThat(groups.getFirst().dead()).isEqualTo(10);
    assertThat(queue.admin().requeue(new DeadItems.InGroup(groups.getFirst().id()))).isEqualTo(10);
  }

  @Test
  void pointsAreAtMost512AndCoverTheWholeRun() {
    WorkQueue queue = bench.open();
    queue.fill(Bench.numbers(1));
    Session session = Bench.session(queue);
    for (int beat = 0; beat < 2_000; beat++) {
      bench.advance(Duration.ofSeconds(2));
      ((SingleSession) session).beat();
    }
    Journal journal = queue.admin().journal();
    assertThat(journal.points()).hasSizeBetween(200, 513);
    assertThat(journal.points())
        .isSortedAccordingTo(java.util.Comparator.comparing(ProgressPoint::at));
    assertThat(Duration.between(journal.began(), journal.points().getLast().at()))
        .isGreaterThan(Duration.ofSeconds(3_980));
  }

  @Test
  void itHasABoundHoweverManyItemsAndWorkersThereAre() {
    WorkQueue queue = bench.with(Bench.SETTINGS.withAttempts(1));
    int workers = 220;
    int each = 40;
    queue.fill(IntStream.range(0, workers * each).mapToObj(i -> Item.of("payload-" + i)));
    java.util.Random random = new java.util.Random(5);
    for (int worker = 0; worker < workers; worker++) {
      Session session =
          queue.session(
              new SessionInfo("node-" + worker + ".pool.example", 4, "host", 1, bench.now()));
      int of = worker;
      session.step(
          session.lease(each).leases().stream()
              .<Settlement>map(lease ->
                  random.nextInt(10) == 0
                      ? failed(lease, letters(lease.id()) + " " + "x".repeat(3_000))
                      : done(lease, (long) Math.exp(random.nextDouble() * 18)))
              .toList(),
          0);
      bench.advance(Duration.ofSeconds(1 + of));
      session.close();
    }
    long bytes = 0;
    java.util.Map<String, Long> parts = new java.util.TreeMap<>();
    String run = queue.run().orElseThrow();
    for (String part : List.of("journal", "points", "slowest", "sample")) {
      String key = "{" + bench.name + "}:" + part + ":" + run;
      Object usage = bench.cli(Command.MEMORY, "USAGE", key, "SAMPLES", 0);
      long of = usage instanceof Long number ? number : Long.MAX_VALUE;
      bytes += of;
      parts.put(part, of);
    }
    assertThat(bytes).as(parts.toString()).isLessThanOrEqualTo(256 * 1024);
    Journal journal = queue.admin().journal();
    assertThat(journal.attempts()).isEqualTo((long) workers * each);
    assertThat(journal.timesByWorker()).hasSize(201);
    assertThat(journal.sample()).hasSize(2_000);
    assertThat(journal.slowest()).hasSize(100);
  }

  private static String letters(String digits) {
    return digits
        .chars()
        .mapToObj(c -> String.valueOf((char) ('a' + c % 26)))
        .reduce("", String::concat);
  }

  private Settlement done(Lease lease, long millis) {
    return new Settlement.Complete(lease, null, null, took(millis));
  }

  private Settlement failed(Lease lease, String reason) {
    return new Settlement.Retry(lease, reason, Optional.empty(), took(50));
  }

  private Settlement.Took took(long millis) {
    return new Settlement.Took(bench.now(), Duration.ofMillis(millis), 1);
  }
}
