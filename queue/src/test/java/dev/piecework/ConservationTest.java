package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Protocol.Command;

/**
 * Invariants 1 to 5 as a property: random operations by several sessions, some of which crash,
 * against a model of each item's state; what Redis counts equals what the model counts after each.
 */
@Tag("slow")
class ConservationTest {

  private static final int STEPS = 250;
  private static final int ATTEMPTS = 3;
  private static final int LOSSES = 4;

  static Stream<Long> seeds() {
    String one = System.getProperty("seed");
    return one != null
        ? Stream.of(Long.parseLong(one))
        : new Random().longs(Effort.of(4)).map(Math::abs).boxed();
  }

  private enum State {
    WAITING,
    LEASED,
    DELAYED,
    DONE,
    DEAD
  }

  private static final class Known {
    State state = State.WAITING;
    int failed;
    int losses;
    long token;
    int commits;
  }

  private record Worker(Session session, List<Lease> holds) {}

  private final Map<String, Known> model = new HashMap<>();
  private final List<Worker> workers = new ArrayList<>();
  private final List<Lease> stale = new ArrayList<>();
  private int filled;
  private int rpushed;
  private int dropped;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsThereIsAlwaysAccountedFor(long seed) throws Exception {
    System.out.println("ConservationTest: -Dseed=" + seed);
    Random random = new Random(seed);
    try (Bench bench = Bench.shared()) {
      WorkQueue queue =
          bench.with(
              Bench.SETTINGS.withAttempts(ATTEMPTS).withLosses(LOSSES).withKeep(Keep.RESULTS));
      Producer open = queue.produce(FillOptions.as("keeps the run open"));
      open.add(item("first"));
      open.flush();
      for (int i = 0; i < STEPS; i++) {
        String did = step(random, bench, queue);
        bench.beat(open);
        check(queue, bench, "seed " + seed + ", step " + i + ": " + did);
      }
      open.finish();
      finish(bench, queue);
    }
  }

  private Item item(String payload) {
    model.put(payload, new Known());
    filled++;
    return Item.of(payload);
  }

  private String step(Random random, Bench bench, WorkQueue queue) {
    return switch (random.nextInt(16)) {
      case 0, 1 -> {
        List<Item> items = new ArrayList<>();
        int n = 1 + random.nextInt(12);
        for (int i = 0; i < n; i++) {
          Item item = item("p" + filled);
          switch (random.nextInt(6)) {
            case 0 -> items.add(item.withPriority(Priority.HIGH));
            case 1 -> items.add(item.withPriority(Priority.LOW));
            case 2 -> items.add(item.withId("id" + filled));
            case 3 -> items.add(item.withId(Integer.toString(1_000_000 - filled)));
            case 4 -> {
              items.add(item.withDelay(Duration.ofMinutes(1 + random.nextInt(100))));
              known(item.payload()).state = State.DELAYED;
            }
            default -> items.add(item);
          }
        }
        queue.fill(items.stream());
        yield "fill " + n;
      }
      case 2 -> {
        item("p" + filled);
        bench.rpush("p" + (filled - 1));
        rpushed++;
        yield "rpush";
      }
      case 3 -> {
        if (workers.size() < 4) {
          workers.add(new Worker(Bench.session(bench.open()), new ArrayList<>()));
        }
        yield "join";
      }
      case 4, 5, 6 -> workers.isEmpty() ? "-" : lease(any(random, workers), 1 + random.nextInt(8));
      case 7 -> crash(random, bench);
      case 8 -> {
        Duration by = Duration.ofMinutes(random.nextInt(16));
        bench.advance(by);
        workers.forEach(worker -> bench.beat(worker.session()));
        yield "advance " + by;
      }
      case 9 -> {
        // A late holder: refused, and nothing changes.
        if (!stale.isEmpty()) {
          Lease late = any(random, stale);
          assertThat(late.session().step(List.of(Settlement.complete(late)), 0).refused())
              .hasSize(1);
        }
        yield "late completion";
      }
      case 10 -> {
        long moved = queue.admin().requeue(new DeadItems.All());
        model.values().stream()
            .filter(known -> known.state == State.DEAD)
            .forEach(known -> {
              known.state = State.WAITING;
              known.failed = 0;
              known.losses = 0;
            });
        yield "requeue " + moved;
      }
      case 11 -> drop(random, queue);
      case 12 -> hasten(random, queue);
      default -> workers.isEmpty() ? "-" : end(random, any(random, workers));
    };
  }

  private String lease(Worker worker, int want) {
    LeaseBatch batch = worker.session().lease(want);
    assertThat(batch.leases()).hasSizeLessThanOrEqualTo(want);
    for (Lease lease : batch.leases()) {
      Known known = known(lease.payload());
      assertThat(known.state).as(lease.text()).isIn(State.WAITING, State.DELAYED);
      assertThat(lease.losses()).isEqualTo(known.losses);
      assertThat(lease.attempt()).isEqualTo(1 + known.failed + known.losses);
      assertThat(lease.token()).isGreaterThan(known.token);
      if (known.losses >= 1) {
        assertThat(batch.leases()).as("what was lost once comes alone").hasSize(1);
      }
      if (known.losses >= 2) {
        assertThat(worker.holds()).as("what was lost twice is all that is held").isEmpty();
      }
      known.state = State.LEASED;
      known.token = lease.token();
    }
    worker.holds().addAll(batch.leases());
    return "lease " + batch.leases().size();
  }

