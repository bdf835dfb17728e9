package dev.piecework.internal.session;

import dev.piecework.Lease;
import dev.piecework.Settlement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a session holds as far as this client knows, and what it does not know: a reply that was
 * lost leaves leases in doubt until the session's record was read. Nothing here calls Redis.
 */
final class HeldLeases {

  private String sessionId = "";
  private boolean over = true;
  private Map<String, HeldLease> held = new LinkedHashMap<>();

  private boolean inDoubt;
  private final Set<String> doubted = new HashSet<>();
  private final Set<Lease> ended = new HashSet<>();

  /** Those that were not there, we know not why. */
  private final Map<String, HeldLease> vanished = new LinkedHashMap<>();

  private long toldOfDrops;

  /** A new life: nothing is held. */
  synchronized void begin(String id) {
    sessionId = id;
    held = new LinkedHashMap<>();
    inDoubt = false;
    doubted.clear();
    ended.clear();
    vanished.clear();
    toldOfDrops = 0;
    over = false;
  }

  /**
   * The session was reaped: nothing is held any more.
   *
   * @return false if that was known, or it was an earlier life
   */
  synchronized boolean end(String lostId) {
    if (over || !lostId.equals(sessionId)) {
      return false;
    }
    over = true;
    held = new LinkedHashMap<>();
    return true;
  }

  /** The id that Redis knows; of the last life when that is over. */
  synchronized String sessionId() {
    return sessionId;
  }

  synchronized boolean isOver() {
    return over;
  }

  synchronized int count() {
    return held.size();
  }

  /** All, the oldest first. */
  synchronized List<HeldLease> all() {
    return new ArrayList<>(held.values());
  }

  synchronized Optional<HeldLease> oldest() {
    return held.values().stream().findFirst();
  }

  /** This very lease: after a rollback of Redis the same item may have been leased to us again. */
  synchronized boolean holds(HeldLease lease) {
    return lease.sessionId().equals(sessionId) && lease.equals(held.get(lease.stored()));
  }

  /** Whether an item is held that must be alone: two workers died of it, or of its neighbours. */
  synchronized boolean holdsLostTwice() {
    return held.size() == 1 && held.values().iterator().next().losses() >= 2;
  }

  synchronized void hold(List<HeldLease> leases) {
    for (HeldLease lease : leases) {
      held.put(lease.stored(), lease);
    }
  }

  synchronized void forget(HeldLease lease) {
    held.remove(lease.stored(), lease);
  }

  /** Likewise, all at once. */
  synchronized void forget(List<? extends Settlement> settlements) {
    for (Settlement settlement : settlements) {
      forget(HeldLease.of(settlement));
    }
  }

  /** A reply was lost: whether these went through is not known, nor what was leased with them. */
  synchronized void doubt(List<? extends Settlement> settlements) {
    inDoubt = true;
    settlements.forEach(settlement -> doubted.add(HeldLease.of(settlement).stored()));
  }

  synchronized boolean inDoubt() {
    return inDoubt;
  }

  synchronized boolean doubts(HeldLease lease) {
    return doubted.contains(lease.stored());
  }

  /**
   * A step threw. These of its settlements went through, and its caller, who does not know which,
   * may give them again; these leases it found and could not hand out: the next one finds them
   * again.
   */
  synchronized void gaveUp(List<HeldLease> wentThrough, List<HeldLease> found) {
    ended.addAll(wentThrough);
    if (!found.isEmpty()) {
      found.forEach(this::forget);
      inDoubt = true;
    }
  }

  /** Whether it was ended in a step that threw; asked once. */
  synchronized boolean hadGoneThrough(Lease lease) {
    return ended.remove(lease);
  }

  /**
   * Ends the doubt: this is what is held. Nothing is, if the session was lost while that answer was
   * on its way.
   *
   * @return those that were not known
   */
  synchronized List<HeldLease> settle(List<HeldLease> all) {
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

  /** The number of the last lease that we know a person has taken away. */
  synchronized long toldOfDrops() {
    return toldOfDrops;
  }

  /**
   * Forgets leases that persons have taken away, or another holder of the item by completing it.
   * They come until we say that we know.
   *
   * @param lines "number TAB token TAB id", one each, with a TAB and "overtaken" by another holder:
   *     the last token there was then, for what was leased since is another item of this id
   * @return those of ours
   */
  synchronized List<HeldLease> dropped(String lostId, String lines) {
    if (over || !lostId.equals(sessionId)) {
      return List.of();
    }
    List<HeldLease> lost = new ArrayList<>();
    for (String line : lines.split("\n", -1)) {
      String[] parts = line.split("\t", 4);
      if (parts.length >= 3 && Long.parseLong(parts[0]) > toldOfDrops) {
        toldOfDrops = Long.parseLong(parts[0]);
        doubted.remove(parts[2]); // it was not ended by us
        for (Map<String, HeldLease> ours : List.of(held, vanished)) {
          HeldLease lease = ours.get(parts[2]);
          if (lease != null && lease.token() <= Long.parseLong(parts[1])) {
            ours.remove(parts[2]);
            if (parts.length == 4) {
              lease.overtake();
            }
            lost.add(lease);
          }
        }
      }
    }
    vanished.clear();
    return lost;
  }
}
