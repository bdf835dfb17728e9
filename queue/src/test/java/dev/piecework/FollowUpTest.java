package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueAdmin.FollowUp;
import dev.piecework.QueueAdmin.FollowUp.Done;
import dev.piecework.QueueAdmin.FollowUp.Failed;
import dev.piecework.QueueAdmin.FollowUp.Held;
import dev.piecework.QueueAdmin.FollowUp.NotEnded;
import dev.piecework.QueueAdmin.FollowUp.Taken;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows the end of a run: had by one, taken over from the dead, committed once. */
class FollowUpTest {

  private static final Duration LEASE = Duration.ofSeconds(15);

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  private WorkQueue drained(int partitions, String... items) {
    WorkQueue queue = bench.with(Bench.SETTINGS.withPartitions(partitions).withAttempts(1));
    queue.fill(Bench.items(items));
    try (Session session = Bench.session(queue)) {
      Bench.drain(session);
    }
    assertThat(queue.isDrained()).isTrue();
    return queue;
  }

  private static long taken(FollowUp.Turn turn) {
    assertThat(turn).isInstanceOf(Taken.class);
    return ((Taken) turn).token();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void oneHasItUntilItSaysThatItIsDone(int partitions) {
    WorkQueue queue = drained(partitions, "a", "b");
    FollowUp one = queue.admin().followUp();
    FollowUp other = bench.open().admin().followUp();
    long token = taken(one.take("one", LEASE));
    assertThat(other.take("other", LEASE))
        .isInstanceOfSatisfying(
            Held.class,
            held -> {
              assertThat(held.who()).isEqualTo("one");
              assertThat(held.left()).isEqualTo(LEASE);
            });
    bench.advance(LEASE.minusMillis(1));
    assertThat(one.renew(token, LEASE)).isTrue();
    bench.advance(LEASE.minusMillis(1));
    assertThat(other.take("other", LEASE)).isInstanceOf(Held.class);
    assertThat(one.done(token)).isTrue();
    assertThat(one.done(token)).as("asked again").isTrue();
    assertThat(other.take("other", LEASE)).isInstanceOf(Done.class);
    assertThat(bench.open().admin().followUp().take("late", LEASE)).isInstanceOf(Done.class);
    assertThat(one.renew(token, LEASE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whoIsSilentLosesItAndCommitsNothing(int partitions) {
    WorkQueue queue = drained(partitions, "a");
    FollowUp one = queue.admin().followUp();
    FollowUp other = bench.open().admin().followUp();
    long late = taken(one.take("one", LEASE));
    bench.advance(LEASE);
    FollowUp.Turn turn = other.take("other", LEASE);
    long token = taken(turn);
    assertThat(token).isGreaterThan(late);
    assertThat(((Taken) turn).tries()).isEqualTo(2);
    assertThat(one.renew(late, LEASE)).isFalse();
    assertThat(one.done(late)).isFalse();
    assertThat(one.failed(late, 1)).isFalse();
    assertThat(one.release(late)).isFalse();
    assertThat(other.release(token)).isTrue();
    assertThat(one.take("one", LEASE)).isInstanceOf(Taken.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aFailureIsTriedAgainByWhoComesAfterIt(int partitions) {
    WorkQueue queue = drained(partitions, "a");
    FollowUp one = queue.admin().followUp();
    FollowUp waits = bench.open().admin().followUp();
    assertThat(one.failed(taken(one.take("one", LEASE)), 7)).isTrue();
    assertThat(waits.take("waits", LEASE)).isEqualTo(new Failed(7));
    FollowUp later = bench.open().admin().followUp();
    assertThat(later.failed(taken(later.take("later", LEASE)), 8)).isTrue();
    assertThat(later.take("later", LEASE)).as("of its own").isEqualTo(new Failed(8));
    FollowUp last = bench.open().admin().followUp();
    assertThat(last.done(taken(last.take("last", LEASE)))).isTrue();
    assertThat(waits.take("waits", LEASE)).isInstanceOf(Done.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void nothingFollowsBeforeTheEndNorOfAnotherRun(int partitions) {
    WorkQueue queue = drained(partitions, "a");
    FollowUp one = queue.admin().followUp();
    assertThat(one.done(taken(one.take("one", LEASE)))).isTrue();
    WorkQueue next = bench.open();
    next.fill(Bench.items("b", "c", "d"));
    assertThat(one.take("one", LEASE)).isInstanceOf(NotEnded.class);
    assertThat(next.admin().followUp().take("next", LEASE)).isInstanceOf(NotEnded.class);
    WorkQueue later = bench.open();
    try (Session session = Bench.session(later)) {
      Bench.drain(session);
    }
    assertThat(later.isDrained()).isTrue();
    assertThat(later.admin().followUp().take("later", LEASE)).isInstanceOf(Taken.class);
    assertThat(one.take("one", LEASE)).as("of its own run").isInstanceOf(NotEnded.class);
    var unused = later.admin().purge();
    assertThat(later.admin().followUp().take("later", LEASE)).isInstanceOf(NotEnded.class);
    assertThat(bench.keys()).doesNotContain("followup");
  }

  // Of a run that was only opened and closed again the results are those that were passed on.
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aRunThatGoesOnEndsAgainWhenMoreIsDone(int partitions) {
    WorkQueue queue = bench.with(Bench.SETTINGS.withPartitions(partitions));
    try (Producer producer = queue.produce(FillOptions.as("list"))) {
      producer.add(Item.of("a"));
      var unused = producer.finish();
    }
    try (Session session = Bench.session(queue)) {
      Bench.drain(session);
      assertThat(queue.isDrained()).isTrue();
      FollowUp one = queue.admin().followUp();
      assertThat(one.done(taken(one.take("one", LEASE)))).isTrue();
      fillMore(queue, "a");
      assertThat(one.take("one", LEASE)).isInstanceOf(Done.class);
      fillMore(queue, "a", "b");
      assertThat(one.take("one", LEASE)).isInstanceOf(NotEnded.class);
      Bench.drain(session);
      assertThat(queue.isDrained()).isTrue();
      assertThat(one.take("one", LEASE)).isInstanceOf(Taken.class);
    }
  }

  private static void fillMore(WorkQueue queue, String... items) {
    try (Producer producer = queue.produceMore(FillOptions.as("list"))) {
      Bench.items(items).forEach(producer::add);
      var unused = producer.finish();
    }
    assertThat(queue.state()).as("which writes down an end").isNotNull();
  }
}
