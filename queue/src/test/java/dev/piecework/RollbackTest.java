package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;

/** Redis comes back as it was a moment ago: a power loss under everysec, or a failover. */
@Execution(ExecutionMode.CONCURRENT)
@RedisPerTest(own = true, appendfsync = "everysec")
@Tag("slow")
class RollbackTest {

  @TempDir Path copy;
  private TestRedis redis;
  private Bench bench;
  private WorkQueue queue;

  @BeforeEach
  void open(TestRedis own) {
    redis = own;
    bench = new Bench(redis.uri());
    queue = bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS));
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  @Test
  void aSessionFindsWhatItsRecordHoldsAndTellsWhatWasUndone() throws IOException {
    queue.fill(Bench.numbers(6));
    Session session = Bench.session(queue);
    List<Lease> before = session.lease(2).leases();
    remember();
    List<Lease> after = session.step(Bench.complete(before), 2).leases();
    assertThat(Bench.texts(after)).containsExactly("n3", "n4");
    goBack();
    // n1 and n2 are leased again, by us; n3 and n4 wait again.
    LeaseBatch batch = session.step(Bench.complete(after), 1);
    assertThat(batch.refused()).hasSize(2);
    assertThat(Bench.texts(batch)).containsExactlyInAnyOrder("n1", "n2");
    assertThat(bench.notices).anyMatch(notice -> notice.contains("gone back in time"));
    session.step(Bench.complete(batch.leases()), 0);
    assertThat(Bench.drain(session)).containsExactly("n3", "n4", "n5", "n6");
    assertThat(queue.isDrained()).isTrue();
    assertThat(queue.results().map(Result::id)).hasSize(6).doesNotHaveDuplicates();
  }

  /**
   * Guards against: the item is ended twice in one step, which lost the results of all that step.
   */
  @Test
  void theLeaseFromBeforeIsRefusedBesideTheOneThatCameAfter() throws IOException {
    queue.fill(Bench.numbers(3));
    Session session = Bench.session(queue);
    remember();
    Lease before = session.lease(1).leases().getFirst();
    goBack();
    List<Lease> again = session.lease(2).leases();
    assertThat(Bench.texts(again)).containsExactly("n1", "n2");
    List<Lease> both = Stream.concat(Stream.of(before), again.stream()).toList();
    LeaseBatch batch = session.step(Bench.complete(both), 0);
    assertThat(batch.refused().stream().map(Settlement::lease)).containsExactly(before);
    assertThat(queue.results().map(Result::id)).containsExactly("1", "2");
    assertThat(Bench.drain(session)).containsExactly("n3");
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void itIsFoundAlsoWhenAnotherSessionHasLeasedSince() throws IOException {
    queue.fill(Bench.numbers(4));
    Session session = Bench.session(queue);
    Session other = Bench.session(bench.open());
    Lease first = session.lease(1).leases().getFirst();
    remember();
    session.step(List.of(Settlement.complete(first)), 0);
    goBack();
    List<Lease> others = other.lease(3).leases(); // the token is the newest again
    LeaseBatch batch = session.lease(1);
    assertThat(Bench.texts(batch)).containsExactly("n1");
    session.step(Bench.complete(batch.leases()), 0);
    other.step(Bench.complete(others), 0);
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void anOpenProducerSendsAgainWhatWasUndone() throws IOException {
    Producer producer = queue.produce(FillOptions.as("scan"));
    Stream.of("a", "b").map(Item::of).forEach(producer::add);
    producer.flush();
    remember();
    Stream.of("c", "d").map(Item::of).forEach(producer::add);
    producer.flush();
    producer.add(Item.of("e"));
    producer.flush();
    goBack();
    producer.add(Item.of("f"));
    assertThat(producer.finish().added()).isEqualTo(6);
    assertThat(bench.notices).anyMatch(n -> n.contains("'scan' is sent again from record 3"));
    assertThat(Bench.drain(Bench.session(queue))).containsExactly("a", "b", "c", "d", "e", "f");
  }

  @Test
  void whatWasUndoneJustBeforeTheEndIsSentAgainToo() throws IOException {
    Producer producer = queue.produce(FillOptions.as("scan"));
    producer.add(Item.of("a"));
    producer.flush();
    remember();
    producer.add(Item.of("b"));
    producer.flush();
    goBack();
    assertThat(producer.finish().added()).isEqualTo(2);
    assertThat(Bench.drain(Bench.session(queue))).containsExactly("a", "b");
  }

  /** The run would have been drained without what was undone. */
  @Test
  void aSourceIsNotClosedBeforeAllThatItGaveIsThere() throws IOException {
    AtomicBoolean undone = new AtomicBoolean();
    CallListener listener =
        call -> {
          if (call.script().equals("close_source") && undone.compareAndSet(false, true)) {
            assertThatCode(this::goBack).doesNotThrowAnyException();
          }
          return CallListener.Answered.NOBODY;
        };
    try (WorkQueue mine = WorkQueue.open(bench.config(), listener)) {
      Producer producer = mine.produce(FillOptions.as("scan"));
      producer.add(Item.of("a"));
      producer.flush();
      remember();
      producer.add(Item.of("b"));
      assertThat(producer.finish().added()).isEqualTo(2);
    }
    assertThat(undone).isTrue();
    assertThat(Bench.drain(Bench.session(queue))).containsExactly("a", "b");
  }

  @Test
  void aRollbackToBeforeTheRunIsALoss() throws IOException {
    queue.settings();
    remember();
    Producer producer = queue.produce(FillOptions.as("scan"));
    producer.add(Item.of("a"));
    producer.flush();
    Session session = Bench.session(bench.open());
    session.lease(1);
    goBack();
    producer.add(Item.of("b"));
    assertThatThrownBy(producer::finish).isInstanceOf(RunLostException.class);
    assertThat(session.lease(1).state()).isInstanceOf(QueueState.Lost.class);
    assertThat(session.lease(1).state()).isInstanceOf(QueueState.Lost.class);
  }

  private void remember() throws IOException {
    try (Jedis jedis = redis.jedis()) {
      // Before it answers, Redis writes and syncs what it has put off: the copy is whole.
      jedis.configSet("appendfsync", "always");
      copyFiles(redis.folder(), copy);
      jedis.configSet("appendfsync", "everysec");
    }
  }

  private void goBack() throws IOException {
    redis.kill();
    copyFiles(copy, redis.folder());
    redis.restart();
  }

  private static void copyFiles(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(f -> f.toString().contains("appendonly")).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
