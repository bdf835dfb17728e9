package dev.piecework.fake;

import dev.piecework.Priority;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be leased, now or when its time has come, in the order of leasing: what came back, what
 * is due, then by priority; first in, first out within each. Guarded by its bag.
 */
final class WaitingItems {

  /** At most so many bytes at once, but at least one item. */
  private static final int ROOM = 1 << 20;

  private final Deque<StoredItem> lostTwice = new ArrayDeque<>();
  private final Deque<StoredItem> lostOnce = new ArrayDeque<>();
  private final Deque<StoredItem> returned = new ArrayDeque<>();
  private final Map<Priority, Deque<StoredItem>> byPriority = new EnumMap<>(Priority.class);
  private final List<StoredItem> delayed = new ArrayList<>();

  /**
   * @param alone an item that was lost twice waits for a session that holds nothing
   */
  record Taken(List<StoredItem> items, boolean alone) {}

  WaitingItems() {
    for (Priority priority : Priority.values()) {
      byPriority.put(priority, new ArrayDeque<>());
    }
  }

  void add(StoredItem item) {
    of(item.priority).add(item);
  }

  void delay(StoredItem item, Instant due) {
    item.since = due;
    int at = delayed.size();
    while (at > 0 && delayed.get(at - 1).since.isAfter(due)) {
      at--;
    }
    delayed.add(at, item);
  }

  /** To the front, with those of the same number of losses. */
  void putBack(StoredItem item) {
    lostAsOften(item).addFirst(item);
  }

  /** Behind those that came back. */
  void returnLast(StoredItem item) {
    lostAsOften(item).addLast(item);
  }

  private Deque<StoredItem> lostAsOften(StoredItem item) {
    return item.losses >= 2 ? lostTwice : item.losses == 1 ? lostOnce : returned;
  }

  private Deque<StoredItem> of(Priority priority) {
    return byPriority.getOrDefault(priority, returned);
  }

  Taken take(int want, boolean holdsNothing, Instant now) {
    boolean alone = false;
    if (!lostTwice.isEmpty()) {
      if (holdsNothing) {
        return new Taken(List.of(lostTwice.removeFirst()), false);
      }
      alone = true;
    }
    if (!lostOnce.isEmpty()) {
      return new Taken(List.of(lostOnce.removeFirst()), alone);
    }
    Batch batch = new Batch(want);
    if (batch.takeAll(returned)
        && takeDue(batch, holdsNothing, now)
        && batch.takeAll(of(Priority.HIGH))
        && batch.takeAll(of(Priority.NORMAL))) {
      batch.takeAll(of(Priority.LOW));
    }
    return new Taken(batch.items, alone);
  }

  /** Whether the batch may go on with what comes after those that are due. */
  private boolean takeDue(Batch batch, boolean holdsNothing, Instant now) {
    while (batch.hasRoom() && !delayed.isEmpty() && !delayed.getFirst().since.isAfter(now)) {
      StoredItem due = delayed.getFirst();
      if (!batch.fits(due)) {
        return false;
      }
      delayed.removeFirst();
      if (due.losses == 0) {
        batch.add(due);
      } else if (batch.items.isEmpty() && (due.losses == 1 || holdsNothing)) {
        batch.add(due);
        return false;
      } else {
        returnLast(due);
      }
    }
    return true;
  }

  /** One batch being put together. */
  private static final class Batch {
    private final List<StoredItem> items = new ArrayList<>();
    private final int want;
    private int room = ROOM;

    Batch(int want) {
      this.want = want;
    }

    boolean hasRoom() {
      return items.size() < want && room > 0;
    }

    boolean fits(StoredItem item) {
      return items.isEmpty() || item.payload.length <= room;
    }

    void add(StoredItem item) {
      items.add(item);
      room -= item.payload.length;
    }

    boolean takeAll(Deque<StoredItem> source) {
      while (hasRoom() && !source.isEmpty() && fits(source.getFirst())) {
        add(source.removeFirst());
      }
      return source.isEmpty();
    }
  }

  long waiting() {
    return lists().mapToLong(Deque::size).sum();
  }

  int delayed() {
    return delayed.size();
  }

  /** When the next delayed item is due. */
  Optional<Instant> nextDue() {
    return delayed.isEmpty() ? Optional.empty() : Optional.of(delayed.getFirst().since);
  }

  Optional<Instant> lastDue() {
    return delayed.stream().map(item -> item.since).max(Comparator.naturalOrder());
  }

  Stream<StoredItem> waitingItems() {
    return lists().flatMap(Deque::stream).toList().stream();
  }

  Stream<StoredItem> delayedItems() {
    return List.copyOf(delayed).stream();
  }

  private Stream<Deque<StoredItem>> lists() {
    return Stream.of(
        lostTwice, lostOnce, returned, of(Priority.HIGH), of(Priority.NORMAL), of(Priority.LOW));
  }

  /** Takes the first that waits and is meant out, or answers null. */
  @Nullable StoredItem removeWaiting(Predicate<StoredItem> meant) {
    for (Deque<StoredItem> list : lists().toList()) {
      StoredItem removed = remove(list.iterator(), meant);
      if (removed != null) {
        return removed;
      }
    }
    return null;
  }

  @Nullable StoredItem removeDelayed(Predicate<StoredItem> meant) {
    return remove(delayed.iterator(), meant);
  }

  private static @Nullable StoredItem remove(
      Iterator<StoredItem> items, Predicate<StoredItem> meant) {
    while (items.hasNext()) {
      StoredItem item = items.next();
      if (meant.test(item)) {
        items.remove();
        return item;
      }
    }
    return null;
  }
}
