package dev.piecework.internal.partition;

import dev.piecework.Ending;
import dev.piecework.Lease;
import dev.piecework.Lot;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Standing;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.session.HeldLease;
import dev.piecework.internal.session.SingleSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One worker's sessions in the partitions of a queue: one in each, begun when it is first visited.
 * A lot comes from one partition; what is ended goes to where it came from.
 */
public final class PartitionedSession implements Session {

  private final PartitionedQueue queue;
  private final Rounds rounds;
  private final SessionInfo info;
  private final Tour tour;
  private final SingleSession home;
  private final int homeNumber;
  private final @Nullable SingleSession[] begun;
  private final Standing[] seen;
  private final ReentrantLock calls = new ReentrantLock();

  // Of a step that threw: what went through before, so that it may be called again.
  private final Set<Lease> wentThrough = new HashSet<>();
  private List<Lease> leased = new ArrayList<>();
  private List<Ending> refused = new ArrayList<>();

  private volatile @Nullable Reporter reporter;
  private volatile @Nullable Runnable onLost;
  private volatile @Nullable Consumer<Lease> onDropped;

  PartitionedSession(PartitionedQueue queue, Rounds rounds, SessionInfo info) {
    this.queue = queue;
    this.rounds = rounds;
    this.info = info;
    int count = queue.contacts().size();
    this.begun = new SingleSession[count];
    this.seen = new Standing[count];
    Arrays.fill(seen, new Standing.Ready());
    this.homeNumber = ThreadLocalRandom.current().nextInt(count);
    this.tour = new Tour(count, homeNumber);
    this.home = in(homeNumber);
  }

  private synchronized SingleSession in(int partition) {
    SingleSession session = begun[partition];
    if (session == null) {
      session = new SingleSession(queue.contacts().get(partition), info);
      Reporter by = reporter;
      if (by != null) {
        session.reportBy(new PartReporter(by, partition, begun.length));
      }
      Runnable action = onLost;
      if (action != null) {
        session.onLost(action);
      }
      Consumer<Lease> dropped = onDropped;
      if (dropped != null) {
        session.onDropped(dropped);
      }
      begun[partition] = session;
    }
    return session;
  }

  private synchronized List<SingleSession> all() {
    return Stream.of(begun).filter(session -> session != null).toList();
  }

  @Override
  public String id() {
    return home.id();
  }

  @Override
  public QueueSettings settings() {
    return home.settings();
  }

  @Override
  public int holds() {
    return all().stream().mapToInt(Session::holds).sum();
  }

  @Override
  public Lot step(List<Ending> endings, int want) {
    calls.lock();
    try {
      Map<Integer, List<Ending>> byPartition = sorted(endings);
      List<Integer> order = wantsMore(want, endings) ? tour.order(System.nanoTime()) : List.of();
      int first = order.isEmpty() ? -1 : order.getFirst();
      byPartition.forEach((partition, these) -> {
        if (partition != first) {
          call(partition, these, 0);
        }
      });
      Lot found = null;
      for (int partition : order) {
        List<Ending> these = partition == first ? byPartition.get(partition) : null;
        found = call(partition, these == null ? List.of() : these, want);
        if (!found.leases().isEmpty() || found.alone()) {
          break;
        }
      }
      return answer(want, found);
    } finally {
      calls.unlock();
    }
  }

  // What is held of an item that must be alone is ended before anything else is leased.
  private boolean wantsMore(int want, List<Ending> endings) {
    return want > 0
        && leased.isEmpty()
        && (all().stream().noneMatch(SingleSession::holdsCulprit) || endings.size() >= holds());
  }

  private Map<Integer, List<Ending>> sorted(List<Ending> endings) {
    Map<Integer, List<Ending>> byPartition = new TreeMap<>();
    for (Ending ending : endings) {
      if (wentThrough.contains(ending.lease())) {
        continue;
      }
      if (owns(ending.lease())) {
        int partition = ((HeldLease) ending.lease()).partition().number();
        byPartition.computeIfAbsent(partition, p -> new ArrayList<>()).add(ending);
        tour.lookAgain(partition); // what is ended there changes how it stands
      } else {
        refused.add(ending);
      }
    }
    return byPartition;
  }

