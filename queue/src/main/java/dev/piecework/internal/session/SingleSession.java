package dev.piecework.internal.session;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.LeaseLostException;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.RedisRefusesException;
import dev.piecework.RedisUnreachableException;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Settlement;
import dev.piecework.internal.client.Heartbeat;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.WakeUpListener;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.internal.state.StateReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A session in one hash slot: that of a queue without partitions, or of one partition. */
public final class SingleSession implements Session {

  private final QueueClient client;
  private final StateReader reader;
  private final ExpiryWatch expiryWatch;
  private final WakeUpListener wakeUps;
  private final SessionLife life;
  private final BackupLeases backups;
  private final Heartbeat heartbeat;
  private final ReentrantLock calls = new ReentrantLock();
  private volatile boolean watchPushes = true;
  private volatile boolean passOnNext;
  private @Nullable QueueState endPassedOn;
  private volatile boolean somethingIsDone;
  private volatile boolean left;

  public SingleSession(QueueClient client, SessionInfo info) {
    this.client = client;
    this.reader = new StateReader(client);
    this.expiryWatch =
        new ExpiryWatch(new Reclaimer(client), client.config().access().clock() != null);
    this.wakeUps = new WakeUpListener(client);
    this.life = new SessionLife(this, client, info);
    this.backups = new BackupLeases(client, life);
    life.enlist();
    this.heartbeat =
        new Heartbeat(client.link(), info.worker(), life::interval, this::beat, expiryWatch);
  }

  /** One heartbeat; its thread's, and a test's. */
  public boolean beat() {
    return life.beat(expiryWatch);
  }

  /** Leaves it to others to reap; for a test that says when somebody is reaped. */
  public void reapNobody() {
    expiryWatch.close();
  }

  @Override
  public String id() {
    return life.id();
  }

  @Override
  public QueueSettings settings() {
    return life.settings();
  }

  @Override
  public boolean isSomethingDone() {
    return somethingIsDone;
  }

  /** How often it is to be heard from now on. */
  public Duration heartbeatInterval() {
    return life.interval();
  }

  @Override
  public int holds() {
    return life.held().count();
  }

  @Override
  public LeaseBatch step(List<Settlement> settlements, int want) {
    calls.lock();
    try {
      SessionStep step = new SessionStep(client, reader, life, settlements, want);
      LeaseBatch batch = step.run();
      somethingIsDone = step.isSomethingDone();
      if (passOnNext && (!batch.leases().isEmpty() || isNewEnd(batch.state()))) {
        passOnNext = false;
        wakeUps.passOn();
      }
      watchPushes = batch.state() instanceof QueueState.NotYet || isQuiet(batch.state());
      return batch;
    } finally {
      calls.unlock();
    }
  }

  // An end is passed on once: who stays after it would be woken by itself, over and over.
  private boolean isNewEnd(QueueState state) {
    if (!state.isEnd() || state.equals(endPassedOn)) {
      return false;
    }
    endPassedOn = state;
    return true;
  }

  private static boolean isQuiet(QueueState state) {
    return state instanceof QueueState.NeverFilled || state instanceof QueueState.Drained;
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    wakeUps.await(atMost, watchPushes);
    // Also when nothing was heard: what is found then is what a worker was woken for that died.
    passOnNext = true;
  }

  @Override
  public Duration lookAgain() {
    return reader.lookAgain();
  }

  @Override
  public void wake() {
    wakeUps.wake();
  }

  @Override
  public void leaving() {
    calls.lock();
    try {
      life.leaving();
    } finally {
      calls.unlock();
    }
  }

  @Override
  public boolean leaveEarly() {
    calls.lock();
    try {
      if (!life.leave(true)) {
        return false;
      }
    } finally {
      calls.unlock();
    }
    stopActors();
    return true;
  }

  @Override
  public void reportBy(Reporter reporter) {
    life.reportBy(reporter);
  }

  @Override
  public void onLost(Runnable action) {
    life.onLost(action);
  }

  @Override
  public void onDropped(Consumer<Lease> action) {
    life.onDropped(action);
  }

  @Override
  public void onSlots(IntConsumer action) {
    life.onSlots(action);
  }

  @Override
  public void slots(int slots) {
    life.slots(slots);
  }

  @Override
  public Duration sinceHeard() {
    return heartbeat.sinceHeard();
  }

  /** Whether an item is held that must be alone. */
  public boolean holdsLostTwice() {
    return life.held().holdsLostTwice();
  }

  @Override
  public void onOvertaken(Consumer<Lease> action) {
    life.onOvertaken(action);
  }

  @Override
  public Optional<Lease> backUp() {
    if (!settings().backup()) {
      return Optional.empty();
    }
    calls.lock();
    try {
      return backups.lease();
    } finally {
      calls.unlock();
    }
  }

  /** A copy of this very item, if it may be made; most copies of all at a time. */
  public Optional<Lease> backUp(LeaseElsewhere item, int most) {
    calls.lock();
    try {
      return backups.lease(item, most);
    } finally {
      calls.unlock();
    }
  }

  void endNow(Settlement settlement) {
    LeaseBatch batch = step(List.of(settlement), 0);
    if (!batch.refused().isEmpty()) {
      throw new LeaseLostException(
          "the lease of item "
              + settlement.lease().id()
              + " is no longer held; nothing was changed");
    }
  }

  private void stopActors() {
    left = true;
    expiryWatch.close();
    heartbeat.close();
    wakeUps.close();
  }

  @Override
  public void close() {
    if (left) {
      return;
    }
    stopActors();
    calls.lock();
    try {
      List<Settlement> settlements = new ArrayList<>();
      for (HeldLease lease : life.held().all()) {
        settlements.add(new Settlement.Release(lease));
      }
      if (!settlements.isEmpty()) {
        new SessionStep(client, reader, life, settlements, 0).run();
      }
      life.leave(false);
    } catch (RedisFailure | RedisUnreachableException | RedisRefusesException away) {
      // What is held is given to others when the session expires.
    } finally {
      calls.unlock();
    }
  }
}
