package dev.piecework.internal.session;

import dev.piecework.HumanDuration;
import dev.piecework.Lease;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Settlement;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.SettingsFollowed;
import dev.piecework.internal.redis.Keys.Scope;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.state.SessionRegistration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One session's lives, one after the other: the id that Redis knows, and what is held under it.
 * When a life is over (reaped) the next begins with nothing held.
 */
final class SessionLife {

  private final SingleSession session;
  private final QueueClient client;
  private final SessionInfo info;
  private final String worker;
  private final Object guard = new Object();

  private volatile String id = "";
  private volatile SettingsFollowed settings;
  private Map<String, HeldLease> held = new LinkedHashMap<>();
  private final Set<String> doubted = new HashSet<>();
  private final Set<Lease> ended = new HashSet<>();
  private final Map<String, HeldLease> vanished =
      new LinkedHashMap<>(); // not there, we know not why
  private boolean inDoubt;
  private boolean over = true;
  private boolean leaving;
  private Session.@Nullable Reporter reporter;
  private @Nullable Runnable onLost;
  private @Nullable Consumer<Lease> onDropped;
  private long toldOfDrops;

  SessionLife(SingleSession session, QueueClient client, SessionInfo info) {
    this.session = session;
    this.client = client;
    this.info = info;
    this.worker = SessionRegistration.clean(info.worker());
    this.settings = new SettingsFollowed(client.config().settings(), 0);
  }

  String id() {
    return id;
  }

  String worker() {
    return worker;
  }

  QueueSettings settings() {
    return settings.now();
  }

  /** A third of the lapse that the last heartbeat was told. */
  Duration interval() {
    return settings.interval();
  }

  Scope scope() {
    return client.scope(id, "");
  }

  int holds() {
    synchronized (guard) {
      return held.size();
    }
  }

  List<HeldLease> heldLeases() {
    synchronized (guard) {
      return new ArrayList<>(held.values());
    }
  }

  /** This very lease: after a rollback of Redis the same item may have been leased to us again. */
  boolean holds(HeldLease lease) {
    synchronized (guard) {
      return lease.sessionId().equals(id) && lease.equals(held.get(lease.stored()));
    }
  }

  /** Whether an item is held that must be alone: two workers died of it, or of its neighbours. */
  boolean holdsLostTwice() {
    synchronized (guard) {
      return held.size() == 1 && held.values().iterator().next().losses() >= 2;
    }
  }

  HeldLease.Given given(long token) {
    return new HeldLease.Given(session, client.partition(), id, token, System.nanoTime());
  }

  void hold(List<HeldLease> leases) {
    synchronized (guard) {
      for (HeldLease lease : leases) {
        held.put(lease.stored(), lease);
      }
    }
  }

  /** A reply was lost: whether these went through is not known, nor what was leased with them. */
  void doubt(List<? extends Settlement> settlements) {
    synchronized (guard) {
      inDoubt = true;
      settlements.forEach(settlement -> doubted.add(HeldLease.of(settlement).stored()));
    }
  }

  boolean inDoubt() {
    synchronized (guard) {
      return inDoubt;
    }
  }

  boolean doubts(HeldLease lease) {
    synchronized (guard) {
      return doubted.contains(lease.stored());
    }
  }

  /**
   * A step threw. These of its settlements went through, and its caller, who does not know which,
   * may give them again; these leases it found and could not hand out: the next one finds them
   * again.
   */
  void gaveUp(List<HeldLease> wentThrough, List<HeldLease> found) {
    synchronized (guard) {
      ended.addAll(wentThrough);
      if (!found.isEmpty()) {
        found.forEach(lease -> held.remove(lease.stored(), lease));
        inDoubt = true;
      }
    }
  }

  /** Whether it was ended in a step that threw; asked once. */
  boolean hadGoneThrough(Lease lease) {
    synchronized (guard) {
      return ended.remove(lease);
    }
  }

  /**
   * Ends the doubt: this is what is held. Nothing is, if the session was lost while that answer was
   * on its way.
   *
   * @return those that were not known
   */
  List<HeldLease> settle(List<HeldLease> all) {
    synchronized (guard) {
      if (over) {
        return List.of();
      }
      Map<String, HeldLease> known = held;
      known.values().stream()
          .filter(lease -> !doubted.contains(lease.stored()))
          .forEach(lease -> vanished.put(lease.stored(), lease));
      held = new LinkedHashMap<>();
      List<HeldLease> unknown = new ArrayList<>();
      for (HeldLease lease : all) {
        HeldLease before = known.get(lease.stored());
        if (before == null) {
          unknown.add(lease);
        }
        held.put(lease.stored(), before == null ? lease : before);
        vanished.remove(lease.stored());
      }
      inDoubt = false;
      doubted.clear();
      return unknown;
    }
  }

  void forget(HeldLease lease) {
    synchronized (guard) {
      held.remove(lease.stored(), lease);
    }
  }

  /** Likewise, all at once. */
  void forget(List<? extends Settlement> settlements) {
    synchronized (guard) {
      for (Settlement settlement : settlements) {
        HeldLease lease = HeldLease.of(settlement);
        held.remove(lease.stored(), lease);
      }
    }
  }

  boolean isOver() {
    synchronized (guard) {
      return over;
    }
  }