  /** Whether it was leased by this session, in whatever partition. */
  public boolean owns(Lease lease) {
    return lease instanceof HeldLease held
        && held.session().equals(begun[held.partition().number()]);
  }

  private Lot call(int partition, List<Ending> endings, int want) {
    SingleSession session = in(partition);
    Lot lot = session.step(endings, want);
    endings.forEach(ending -> wentThrough.add(ending.lease()));
    refused.addAll(lot.refused());
    if (want > 0 && isCulprit(lot.leases()) && holds() > 1) {
      // It is to be alone: what is held in other partitions comes first.
      Lot back = session.step(List.of(new Ending.Release(lot.leases().getFirst())), 0);
      lot = new Lot(List.of(), List.of(), back.standing(), lot.left(), true);
    }
    leased.addAll(lot.leases());
    if (want > 0) {
      note(partition, lot);
    }
    return lot;
  }

  private static boolean isCulprit(List<Lease> leases) {
    return leases.size() == 1 && leases.getFirst().losses() >= 2;
  }

  private void note(int partition, Lot lot) {
    seen[partition] = lot.standing();
    if (lot.alone()) {
      tour.comeBackTo(partition);
    } else if (!lot.leases().isEmpty()) {
      tour.found(partition);
    } else {
      tour.foundNothing(partition, System.nanoTime());
      if (lot.standing() instanceof Standing.Drained) {
        rounds.runEndedIn(partition);
      }
    }
  }

  private Lot answer(int want, @Nullable Lot found) {
    boolean alone = found != null && found.alone();
    Standing standing = want == 0 || alone || !leased.isEmpty() ? new Standing.Ready() : standing();
    long left = found == null ? 0 : tour.left(found.left());
    Lot lot = new Lot(leased, List.copyOf(refused), standing, left, alone);
    leased = new ArrayList<>();
    refused = new ArrayList<>();
    wentThrough.clear();
    return lot;
  }

  /** Of what was seen on the way; an end is made sure of. */
  private Standing standing() {
    Standing all = Rounds.together(List.of(seen));
    if (all.isEnd()) {
      all = rounds.standing();
      if (!all.isEnd()) {
        // Something came to where there had been nothing.
        for (int i = 0; i < seen.length; i++) {
          tour.lookAgain(i);
        }
      }
    }
    return all;
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    Duration next = tour.untilNext(System.nanoTime());
    home.awaitChange(next.compareTo(atMost) < 0 ? next : atMost);
    tour.lookAgain(homeNumber);
  }

  @Override
  public Duration lookAgain() {
    return home.lookAgain();
  }

  @Override
  public void wake() {
    home.wake();
  }

  @Override
  public void leaving() {
    all().forEach(Session::leaving);
  }

  @Override
  public boolean leaveEarly() {
    return false;
  }

  @Override
  public void reportBy(Reporter newReporter) {
    reporter = newReporter;
    for (int i = 0; i < begun.length; i++) {
      SingleSession session = begun[i];
      if (session != null) {
        session.reportBy(new PartReporter(newReporter, i, begun.length));
      }
    }
  }

  @Override
  public void onLost(Runnable action) {
    onLost = action;
    all().forEach(session -> session.onLost(action));
  }

  @Override
  public void onDropped(Consumer<Lease> action) {
    onDropped = action;
    all().forEach(session -> session.onDropped(action));
  }

  @Override
  public Duration sinceHeard() {
    return all().stream().map(Session::sinceHeard).max(Duration::compareTo).orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    all().forEach(Session::close);
  }

  /** What a worker reports, in one of its partitions: of the items there; each duration once. */
  private record PartReporter(Reporter worker, int partition, int count) implements Reporter {

    @Override
    public QueueStatus.@Nullable OldestItem oldest() {
      QueueStatus.OldestItem oldest;
      synchronized (worker) {
        oldest = worker.oldest();
      }
      if (oldest == null || Partition.of(oldest.id(), count) != partition) {
        return null;
      }
      String stored = new Partition("", partition, count).stored(oldest.id());
      return new QueueStatus.OldestItem(
          stored, oldest.attempt(), oldest.age(), oldest.suspicious());
    }

    @Override
    public long[] durations() {
      synchronized (worker) {
        return worker.durations();
      }
    }
  }
}
