package dev.piecework.internal.partition;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Settlement;
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
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One worker's sessions in the partitions of a queue: one in each, begun when it is first visited.
 * A batch comes from one partition; what is ended goes to where it came from.
 */
public final class PartitionedSession implements Session {

  private final PartitionedQueue queue;
  private final PartitionConsensus consensus;
  private volatile SessionInfo info;
  private final PartitionSchedule schedule;
  private final SingleSession own;
  private final int ownPartition;
  private final @Nullable SingleSession[] begun;
  private final QueueState[] seen;
  private final ReentrantLock calls = new ReentrantLock();

  // Of a step that threw: what went through before, so that it may be called again.
  private final Set<Lease> wentThrough = new HashSet<>();
  private List<Lease> leased = new ArrayList<>();
  private List<Settlement> refused = new ArrayList<>();

  private volatile boolean somethingIsDone;
  private volatile @Nullable Reporter reporter;
  private volatile @Nullable Runnable onLost;
  private volatile @Nullable Consumer<Lease> onDropped;
  private volatile @Nullable IntConsumer onSlots;

  PartitionedSession(PartitionedQueue queue, PartitionConsensus consensus, SessionInfo info) {
    this.queue = queue;
    this.consensus = consensus;
    this.info = info;
    int count = queue.clients().size();
    this.begun = new SingleSession[count];
    this.seen = new QueueState[count];
    Arrays.fill(seen, new QueueState.Ready());
    this.ownPartition = ThreadLocalRandom.current().nextInt(count);
    this.schedule = new PartitionSchedule(count, ownPartition);
    this.own = in(ownPartition);
  }

  private synchronized SingleSession in(int partition) {
    SingleSession session = begun[partition];
    if (session == null) {
      session = new SingleSession(queue.clients().get(partition), info);
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
      session.onSlots(this::told);
      begun[partition] = session;
    }
    return session;
  }

  private synchronized List<SingleSession> all() {
    return Stream.of(begun).filter(session -> session != null).toList();
  }

  @Override
  public String id() {
    return own.id();
  }

  @Override
  public QueueSettings settings() {
    return own.settings();
  }

  @Override
  public boolean isSomethingDone() {
    return somethingIsDone;
  }

  @Override
  public int holds() {
    return all().stream().mapToInt(Session::holds).sum();
  }