  /** Joins under a new id. */
  void enlist() {
    String name = info.worker().replaceAll("[^A-Za-z0-9._-]", "-");
    String next = name.substring(0, Math.min(name.length(), 60)) + "-" + QueueClient.newId(6);
    Scope scope = client.scope(next, "");
    SettingsFollowed read = client.create();
    Reply reply =
        client.insist(Script.ENLIST, scope, client.now(), next, SessionRegistration.write(info));
    read.heard(reply.number("lapse"), reply.number("changes"), client::settings);
    settings = read;
    synchronized (guard) {
      id = next;
      held = new LinkedHashMap<>();
      inDoubt = false;
      doubted.clear();
      ended.clear();
      vanished.clear();
      toldOfDrops = 0;
      over = false;
    }
    if (leaving) {
      leaving();
    }
  }

  /** The session was reaped: nothing is held any more. */
  void lost(String lostId) {
    Runnable action;
    synchronized (guard) {
      if (over || !lostId.equals(id)) {
        return;
      }
      over = true;
      held = new LinkedHashMap<>();
      action = onLost;
    }
    client
        .config()
        .access()
        .notices()
        .accept(
            "session "
                + lostId
                + " is no longer known to Redis (not heard for a lapse of "
                + HumanDuration.format(settings.now().lapse())
                + ", or purged or lost with its data): its leases are lost");
    if (action != null) {
      action.run();
    }
  }

  void leaving() {
    leaving = true;
    client.insist(Script.LEAVING, scope(), id);
  }

  /** Ends the session in Redis, if it holds nothing. */
  boolean leave(boolean early) {
    Reply reply = client.insist(Script.LEAVE, scope(), client.now(), id, early ? "1" : "0");
    return reply.is("OK");
  }

  void reportBy(Session.Reporter newReporter) {
    synchronized (guard) {
      reporter = newReporter;
    }
  }

  void onLost(Runnable action) {
    synchronized (guard) {
      onLost = action;
    }
  }

  /** One heartbeat, tried once. */
  boolean beat(Lapses lapses) {
    if (isOver()) {
      return true; // the next call enlists
    }
    String current = id;
    List<Object> args = new ArrayList<>(List.of(client.now(), current, report(), toldOfDrops()));
    Session.Reporter by;
    synchronized (guard) {
      by = reporter;
    }
    if (by != null) {
      long[] counts = by.durations();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] > 0) {
          args.add(i);
          args.add(counts[i]);
        }
      }
    }
    Reply reply = client.once(Script.BEAT, client.scope(current, ""), args.toArray());
    if (reply.is("SESSION_LOST")) {
      lost(current);
    } else {
      lapses.noneFor(reply.number("nextlapse"));
      dropped(current, reply.text("dropped"));
      settings.heard(reply.number("lapse"), reply.number("changes"), client::settingsNow);
    }
    return true;
  }

  /** Leases that persons have taken away, as {@code recover} tells of them. */
  void dropped(String lines) {
    dropped(id, lines);
  }

  private long toldOfDrops() {
    synchronized (guard) {
      return toldOfDrops;
    }
  }

  // Lines "number TAB token TAB id": leases that persons have taken away, and the last token there
  // was then: what was leased since is another item of this id. They come until we say that we
  // know.
  private void dropped(String lostId, String lines) {
    List<Lease> lost = new ArrayList<>();
    Consumer<Lease> action;
    synchronized (guard) {
      if (over || !lostId.equals(id)) {
        return;
      }
      for (String line : lines.split("\n", -1)) {
        String[] parts = line.split("\t", 3);
        if (parts.length == 3 && Long.parseLong(parts[0]) > toldOfDrops) {
          toldOfDrops = Long.parseLong(parts[0]);
          doubted.remove(parts[2]); // it was not ended by us
          for (Map<String, HeldLease> ours : List.of(held, vanished)) {
            HeldLease lease = ours.get(parts[2]);
            if (lease != null && lease.token() <= Long.parseLong(parts[1])) {
              ours.remove(parts[2]);
              lost.add(lease);
            }
          }
        }
      }
      vanished.clear();
      action = onDropped;
    }
    if (action != null) {
      lost.forEach(action);
    }
  }

  void onDropped(Consumer<Lease> action) {
    synchronized (guard) {
      onDropped = action;
    }
  }

  // "id TAB attempt TAB milliseconds TAB holds", or "- - 0 holds".
  private String report() {
    QueueStatus.@Nullable OldestItem oldest;
    Session.Reporter by;
    int holds;
    HeldLease first;
    synchronized (guard) {
      by = reporter;
      holds = held.size();
      first = held.isEmpty() ? null : held.values().iterator().next();
    }
    if (by != null) {
      oldest = by.oldest();
    } else if (first != null) {
      Duration age = Duration.ofNanos(System.nanoTime() - first.leasedNanos());
      oldest = new QueueStatus.OldestItem(first.stored(), first.attempt(), age, false);
    } else {
      oldest = null;
    }
    return oldest == null
        ? "\t0\t0\t" + holds
        : String.format(
            Locale.ROOT,
            "%s\t%d\t%d\t%d",
            oldest.id(),
            oldest.attempt(),
            oldest.age().toMillis(),
            holds);
  }
}
