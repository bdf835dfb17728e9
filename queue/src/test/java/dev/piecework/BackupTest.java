package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.internal.session.LeaseElsewhere;
import dev.piecework.internal.session.SingleSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** An item that two sessions hold: who wins, what is counted, and that it is leased once. */
@SuppressWarnings("NullAway.Init") // by fill
class BackupTest {

  private final Bench bench = Bench.shared();
  private final WorkQueue queue =
      bench.with(
          Bench.SETTINGS.withBackup(true).withKeep(Keep.RESULTS).withAttempts(2).withLosses(2));
  private final List<Lease> overtaken = new ArrayList<>();
  private final List<Lease> dropped = new ArrayList<>();

  private Session slow;
  private Session idle;
  private Lease original;

  @AfterEach
  void close() {
    bench.close();
  }

  private void fill(String... items) {
    queue.fill(Bench.items(items));
    slow = session();
    idle = session();
    original = slow.lease(1).leases().getFirst();
  }

  private Session session() {
    Session session = Bench.session(bench.open());
    ((SingleSession) session).reapNobody();
    session.onOvertaken(overtaken::add);
    session.onDropped(dropped::add);
    session.lease(0); // it knows the run from now on
    return session;
  }

  private static LeaseElsewhere of(Lease lease) {
    return new LeaseElsewhere(
        lease.session().id(), "", lease.id(), lease.token(), Duration.ofSeconds(1));
  }

  private static Optional<Lease> copy(Lease lease, Session to) {
    return ((SingleSession) to).backUp(of(lease), 1);
  }

  private QueueStatus.Counts counts() {
    return queue.admin().status().counts();
  }

  private @Nullable Object held(Session session) {
    return bench.cli(Command.HLEN, "{" + bench.name + "}:session:" + session.id());
  }

  @Test
  void aCopyHasTheSameTokenAndTheItemIsLeasedOnce() {
    fill("a");
    Lease copy = copy(original, idle).orElseThrow();
    assertThat(copy.token()).isEqualTo(original.token());
    assertThat(copy.id()).isEqualTo(original.id());
    assertThat(copy.text()).isEqualTo("a");
    assertThat(copy.attempt()).isEqualTo(1);
    assertThat(counts().leased()).isEqualTo(1);
    assertThat(counts().total()).isEqualTo(1);
    assertThat(queue.admin().items(ItemState.LEASED)).hasSize(1);
    assertThat(queue.isDrained()).isFalse();
  }

  @Test
  void theCopyWinsAndTheOriginalIsRefused() {
    fill("a");
    Lease copy = copy(original, idle).orElseThrow();
    copy.complete("copy".getBytes(UTF_8));
    assertThat(counts().done()).isEqualTo(1);
    assertThat(counts().leased()).isZero();
    assertThat(held(slow)).isEqualTo(1L);
    assertThat(slow.step(List.of(Settlement.complete(original)), 0).refused()).hasSize(1);
    assertThat(overtaken).containsExactly(original);
    assertThat(dropped).isEmpty();
    assertThat(results()).containsExactly("copy");
    assertThat(queue.isDrained()).isTrue();
    assertThat(bench.state("copies-made")).isEqualTo("1");
    assertThat(bench.state("copies-won")).isEqualTo("1");
  }

  @Test
  void theOriginalWinsAndTheHeartbeatTellsTheCopy() {
    fill("a");
    Lease copy = copy(original, idle).orElseThrow();
    original.complete("original".getBytes(UTF_8));
    assertThat(queue.isDrained()).isTrue();
    ((SingleSession) idle).beat();
    assertThat(overtaken).containsExactly(copy);
    assertThat(idle.step(List.of(Settlement.complete(copy)), 0).refused()).hasSize(1);
    assertThat(results()).containsExactly("original");
    assertThat(bench.state("copies-won")).isNull();
    assertThat(bench.raw(Command.EXISTS, "leases")).isEqualTo(0L);
  }

