package dev.piecework.fake;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.LeaseBatch;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.Result;
import dev.piecework.RunLostException;
import dev.piecework.SessionInfo;
import dev.piecework.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state of one queue, which all its clients share. Its monitor is the one lock of the fake:
 * every transition is made under it, as in Redis every script is atomic.
 */
final class FakeBag {

  private static final int MOST_ITEMS = 1_000;
  private static final int UNCOUNTED_NOT_YETS = 99;

  final String name;
  final WaitingItems waiting = new WaitingItems();
  final Map<String, StoredItem> dead = new LinkedHashMap<>();
  final List<FakeSession> sessions = new ArrayList<>();
  final EndedRuns runs = new EndedRuns();
  final FakeSources sources = new FakeSources(this);
  final FakeResults results = new FakeResults();
  final Map<String, String> notes = new LinkedHashMap<>();
  private final InstantSource clock;
  private final Set<String> givenIds = new HashSet<>();
  private final Random random = new Random();
  FailureLog failures = new FailureLog();
  @Nullable QueueSettings stored;
  @Nullable String run;
  @Nullable String pausedFor;
  @Nullable Instant began;
  @Nullable Instant ended;
  long done;
  long withdrawn;
  private Duration ahead = Duration.ZERO;
  private long counter;
  private long token;
  private long entered;
  private long version;

  FakeBag(String name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
  }

  Instant now() {
    return clock.instant().plus(ahead);
  }

  synchronized void advance(Duration by) {
    ahead = ahead.plus(by);
    changed();
  }

  void changed() {
    version++;
    notifyAll();
  }

  long version() {
    return version;
  }

