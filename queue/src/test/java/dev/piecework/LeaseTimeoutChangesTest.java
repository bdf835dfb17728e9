package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueStatus.ProducerState;
import dev.piecework.internal.fill.SingleProducer;
import dev.piecework.internal.session.SingleSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/**
 * The lease timeout is changed while workers and producers run: whoever is heard as often as he was
 * told to be loses nothing, before, between and after his heartbeats.
 */
@Tag("slow")
class LeaseTimeoutChangesTest {

  private final Bench bench = Bench.shared();
  private final WorkQueue queue = bench.open();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aShorterLeaseTimeoutHoldsFromTheNextHeartbeatOnAndIsFollowed() {
    queue.fill(Bench.items("a"));
    SingleSession worker = (SingleSession) Bench.session(queue);
    List<Lease> held = worker.lease(1).leases();
    queue.admin().set("lease-timeout", "3m");
    assertThat(worker.heartbeatInterval()).isEqualTo(Bench.LEASE_TIMEOUT.dividedBy(3));
    bench.advance(Bench.LEASE_TIMEOUT.dividedBy(3));
    bench.reap();
    worker.beat();
    assertThat(worker.heartbeatInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(worker.settings().leaseTimeout()).isEqualTo(Duration.ofMinutes(3));
    for (int i = 0; i < 20; i++) {
      bench.advance(Duration.ofMinutes(1));
      bench.reap();
      worker.beat();
    }
    assertThat(worker.step(Bench.complete(held), 0).refused()).isEmpty();
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aDeadWorkerIsReapedByTheLeaseTimeoutThatItWasPromised() {
    queue.fill(Bench.items("a"));
    Bench.session(queue).lease(1);
    SingleSession alive = (SingleSession) Bench.session(bench.open());
    queue.admin().set("lease-timeout", "3m");
    Duration passed = Duration.ZERO;
    while (queue.admin().status().counts().leased() > 0) {
      bench.advance(Duration.ofMinutes(1));
      passed = passed.plusMinutes(1);
      alive.beat();
      assertThat(passed).isLessThanOrEqualTo(Bench.LEASE_TIMEOUT.plusMinutes(1));
    }
    assertThat(passed).isGreaterThanOrEqualTo(Bench.LEASE_TIMEOUT);
    // Who died after it has heard of the change is reaped by the new one.
    SingleSession informed = (SingleSession) Bench.session(bench.open());
    informed.lease(1);
    bench.advance(Duration.ofMinutes(2));
    alive.beat();
    assertThat(queue.admin().status().counts().leased()).isEqualTo(1);
    bench.advance(Duration.ofMinutes(2));
    alive.beat();
    assertThat(queue.admin().status().counts().leased()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whoIsHeardAsToldLosesNothing(int seed) {
    Random random = new Random(seed);
    queue.fill(Bench.numbers(6));
    List<Heard> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      SingleSession session = (SingleSession) Bench.session(bench.open());
      session.lease(1);
      all.add(new Worker(session));
    }
    for (int i = 0; i < 2; i++) {
      all.add(new Filler((SingleProducer) bench.open().produce(FillOptions.as("scan" + i))));
    }
    all.forEach(one -> one.next = bench.now().plus(one.interval()).toEpochMilli());
    List<String> did = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(10)) {
        case 0 -> {
          String leaseTimeout = List.of("30m", "1h", "5h", "100h").get(random.nextInt(4));
          did.add("set " + leaseTimeout);
          queue.admin().set("lease-timeout", leaseTimeout);
        }
        case 1, 2 -> {
          did.add("reap");
          bench.reap();
        }
        case 3 -> {
          // Of three lease timeouts at once, one changed after the other before anybody was heard,
          // the one
          // between is not remembered.
          long inForce =
              Stream.concat(
                      all.stream().map(Heard::interval),
                      Stream.of(queue.settings().heartbeatInterval()))
                  .distinct()
                  .count();
          if (random.nextInt(5) == 0 && inForce <= 2) {
            outage(random, all, did);
          }
        }
        case 4 -> all.stream().filter(one -> one instanceof Filler).forEach(Heard::work);
        default -> {
          long due = all.stream().mapToLong(one -> one.next).min().orElseThrow();
          long left = due - bench.now().toEpochMilli();
          bench.advance(Duration.ofMillis(random.nextBoolean() ? left : random.nextLong(left + 1)));
          did.add("at " + bench.now());
          if (random.nextBoolean()) {
            bench.reap();
          }
          beat(all);
        }
      }
      for (Heard one : all) {
        assertThat(one.isAlive()).as("seed %s: %s of %s", seed, one, did).isTrue();
      }
    }
    assertThat(queue.admin().status().counts().leased()).isEqualTo(5);
    assertThat(queue.admin().status().producers())
        .allMatch(producer -> producer.state() == ProducerState.OPEN);
  }

  private void beat(List<Heard> all) {
    long now = bench.now().toEpochMilli();
    for (Heard one : all) {
      if (one.next <= now) {
        one.beat();
        one.next = now + one.interval().toMillis();
      }
    }
  }

  // Nobody is heard for a while; then somebody looks, and all try again at once.
  private void outage(Random random, List<Heard> all, List<String> did) {
    bench.advance(Duration.ofMinutes(random.nextInt(20_000)));
    did.add("outage until " + bench.now());
    List<Heard> order = new ArrayList<>(all);
    Collections.shuffle(order, random);
    for (Heard one : order) {
      if (random.nextBoolean()) {
        bench.reap();
      }
      one.beat();
      one.next = bench.now().plus(one.interval()).toEpochMilli();
    }
  }

  private abstract static class Heard {
    long next;

    abstract Duration interval();

    abstract void beat();

    abstract boolean isAlive();

    void work() {}
  }

  private static final class Worker extends Heard {
    private final SingleSession session;

    Worker(SingleSession session) {
      this.session = session;
    }

    @Override
    Duration interval() {
      return session.heartbeatInterval();
    }

    @Override
    void beat() {
      session.beat();
    }

    @Override
    boolean isAlive() {
      return session.holds() == 1;
    }
  }

  private final class Filler extends Heard {
    private final SingleProducer producer;
    private int filled;

    Filler(SingleProducer producer) {
      this.producer = producer;
    }

    @Override
    Duration interval() {
      return producer.heartbeatInterval();
    }

    @Override
    void beat() {
      producer.beat();
    }

    @Override
    void work() {
      producer.add(Item.of("more " + filled++));
      producer.flush();
    }

    // Past its deadline another fill of the same source would take it for broken off.
    @Override
    boolean isAlive() {
      Object score = bench.raw(Command.ZSCORE, "producers", producer.source());
      return score instanceof byte[] text
          && Double.parseDouble(new String(text, java.nio.charset.StandardCharsets.UTF_8))
              >= bench.now().toEpochMilli();
    }
  }
}
