package dev.piecework.fake;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Settlement;
import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session that is heard until it is closed, or a test says that it has crashed. */
final class FakeSession implements Session {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final FakeBag bag;
  private final SessionInfo info;
  private final RunSeen seen;
  private final Map<String, FakeLease> held = new LinkedHashMap<>();
  private String id = newId();
  private boolean lost;
  private boolean leaving;
  private boolean closed;
  private boolean woken;
  private long versionSeen;
  private @Nullable Reporter reporter;
  private Runnable onLost = () -> {};
  private Consumer<Lease> onDropped = lease -> {};

  FakeSession(FakeBag bag, SessionInfo info, RunSeen seen) {
    this.bag = bag;
    this.info = info;
    this.seen = seen;
  }

  private static String newId() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  SessionInfo info() {
    return info;
  }

  RunSeen seen() {
    return seen;
  }

  Map<String, FakeLease> held() {
    return held;
  }

  boolean isHeld(Lease lease) {
    return held.get(lease.id()) == lease;
  }

  /** Taken for dead. */
  void crash() {
    synchronized (bag) {
      if (closed || lost) {
        return;
      }
      lost = true;
      bag.sessions.remove(this);
      bag.reclaim(this);
    }
    onLost.run();
  }

  void purged() {
    held.clear();
    lost = true;
  }

  /** Goes on under a new id if it was taken for dead; answers whether it was. */
  boolean goOnIfLost() {
    if (!lost || closed) {
      return false;
    }
    lost = false;
    id = newId();
    bag.sessions.add(this);
    return true;
  }

  /** A person has dropped the item of this lease. */
  void dropped(Lease lease) {
    onDropped.accept(lease);
  }

  @Override
  public String id() {
    synchronized (bag) {
      return id;
    }
  }

  @Override
  public QueueSettings settings() {
    synchronized (bag) {
      return bag.settings();
    }
  }

  @Override
  public int holds() {
    synchronized (bag) {
      return held.size();
    }
  }

  @Override
  public LeaseBatch step(List<Settlement> settlements, int want) {
    synchronized (bag) {
      if (closed) {
        return new LeaseBatch(List.of(), settlements, bag.state(seen), 0, false);
      }
      LeaseBatch batch = bag.step(this, settlements, want);
      versionSeen = bag.version();
      return batch;
    }
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    synchronized (bag) {
      if (!woken) {
        bag.await(versionSeen, atMost);
      }
      woken = false;
    }
  }

  @Override
  public Duration lookAgain() {
    return LOOK_AGAIN;
  }

  @Override
  public void wake() {
    synchronized (bag) {
      woken = true;
      bag.changed();
    }
  }

  @Override
  public void leaving() {
    synchronized (bag) {
      leaving = true;
    }
  }

  @Override
  public boolean leaveEarly() {
    synchronized (bag) {
      boolean inGoodHands =
          bag.state(seen) instanceof QueueState.NotYet
              && bag.waiting.delayed() == 0
              && !bag.sources.isAnyOpen()
              && held.isEmpty()
              && bag.sessions.stream()
                  .allMatch(session -> session.held.isEmpty() || !session.leaving);
      if (inGoodHands) {
        close();
      }
      return inGoodHands;
    }
  }

  @Override
  public void reportBy(Reporter reports) {
    synchronized (bag) {
      reporter = reports;
    }
  }

  @Override
  public void onLost(Runnable action) {
    onLost = action;
  }

  @Override
  public void onDropped(Consumer<Lease> action) {
    onDropped = action;
  }

  @Override
  public Duration sinceHeard() {
    return Duration.ZERO;
  }

  QueueStatus.SessionView view() {
    Reporter reports = reporter;
    return new QueueStatus.SessionView(
        id,
        info,
        held.size(),
        reports == null ? null : reports.oldest(),
        Duration.ZERO,
        false,
        ItemTimes.NONE);
  }

  @Override
  public void close() {
    synchronized (bag) {
      if (closed) {
        return;
      }
      closed = true;
      for (FakeLease lease : List.copyOf(held.values()).reversed()) {
        bag.waiting.putBack(lease.item());
      }
      held.clear();
      bag.sessions.remove(this);
      bag.changed();
    }
  }
}