  /** Waits for a change after that version. */
  void await(long seen, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toNanos();
        version == seen && left > 0;
        left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  QueueSettings settings(QueueSettings own) {
    return stored == null ? own : stored;
  }

  void create(QueueSettings own) {
    if (stored == null) {
      stored = own;
    }
  }

  QueueSettings settings() {
    return settings(QueueSettings.DEFAULTS);
  }

  // --- runs

  void beginIfNoneIsUnderWay() {
    if (run != null && ended == null) {
      return;
    }
    run = UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    began = now();
    ended = null;
    done = 0;
    withdrawn = 0;
    entered = 0;
    counter = 0;
    givenIds.clear();
    givenIds.addAll(dead.keySet());
    sources.clear();
    results.clear();
    notes.clear();
    failures = new FailureLog();
    changed();
  }

  void goOn() {
    String current = run;
    if (ended != null && current != null) {
      ended = null;
      runs.goesOn(current);
    }
  }

  /** The run came to nothing: who saw it works for the next. */
  void forgetIfEmpty() {
    String current = run;
    if (entered == 0 && current != null && !sources.isAnyOpen()) {
      runs.add(current, new EndedRuns.Ended(EndedRuns.How.EMPTY, 0, 0, 0));
      run = null;
    }
  }

  /** Nothing is left, and nobody adds any. */
  void end(String current) {
    ended = now();
    runs.add(current, new EndedRuns.Ended(EndedRuns.How.DRAINED, done, dead.size(), withdrawn));
    changed();
  }

  // --- items

  boolean isTaken(String id) {
    return givenIds.contains(id) || (id.matches("[1-9]\\d{0,17}") && Long.parseLong(id) <= counter);
  }

  void enter(Item item) {
    entered++;
    StoredItem stored = new StoredItem(item);
    if (item.id() != null) {
      givenIds.add(item.id());
    }
    if (item.delay().isZero()) {
      waiting.add(stored);
    } else {
      waiting.delay(stored, now().plus(item.delay()));
    }
  }

  int leased() {
    return sessions.stream().mapToInt(session -> session.held().size()).sum();
  }

  /** Ends leases and leases the next batch. */
  LeaseBatch step(FakeSession session, List<Settlement> settlements, int want) {
    List<Settlement> refused = new ArrayList<>();
    List<StoredItem> released = new ArrayList<>();
    boolean wasLost = session.goOnIfLost();
    for (Settlement settlement : settlements) {
      if (wasLost || !session.isHeld(settlement.lease())) {
        refused.add(settlement);
      } else {
        end(session, settlement);
        if (settlement instanceof Settlement.Release release) {
          released.add(((FakeLease) release.lease()).item());
        }
      }
    }
    released.reversed().forEach(waiting::putBack);
    QueueState state = state(session.seen());
    List<FakeLease> leases = List.of();
    boolean alone = false;
    if (want > 0 && state instanceof QueueState.Ready) {
      WaitingItems.Taken taken =
          waiting.take(Math.min(want, MOST_ITEMS), session.held().isEmpty(), now());
      leases = lease(session, taken.items());
      alone = taken.alone();
    }
    if (state instanceof QueueState.Ready && leases.isEmpty()) {
      state = alone || want > 0 ? sources.waitingFor() : state;
    }
    if (!leases.isEmpty() || !settlements.isEmpty()) {
      changed();
    }
    return new LeaseBatch(List.copyOf(leases), refused, state, waiting.waiting(), alone);
  }

  private List<FakeLease> lease(FakeSession session, List<StoredItem> items) {
    Instant now = now();
    token = Math.max(token + 1, TimeUnit.MILLISECONDS.toMicros(now.toEpochMilli()));
    List<FakeLease> leases = new ArrayList<>();
    for (StoredItem item : items) {
      if (item.id == null) {
        do {
          counter++;
        } while (givenIds.contains(Long.toString(counter)));
        item.id = Long.toString(counter);
      }
      item.since = now;
      item.worker = session.info().worker();
      FakeLease lease = new FakeLease(session, item, token);
      session.held().put(item.knownId(), lease);
      leases.add(lease);
    }
    return leases;
  }

  private void end(FakeSession session, Settlement settlement) {
    FakeLease lease = (FakeLease) settlement.lease();
    StoredItem item = lease.item();
    session.held().remove(item.knownId());
    switch (settlement) {
      case Settlement.Complete complete -> complete(lease, complete);
      case Settlement.Retry retry -> {
        item.failed++;
        fail(item, "failed", retry.reason());
        delayOrBury(item, item.failed, retry.after().orElse(null));
      }
      case Settlement.NotYet notYet when item.notYet < UNCOUNTED_NOT_YETS -> {
        item.notYet++;
        item.remember(now(), "notyet", notYet.reason());
        delayOrBury(item, item.notYet, null);
      }
      case Settlement.NotYet notYet -> {
        item.failed++;
        fail(item, "failed", notYet.reason());
        delayOrBury(item, item.failed, null);
      }
      case Settlement.Bury bury -> {
        item.failed++;
        fail(item, "buried", bury.reason());
        die(item);
      }
      case Settlement.Release release -> {} // all of them at once, in their order
    }
  }

  private void complete(FakeLease lease, Settlement.Complete complete) {
    done++;
    results.times(complete.took().time());
    if (settings().keep() != Keep.COUNTS) {
      byte[] result = complete.result();
      results.add(
          new Result(
              results.nextSequence(),
              lease.id(),
              complete.batch(),
              lease.payload(),
              result == null ? new byte[0] : result,
              lease.attempt(),
              lease.session().info().worker(),
              complete.took().started(),
              complete.took().time()));
    }
  }

  private void fail(StoredItem item, String how, String why) {
    item.remember(now(), how, why);
    item.group = failures.count(item, why, now());
    failures.failed(item.knownId(), why);
  }

  private void delayOrBury(StoredItem item, int step, @Nullable Duration after) {
    if (item.failed >= settings().attempts()) {
      die(item);
      return;
    }
    waiting.delay(item, now().plus(after == null ? backoff(step) : after));
  }

  /** Doubles with each failure, and is spread over the whole of its step. */
  private Duration backoff(int step) {
    double low = (double) settings().backoffMin().toMillis();
    double most = (double) settings().backoffMax().toMillis();
    double top = Math.min(most, low * Math.pow(2, Math.min(step - 1, 40)));
    double bottom = step == 1 ? 0 : Math.min(top / 2, low * Math.pow(2, Math.min(step - 2, 40)));
    return Duration.ofMillis((long) (bottom + random.nextDouble() * (top - bottom)));
  }

  private void die(StoredItem item) {
    item.since = now();
    dead.put(item.knownId(), item);
  }

  /** A session is taken for dead: what it held goes back to the front, with one more loss. */
  void reclaim(FakeSession session) {
    List<FakeLease> held = new ArrayList<>(session.held().values());
    boolean only = held.size() == 1;
    session.held().clear();
    for (FakeLease lease : held.reversed()) {
      StoredItem item = lease.item();
      String why = "the worker was lost while it held this item";
      item.losses++;
      item.remember(now(), "lost", why);
      item.group = failures.count(item, why, now());
      failures.lost();
      if (only && item.losses >= settings().losses()) {
        die(item);
      } else {
        waiting.putBack(item);
      }
    }
    changed();
  }

  /** Of the whole, for who works for this run. */
  QueueState state(RunSeen seen) {
    return new FakeStates(this).state(seen);
  }

  // --- the whole

  /** Removes everything; answers how many items there were. */
  long purge() {
    sources.lookAtAll();
    final long items = waiting.waiting() + waiting.delayed() + leased() + done + dead.size();
    String current = run;
    if (current != null) {
      runs.add(current, new EndedRuns.Ended(EndedRuns.How.PURGED, done, dead.size(), withdrawn));
    }
    while (waiting.removeWaiting(item -> true) != null) {
      // the next one
    }
    while (waiting.removeDelayed(item -> true) != null) {
      // the next one
    }
    sessions.forEach(FakeSession::purged);
    sessions.clear();
    sources.clear();
    results.clear();
    dead.clear();
    givenIds.clear();
    notes.clear();
    run = null;
    ended = null;
    began = null;
    pausedFor = null;
    stored = null;
    done = 0;
    changed();
    return items;
  }

  void requireRun(String wanted) {
    if (!wanted.equals(run)) {
      throw new RunLostException(
          "run " + wanted + " of queue '" + name + "' is gone: the queue was purged");
    }
  }

  static SessionInfo self() {
    return SessionInfo.local(1);
  }
}