  private String end(Random random, Worker worker) {
    List<Settlement> settlements = new ArrayList<>();
    while (!worker.holds().isEmpty() && settlements.size() < 5) {
      Lease lease = worker.holds().remove(random.nextInt(worker.holds().size()));
      Known known = known(lease.payload());
      switch (random.nextInt(7)) {
        case 0 -> {
          settlements.add(new Settlement.Release(lease));
          known.state = State.WAITING;
        }
        case 1 -> {
          settlements.add(new Settlement.Bury(lease, "no"));
          known.failed++;
          known.state = State.DEAD;
        }
        case 2, 3 -> {
          Optional<Duration> after =
              random.nextBoolean() ? Optional.of(Duration.ofMinutes(5)) : Optional.empty();
          settlements.add(new Settlement.Retry(lease, "no", after));
          known.failed++;
          known.state = known.failed >= ATTEMPTS ? State.DEAD : State.DELAYED;
        }
        default -> {
          settlements.add(Settlement.complete(lease, lease.payload()));
          known.state = State.DONE;
          known.commits++;
        }
      }
    }
    assertThat(worker.session().step(settlements, 0).refused()).isEmpty();
    return "end " + settlements.size();
  }

  /** A person drops one item of any state; what its holder says of it is refused. */
  private String drop(Random random, WorkQueue queue) {
    State state = any(random, List.of(State.LEASED, State.DELAYED, State.DEAD, State.WAITING));
    List<ItemView> there = queue.admin().items(ItemState.valueOf(state.name())).toList();
    if (there.isEmpty()) {
      return "-";
    }
    ItemView item = any(random, there);
    String id = item.id();
    if (id == null) {
      assertThat(queue.admin().dropWaiting(item.payload())).isTrue();
    } else {
      assertThat(queue.admin().dropItem(id)).isPresent();
    }
    for (Worker worker : workers) {
      for (Lease lease : List.copyOf(worker.holds())) {
        if (lease.id().equals(id) && state == State.LEASED) {
          worker.holds().remove(lease);
          LeaseBatch late =
              worker.session().step(List.of(Settlement.complete(lease, lease.payload())), 0);
          assertThat(late.refused()).hasSize(1);
        }
      }
    }
    model.remove(new String(item.payload(), UTF_8));
    dropped++;
    return "drop " + id + ", " + state;
  }

  /** A person wants a delayed item to be run now. */
  private String hasten(Random random, WorkQueue queue) {
    List<ItemView> there = queue.admin().items(ItemState.DELAYED).toList();
    if (there.isEmpty()) {
      return "-";
    }
    ItemView item = any(random, there);
    assertThat(queue.admin().requeueItem(String.valueOf(item.id()))).contains(ItemState.DELAYED);
    known(item.payload()).state = State.WAITING;
    return "run " + item.id() + " now";
  }

  private String crash(Random random, Bench bench) {
    if (workers.isEmpty()) {
      return "-";
    }
    Worker dead = workers.remove(random.nextInt(workers.size()));
    Session[] alive = workers.stream().map(Worker::session).toArray(Session[]::new);
    bench.expireExcept(alive);
    while (bench.reap() > 0) {}
    if (alive.length == 0) { // nobody was heard: a grace, and then
      bench.advance(Bench.LEASE_TIMEOUT);
      bench.reap();
    }
    for (Lease lease : dead.holds()) {
      Known known = known(lease.payload());
      known.losses++;
      boolean usedUp = known.losses >= LOSSES && dead.holds().size() == 1;
      known.state = usedUp ? State.DEAD : State.WAITING;
    }
    stale.addAll(dead.holds());
    return "crash of one that held " + dead.holds().size();
  }

  private void check(WorkQueue queue, Bench bench, String when) {
    QueueStatus.Counts counts = queue.admin().status().counts();
    assertThat(counts.leased()).as(when).isEqualTo(count(State.LEASED));
    assertThat(counts.done()).as(when).isEqualTo(count(State.DONE));
    assertThat(counts.dead()).as(when).isEqualTo(count(State.DEAD));
    // What is due may wait already, among those that are leased alone.
    assertThat(counts.delayed()).as(when).isLessThanOrEqualTo(count(State.DELAYED));
    assertThat(counts.delayed() + counts.waiting())
        .as(when)
        .isEqualTo(count(State.DELAYED) + count(State.WAITING));
    assertThat(counts.total()).as(when).isEqualTo(filled - dropped);
    assertThat(bench.state("entered"))
        .as(when)
        .isEqualTo(Integer.toString(filled - rpushed - dropped));
    assertThat(bench.state("missed")).as(when).isNull();
    for (Worker worker : workers) {
      Object fields =
          bench.cli(Command.HLEN, "{" + bench.name + "}:session:" + worker.session().id());
      assertThat(fields).as(when).isEqualTo(worker.holds().size() + 1L);
    }
  }

  private void finish(Bench bench, WorkQueue queue) {
    workers.forEach(worker -> worker.session().close());
    Session last = Bench.session(queue);
    while (!queue.isDrained()) {
      bench.advance(Duration.ofMinutes(10));
      bench.beat(last);
      LeaseBatch batch = last.lease(50);
      batch.leases().forEach(lease -> known(lease.payload()).commits++);
      last.step(
          batch.leases().stream()
              .map(lease -> Settlement.complete(lease, lease.payload()))
              .toList(),
          0);
    }
    List<String> results = queue.results().map(r -> new String(r.payload(), UTF_8)).toList();
    assertThat(results).doesNotHaveDuplicates();
    model.forEach((payload, known) ->
        assertThat(known.commits).as(payload).isEqualTo(results.contains(payload) ? 1 : 0));
    assertThat(results.size() + queue.admin().status().counts().dead()).isEqualTo(filled - dropped);
  }

  private long count(State state) {
    return model.values().stream().filter(known -> known.state == state).count();
  }

  private Known known(byte[] payload) {
    return Objects.requireNonNull(model.get(new String(payload, UTF_8)));
  }

  private static <T> T any(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
