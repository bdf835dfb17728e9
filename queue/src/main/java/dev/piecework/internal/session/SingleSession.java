package dev.piecework.internal.session;

import dev.piecework.Ending;
import dev.piecework.Lease;
import dev.piecework.LeaseLostException;
import dev.piecework.Lot;
import dev.piecework.QueueSettings;
import dev.piecework.RedisRefusesException;
import dev.piecework.RedisUnreachableException;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Standing;
import dev.piecework.internal.client.Contact;
import dev.piecework.internal.client.Doorbell;
import dev.piecework.internal.client.Heartbeat;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.internal.state.Standings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session in one hash slot: that of a queue without partitions, or of one partition. */
public final class SingleSession implements Session {

  private final Contact contact;
  private final Standings standings;
  private final ExpiryWatch expiryWatch;
  private final Doorbell doorbell;
  private final SessionLife life;
  private final Heartbeat heartbeat;
  private final ReentrantLock calls = new ReentrantLock();
  private volatile boolean watchPushes = true;
  private volatile boolean passOnNext;
  private @Nullable Standing endPassedOn;
  private volatile boolean left;

  public SingleSession(Contact contact, SessionInfo info) {
    this.contact = contact;
    this.standings = new Standings(contact);
    this.expiryWatch =
        new ExpiryWatch(new Reclaimer(contact), contact.config().access().clock() != null);
    this.doorbell = new Doorbell(contact);
    this.life = new SessionLife(this, contact, info);
    life.enlist();
    this.heartbeat = new Heartbeat(info.worker(), life::interval, this::beat, expiryWatch);
  }

  /** One heartbeat; its thread's, and a test's. */
  public boolean beat() {
    return life.beat(expiryWatch);
  }

  @Override
  public String id() {
    return life.id();
  }

  @Override
  public QueueSettings settings() {
    return life.settings();
  }

  /** How often it is to be heard from now on. */
  public Duration heartbeatInterval() {
    return life.interval();
  }

  @Override
  public int holds() {
    return life.holds();
  }

  @Override
  public Lot step(List<Ending> endings, int want) {
    calls.lock();
    try {
      Lot lot = new SessionStep(contact, standings, life, endings, want).run();
      if (passOnNext && (!lot.leases().isEmpty() || isNewEnd(lot.standing()))) {
        passOnNext = false;
        doorbell.passOn();
      }
      watchPushes = lot.standing() instanceof Standing.NotYet || isQuiet(lot.standing());
      return lot;
    } finally {
      calls.unlock();
    }
  }

  // An end is passed on once: who stays after it would hear its own bell, over and over.
  private boolean isNewEnd(Standing standing) {
    if (!standing.isEnd() || standing.equals(endPassedOn)) {
      return false;
    }
    endPassedOn = standing;
    return true;
  }

  private static boolean isQuiet(Standing standing) {
    return standing instanceof Standing.NeverFilled || standing instanceof Standing.Drained;
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    doorbell.await(atMost, watchPushes);
    // Also when nothing was heard: what is found then is what a worker was woken for that died.
    passOnNext = true;
  }

  @Override
  public Duration lookAgain() {
    return standings.lookAgain();
  }

  @Override
  public void wake() {
    doorbell.wake();
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
  public Duration sinceHeard() {
    return heartbeat.sinceHeard();
  }

  /** Whether an item is held that must be alone. */
  public boolean holdsCulprit() {
    return life.holdsCulprit();
  }

  void endNow(Ending ending) {
    Lot lot = step(List.of(ending), 0);
    if (!lot.refused().isEmpty()) {
      throw new LeaseLostException(
          "the lease of item " + ending.lease().id() + " is no longer held; nothing was changed");
    }
  }

  private void stopActors() {
    left = true;
    expiryWatch.close();
    heartbeat.close();
    doorbell.close();
  }

  @Override
  public void close() {
    if (left) {
      return;
    }
    stopActors();
    calls.lock();
    try {
      List<Ending> endings = new ArrayList<>();
      for (HeldLease lease : life.heldLeases()) {
        endings.add(new Ending.Release(lease));
      }
      if (!endings.isEmpty()) {
        new SessionStep(contact, standings, life, endings, 0).run();
      }
      life.leave(false);
    } catch (RedisFailure | RedisUnreachableException | RedisRefusesException away) {
      // What is held is given to others when the session expires.
    } finally {
      calls.unlock();
    }
  }
}
