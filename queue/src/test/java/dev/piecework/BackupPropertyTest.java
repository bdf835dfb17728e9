package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.session.LeaseElsewhere;
import dev.piecework.internal.session.SingleSession;
import dev.piecework.testrun.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Protocol.Command;

/**
 * The invariants as in {@link ConservationTest}, with copies: random steps of several sessions, of
 * which some are lost; after each what Redis has is held against what each item is known to be.
 */
@Tag("slow")
class BackupPropertyTest {

  private static final int STEPS = 300;
  private static final int ATTEMPTS = 3;
  private static final int LOSSES = 4;

  private enum State {
    WAITING,
    DELAYED,
    LEASED,
    DONE,
    DEAD
  }

  private static final class Known {
    State state = State.WAITING;
    int failed;
    int losses;
    long token;
    final Set<Worker> holders = new HashSet<>();
  }

  /** Compared by identity. */
  private static final class Worker {
    final Session session;
    final List<Lease> holds = new ArrayList<>();
    final List<Lease> told = new ArrayList<>();

    Worker(Session session) {
      this.session = session;
      session.onOvertaken(told::add);
      ((SingleSession) session).reapNobody();
    }
  }

  static Stream<Long> seeds() {
    String one = System.getProperty("seed");
    return one != null
        ? Stream.of(Long.parseLong(one))
        : new Random().longs(Effort.of(4)).map(Math::abs).boxed();
  }

  private final Map<String, Known> items = new HashMap<>();
  private final List<Worker> workers = new ArrayList<>();
  private final List<Lease> overtaken = new ArrayList<>();
  private int filled;
  private int dropped;
  private int copies;
  private int won;
  private int promoted;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aCopiedItemIsOneItem(long seed) {
    Random random = new Random(seed);
    try (Bench bench = Bench.shared()) {
      WorkQueue queue =
          bench.with(
              Bench.SETTINGS
                  .withAttempts(ATTEMPTS)
                  .withLosses(LOSSES)
                  .withBackup(true)
                  .withKeep(Keep.RESULTS));
      Producer open = queue.produce(FillOptions.as("keeps the run open"));
      for (int i = 0; i < STEPS; i++) {
        String did = step(random, bench, queue);
        bench.beat(open);
        check(queue, bench, "-Dseed=" + seed + ", step " + i + ": " + did);
      }
      open.finish();
      finish(bench, queue);
    }
    System.out.println(
        "BackupPropertyTest: -Dseed="
            + seed
            + ": "
            + copies
            + " copies, "
            + won
            + " won, "
            + promoted
            + " outlived the original");
    assertThat(copies).isPositive();
  }