  @Override
  public LeaseBatch step(List<Settlement> settlements, int want) {
    calls.lock();
    try {
      somethingIsDone = false;
      Map<Integer, List<Settlement>> byPartition = sorted(settlements);
      List<Integer> order =
          wantsMore(want, settlements) ? schedule.order(System.nanoTime()) : List.of();
      int first = order.isEmpty() ? -1 : order.getFirst();
      byPartition.forEach((partition, these) -> {
        if (partition != first) {
          call(partition, these, 0);
        }
      });
      LeaseBatch found = null;
      for (int partition : order) {
        List<Settlement> these = partition == first ? byPartition.get(partition) : null;
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
  private boolean wantsMore(int want, List<Settlement> settlements) {
    return want > 0
        && leased.isEmpty()
        && (all().stream().noneMatch(SingleSession::holdsLostTwice)
            || settlements.size() >= holds());
  }

  private Map<Integer, List<Settlement>> sorted(List<Settlement> settlements) {
    Map<Integer, List<Settlement>> byPartition = new TreeMap<>();
    for (Settlement settlement : settlements) {
      if (wentThrough.contains(settlement.lease())) {
        continue;
      }
      if (owns(settlement.lease())) {
        int partition = ((HeldLease) settlement.lease()).partition().number();
        byPartition.computeIfAbsent(partition, p -> new ArrayList<>()).add(settlement);
        schedule.lookAgain(partition); // what is ended there changes its state
      } else {
        refused.add(settlement);
      }
    }
    return byPartition;
  }

  /** Whether it was leased by this session, in whatever partition. */
  public boolean owns(Lease lease) {
    return lease instanceof HeldLease held
        && held.session().equals(begun[held.partition().number()]);
  }

  private LeaseBatch call(int partition, List<Settlement> settlements, int want) {
    SingleSession session = in(partition);
    LeaseBatch batch = session.step(settlements, want);
    somethingIsDone |= session.isSomethingDone();
    settlements.forEach(settlement -> wentThrough.add(settlement.lease()));
    refused.addAll(batch.refused());
    if (want > 0 && isLostTwice(batch.leases()) && holds() > 1) {
      // It is to be alone: what is held in other partitions comes first.
      LeaseBatch back = session.step(List.of(new Settlement.Release(batch.leases().getFirst())), 0);
      batch = new LeaseBatch(List.of(), List.of(), back.state(), batch.left(), true);
    }
    leased.addAll(batch.leases());
    if (want > 0) {
      note(partition, batch);
    }
    return batch;
  }

  private static boolean isLostTwice(List<Lease> leases) {
    return leases.size() == 1 && leases.getFirst().losses() >= 2;
  }

  private void note(int partition, LeaseBatch batch) {
    seen[partition] = batch.state();
    if (batch.alone()) {
      schedule.comeBackTo(partition);
    } else if (!batch.leases().isEmpty()) {
      schedule.found(partition);
    } else {
      schedule.foundNothing(partition, System.nanoTime());
      if (batch.state() instanceof QueueState.Drained) {
        consensus.runEndedIn(partition);
      }
    }
  }

  private LeaseBatch answer(int want, @Nullable LeaseBatch found) {
    boolean alone = found != null && found.alone();
    QueueState state = want == 0 || alone || !leased.isEmpty() ? new QueueState.Ready() : state();
    long left = found == null ? 0 : schedule.left(found.left());
    LeaseBatch batch = new LeaseBatch(leased, List.copyOf(refused), state, left, alone);
    leased = new ArrayList<>();
    refused = new ArrayList<>();
    wentThrough.clear();
    return batch;
  }

  /** Of what was seen on the way; an end is made sure of. */
  private QueueState state() {
    QueueState all = PartitionConsensus.together(List.of(seen));
    if (all.isEnd()) {
      all = consensus.state();
      if (!all.isEnd()) {
        // Something came to where there had been nothing.
        for (int i = 0; i < seen.length; i++) {
          schedule.lookAgain(i);
        }
      }
    }
    return all;
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    Duration next = schedule.untilNext(System.nanoTime());
    own.awaitChange(next.compareTo(atMost) < 0 ? next : atMost);
    schedule.lookAgain(ownPartition);
  }

  @Override
  public Duration lookAgain() {
    return own.lookAgain();
  }

  @Override
  public void wake() {
    own.wake();
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
  public void onSlots(IntConsumer action) {
    onSlots = action;
  }

  private void told(int slots) {
    info = info.withSlots(slots);
    IntConsumer action = onSlots;
    if (action != null) {
      action.accept(slots);
    }
  }

  @Override
  public void slots(int slots) {
    info = info.withSlots(slots);
    all().forEach(session -> session.slots(slots));
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
      return oldest != null && isHere(oldest) ? stored(oldest) : null;
    }

    @Override
    public List<QueueStatus.OldestItem> running() {
      List<QueueStatus.OldestItem> running;
      synchronized (worker) {
        running = worker.running();
      }
      return running.stream().filter(this::isHere).map(this::stored).toList();
    }

    private boolean isHere(QueueStatus.OldestItem item) {
      return Partition.of(item.id(), count) == partition;
    }

    private QueueStatus.OldestItem stored(QueueStatus.OldestItem item) {
      String stored = new Partition("", partition, count).stored(item.id());
      return new QueueStatus.OldestItem(stored, item.attempt(), item.age(), item.suspicious());
    }

    @Override
    public SlotTimes slots() {
      synchronized (worker) {
        return worker.slots();
      }
    }
  }
}