  @Test
  void aWinnerAmongOthersCommitsThemToo() {
    queue.fill(Bench.items("a", "b", "c"));
    slow = session();
    idle = session();
    List<Lease> three = slow.lease(3).leases();
    assertThat(copy(three.get(1), idle)).isPresent();
    assertThat(slow.step(Bench.complete(three), 0).refused()).isEmpty();
    assertThat(counts().done()).isEqualTo(3);
    assertThat(held(idle)).isEqualTo(1L);
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void whatTheLoserEndsWithOthersIsRefusedAlone() {
    queue.fill(Bench.items("a", "b", "c"));
    slow = session();
    idle = session();
    List<Lease> three = slow.lease(3).leases();
    copy(three.get(1), idle).orElseThrow().complete("b".getBytes(UTF_8));
    List<Settlement> ends = new ArrayList<>();
    three.forEach(lease -> ends.add(Settlement.complete(lease, lease.payload())));
    List<Settlement> refused = slow.step(ends, 0).refused();
    assertThat(refused).extracting(Settlement::lease).containsExactly(three.get(1));
    assertThat(results()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aFailureOfOneCountsNothingWhileTheOtherRuns() {
    fill("a");
    Lease copy = copy(original, idle).orElseThrow();
    copy.retry("no");
    assertThat(counts().leased()).isEqualTo(1);
    assertThat(counts().delayed()).isZero();
    assertThat(bench.raw(Command.EXISTS, "tries")).isEqualTo(0L);
    Lease again = copy(original, idle).orElseThrow();
    original.bury("no");
    assertThat(counts().dead()).isZero();
    assertThat(counts().leased()).isEqualTo(1);
    again.retry("no", Duration.ZERO);
    assertThat(counts().leased()).isZero();
    Lease second = idle.lease(1).leases().getFirst();
    assertThat(second.attempt()).isEqualTo(2);
    second.complete();
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aReleaseOfOneDoesNotGiveTheItemToAThird() {
    fill("a");
    Lease copy = copy(original, idle).orElseThrow();
    original.release();
    assertThat(counts().waiting()).isZero();
    assertThat(counts().leased()).isEqualTo(1);
    Session third = session();
    Lease ofThird = copy(copy, third).orElseThrow();
    assertThat(ofThird.token()).isEqualTo(copy.token());
    copy.release();
    ofThird.release();
    assertThat(counts().waiting()).isEqualTo(1);
    assertThat(counts().leased()).isZero();
  }

  @Test
  void theOriginalExpiresAndTheItemStaysLeasedByTheCopy() {
    fill("a");
    Lease copy = copy(original, idle).orElseThrow();
    bench.expireExcept(idle);
    assertThat(bench.reap()).isEqualTo(1);
    assertThat(counts().leased()).isEqualTo(1);
    assertThat(counts().waiting()).isZero();
    assertThat(bench.raw(Command.EXISTS, "tries")).isEqualTo(0L);
    copy.complete();
    assertThat(slow.step(List.of(Settlement.complete(original)), 0).refused()).hasSize(1);
    assertThat(queue.isDrained()).isTrue();
    assertThat(counts().done()).isEqualTo(1);
  }

  @Test
  void theCopyExpiresAndNothingChanges() {
    fill("a");
    Lease copy = copy(original, idle).orElseThrow();
    bench.expireExcept(slow);
    assertThat(bench.reap()).isEqualTo(1);
    assertThat(counts().leased()).isEqualTo(1);
    original.complete();
    assertThat(idle.step(List.of(Settlement.complete(copy)), 0).refused()).hasSize(1);
    assertThat(counts().done()).isEqualTo(1);
  }

  @Test
  void bothExpireAndItIsOneLoss() {
    fill("a");
    assertThat(copy(original, idle)).isPresent();
    Session other = session();
    bench.expireExcept(other);
    assertThat(bench.reap()).isEqualTo(2);
    Lease again = other.lease(1).leases().getFirst();
    assertThat(again.losses()).isEqualTo(1);
    assertThat(copy(again, session())).as("what was lost is not copied").isEmpty();
    again.complete();
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aDropTakesItFromBoth() {
    fill("a");
    Lease copy = copy(original, idle).orElseThrow();
    assertThat(queue.admin().dropItem(original.id())).contains(ItemState.LEASED);
    assertThat(counts().total()).isZero();
    ((SingleSession) idle).beat();
    ((SingleSession) slow).beat();
    assertThat(dropped).containsExactlyInAnyOrder(original, copy);
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void thereIsOneCopyOfAnItemAndSoManyOfAll() {
    queue.fill(Bench.items("a", "b"));
    slow = session();
    idle = session();
    List<Lease> two = slow.lease(2).leases();
    assertThat(((SingleSession) idle).backUp(of(two.getFirst()), 2)).isPresent();
    assertThat(((SingleSession) session()).backUp(of(two.getFirst()), 2)).isEmpty();
    assertThat(((SingleSession) idle).backUp(of(two.getLast()), 1)).isEmpty();
    assertThat(((SingleSession) idle).backUp(of(two.getLast()), 2)).isPresent();
    assertThat(counts().leased()).isEqualTo(2);
  }

  @Test
  void noneIsMadeWhileSomethingWaitsOrIsDelayedOrTheQueueIsPaused() {
    fill("a");
    queue.fill(Bench.items("b"));
    assertThat(copy(original, idle)).isEmpty();
    Lease other = idle.lease(1).leases().getFirst();
    other.retry("no");
    assertThat(copy(original, idle)).as("delayed").isEmpty();
    bench.advance(Duration.ofHours(1));
    bench.beat(idle);
    bench.beat(slow);
    idle.lease(1).leases().getFirst().complete();
    queue.admin().pause("a look");
    assertThat(copy(original, idle)).as("paused").isEmpty();
    queue.admin().resume();
    assertThat(copy(original, idle)).isPresent();
  }

  @Test
  void whatIsNoLongerHeldAsWasSaidIsNotCopied() {
    fill("a");
    LeaseElsewhere before = of(original);
    original.release();
    Lease again = slow.lease(1).leases().getFirst();
    assertThat(((SingleSession) idle).backUp(before, 1)).isEmpty();
    assertThat(copy(again, slow)).as("by itself").isEmpty();
    again.complete();
    assertThat(((SingleSession) idle).backUp(of(again), 1)).isEmpty();
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aQueueThatMakesNoneNotesNothing() {
    WorkQueue plain = new Bench(Place.STANDALONE::config).open();
    plain.fill(Bench.items("a"));
    Lease lease = plain.lease(Duration.ZERO).orElseThrow();
    assertThat(((SingleSession) lease.session()).backUp()).isEmpty();
    lease.complete();
    plain.close();
  }

  @Test
  void aQueueInPartitionsRefusesThem() {
    Bench divided = new Bench(Place.STANDALONE::config);
    QueueSettings wanted = Bench.SETTINGS.withPartitions(2);
    assertThatThrownBy(() -> divided.with(wanted.withBackup(true)).fill(Bench.items("a")))
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("no backup attempts");
    WorkQueue plain = divided.with(wanted);
    plain.fill(Bench.items("a"));
    assertThatThrownBy(() -> plain.admin().set(Map.of("backup", "on")))
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("no backup attempts");
    divided.close();
  }

  private List<String> results() {
    return queue.results().map(result -> new String(result.result(), UTF_8)).toList();
  }

  private @Nullable String format() {
    Object format = bench.cli(Command.HGET, state(), "format");
    return format instanceof byte[] bytes ? new String(bytes, UTF_8) : null;
  }

  private String state() {
    return "{" + bench.name + "}:state";
  }

  @Test
  void whoDoesNotKnowOfCopiesLeavesSuchAQueueAlone() {
    fill("a", "b");
    assertThat(format()).as("above what the first versions know").isEqualTo("3");
    queue.admin().set("backup", "off");
    assertThat(format()).as("nothing is copied any more").isEqualTo("1");
    queue.admin().set("backup", "on");
    assertThat(format()).isEqualTo("3");
    slow.lease(1);
    assertThat(copy(original, idle)).isPresent();
    queue.admin().set("backup", "off");
    assertThat(format()).as("two sessions still hold an item").isEqualTo("3");
    slow.step(List.of(Settlement.complete(original)), 0);
    queue.admin().set("attempts", "3");
    assertThat(format()).isEqualTo("1");
    // As an earlier build of the same version left it.
    queue.admin().set("backup", "on");
    bench.cli(Command.HSET, state(), "format", "1");
    session();
    assertThat(format()).isEqualTo("3");
  }

  @Test
  void nothingIsCopiedWhileASessionIsThereThatMayNotKnowOfIt() {
    fill("a");
    String sessions = "{" + bench.name + "}:sessions";
    bench.cli(Command.ZADD, sessions, "9000000000000", "old-0123456789ab");
    assertThat(copy(original, idle)).isEmpty();
    bench.cli(Command.ZREM, sessions, "old-0123456789ab");
    assertThat(copy(original, idle)).isPresent();
  }
}