  private String step(Random random, Bench bench, WorkQueue queue) {
    return switch (random.nextInt(16)) {
      case 0 -> {
        if (count(State.WAITING) + count(State.DELAYED) > 0) {
          yield "-";
        }
        int n = 1 + random.nextInt(3);
        List<Item> more = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          String payload = "p" + filled++;
          items.put(payload, new Known());
          more.add(
              random.nextInt(3) == 0 ? Item.of(payload).withId("id " + filled) : Item.of(payload));
        }
        queue.fill(more.stream());
        yield "fill " + n;
      }
      case 1 -> {
        if (workers.size() < 4) {
          Worker joins = new Worker(Bench.session(bench.open()));
          joins.session.lease(0);
          workers.add(joins);
        }
        yield "join";
      }
      case 2, 3, 4, 13, 14 -> workers.isEmpty() ? "-" : lease(any(random, workers));
      case 5, 6, 7, 8 -> workers.size() < 2 ? "-" : copy(random);
      case 9 -> random.nextInt(3) == 0 ? crash(random, bench) : "-";
      case 10 -> {
        bench.advance(Duration.ofMinutes(12));
        workers.forEach(worker -> bench.beat(worker.session));
        yield "advance";
      }
      case 11 -> {
        if (!overtaken.isEmpty()) {
          Lease late = overtaken.removeFirst();
          assertThat(late.session().step(List.of(Settlement.complete(late)), 0).refused())
              .hasSize(1);
        }
        yield "the end of one that was overtaken";
      }
      case 12 -> random.nextInt(3) == 0 ? drop(random, queue) : "-";
      default -> workers.isEmpty() ? "-" : end(random, any(random, workers));
    };
  }

  private String lease(Worker worker) {
    LeaseBatch batch = worker.session.lease(2);
    for (Lease lease : batch.leases()) {
      Known item = item(lease);
      assertThat(item.state).isIn(State.WAITING, State.DELAYED);
      assertThat(lease.token()).isGreaterThan(item.token);
      assertThat(lease.attempt()).isEqualTo(1 + item.failed + item.losses);
      item.token = lease.token();
      item.state = State.LEASED;
      item.holders.add(worker);
    }
    worker.holds.addAll(batch.leases());
    return "lease " + batch.leases().size();
  }

  private String copy(Random random) {
    List<Worker> holding = workers.stream().filter(one -> !one.holds.isEmpty()).toList();
    if (holding.isEmpty()) {
      return "-";
    }
    Worker from = any(random, holding);
    Worker to = any(random, workers);
    Lease lease = any(random, from.holds);
    Known item = item(lease);
    LeaseElsewhere said =
        new LeaseElsewhere(from.session.id(), "", lease.id(), lease.token(), Duration.ofSeconds(1));
    boolean alone = to.holds.size() == 1 && to.holds.getFirst().losses() >= 2;
    boolean may =
        count(State.WAITING) + count(State.DELAYED) == 0
            && item.holders.size() == 1
            && item.losses == 0
            && from != to
            && !alone
            && items.values().stream().filter(one -> one.holders.size() > 1).count() < 2;
    to.session.lease(0); // learns what it was overtaken at; who does not know that gets none
    Optional<Lease> copy = ((SingleSession) to.session).backUp(said, 2);
    assertThat(copy.isPresent()).isEqualTo(may);
    copy.ifPresent(second -> {
      assertThat(second.token()).isEqualTo(item.token);
      assertThat(second.attempt()).isEqualTo(lease.attempt());
      item.holders.add(to);
      to.holds.add(second);
      copies++;
    });
    return "copy " + may;
  }

  private String end(Random random, Worker worker) {
    List<Settlement> settlements = new ArrayList<>();
    while (!worker.holds.isEmpty() && settlements.size() < 3) {
      Lease lease = worker.holds.remove(random.nextInt(worker.holds.size()));
      Known item = item(lease);
      int kind = random.nextInt(6);
      item.holders.remove(worker);
      if (kind > 2) {
        settlements.add(Settlement.complete(lease, lease.payload()));
        won += item.holders.isEmpty() ? 0 : 1;
        overtake(lease, item);
        item.state = State.DONE;
        continue;
      }
      settlements.add(
          switch (kind) {
            case 0 -> new Settlement.Release(lease);
            case 1 -> new Settlement.Bury(lease, "no");
            default -> new Settlement.Retry(lease, "no", Optional.of(Duration.ofMinutes(5)));
          });
      if (item.holders.isEmpty()) {
        item.failed += kind == 0 ? 0 : 1;
        item.state =
            kind == 0
                ? State.WAITING
                : kind == 1 || item.failed >= ATTEMPTS ? State.DEAD : State.DELAYED;
      }
    }
    assertThat(worker.session.step(settlements, 0).refused()).isEmpty();
    return "end " + settlements;
  }

  private void overtake(Lease lease, Known item) {
    for (Worker loser : item.holders) {
      Lease theirs =
          loser.holds.stream().filter(one -> one.id().equals(lease.id())).findFirst().orElseThrow();
      loser.holds.remove(theirs);
      overtaken.add(theirs);
    }
    item.holders.clear();
  }

  private String drop(Random random, WorkQueue queue) {
    List<Worker> holding = workers.stream().filter(one -> !one.holds.isEmpty()).toList();
    if (holding.isEmpty()) {
      return "-";
    }
    Lease lease = any(random, any(random, holding).holds);
    Known item = item(lease);
    assertThat(queue.admin().dropItem(lease.id())).contains(ItemState.LEASED);
    overtake(lease, item);
    items.remove(lease.text());
    dropped++;
    return "drop " + lease;
  }

  private String crash(Random random, Bench bench) {
    if (workers.size() < 2) {
      return "-";
    }
    Worker dead = workers.remove(random.nextInt(workers.size()));
    bench.expireExcept(workers.stream().map(one -> one.session).toArray(Session[]::new));
    while (bench.reap() > 0) {}
    boolean alone = dead.holds.size() == 1;
    for (Lease lease : dead.holds) {
      Known item = item(lease);
      item.holders.remove(dead);
      if (!item.holders.isEmpty()) {
        promoted++;
        continue;
      }
      item.losses++;
      item.state = item.losses >= LOSSES && alone ? State.DEAD : State.WAITING;
    }
    return "crash of one that held " + dead.holds.size();
  }

  private void check(WorkQueue queue, Bench bench, String when) {
    QueueStatus.Counts counts = queue.admin().status().counts();
    assertThat(counts.leased()).as(when).isEqualTo(count(State.LEASED));
    assertThat(counts.done()).as(when).isEqualTo(count(State.DONE));
    assertThat(counts.dead()).as(when).isEqualTo(count(State.DEAD));
    assertThat(counts.delayed() + counts.waiting())
        .as(when)
        .isEqualTo(count(State.DELAYED) + count(State.WAITING));
    assertThat(counts.total()).as(when).isEqualTo(filled - dropped);
    assertThat(bench.state("missed")).as(when).isNull();
    for (Worker worker : workers) {
      Object fields =
          bench.cli(Command.HLEN, "{" + bench.name + "}:session:" + worker.session.id());
      assertThat(fields).as(when).isEqualTo(worker.holds.size() + 1L);
    }
    String lines = bench.state("copies");
    long twice = items.values().stream().filter(one -> one.holders.size() > 1).count();
    assertThat(lines == null ? 0 : lines.lines().count()).as(when).isEqualTo(twice);
    // Who holds what is noted, and nothing else.
    assertThat(bench.raw(Command.HLEN, "leases")).as(when).isEqualTo(count(State.LEASED));
  }

  private void finish(Bench bench, WorkQueue queue) {
    workers.forEach(worker -> worker.session.close());
    Session last = Bench.session(queue);
    while (!queue.isDrained()) {
      bench.advance(Duration.ofMinutes(10));
      bench.beat(last);
      LeaseBatch batch = last.lease(50);
      last.step(
          batch.leases().stream()
              .map(lease -> Settlement.complete(lease, lease.payload()))
              .toList(),
          0);
    }
    List<String> results = queue.results().map(one -> new String(one.payload(), UTF_8)).toList();
    assertThat(results).doesNotHaveDuplicates();
    assertThat(results.size() + queue.admin().status().counts().dead()).isEqualTo(filled - dropped);
    assertThat(bench.raw(Command.EXISTS, "leases")).isEqualTo(0L);
  }

  private long count(State state) {
    return items.values().stream().filter(item -> item.state == state).count();
  }

  private Known item(Lease lease) {
    return Objects.requireNonNull(items.get(lease.text()));
  }

  private static <T> T any(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
