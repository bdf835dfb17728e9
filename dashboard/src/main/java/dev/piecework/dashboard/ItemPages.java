package dev.piecework.dashboard;

import dev.piecework.DeadItems;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.QueueAdmin;
import dev.piecework.WorkQueue;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Items by the page. A cursor is a reading that was left where its page ended, and is kept here:
 * the next page costs what the first did, however far down it is.
 */
final class ItemPages {

  /** Readings that are kept; the one that was used longest ago is given up first. */
  private static final int KEPT = 64;

  /** A search gives back what it has after so many items, for a person to see that it goes on. */
  private static final int MOST_SEARCHED = 2_000;

  /**
   * @param next goes on after this page; null when it was the last
   */
  record Page(List<ItemView> items, @Nullable String next) {}

  private record Reading(String queue, Iterator<ItemView> items, Predicate<ItemView> wanted) {}

  private final Map<String, Reading> kept = new LinkedHashMap<>();
  private final SecureRandom random = new SecureRandom();

  /** The first page of the items in one state. */
  Page of(WorkQueue queue, ItemState state, int limit) {
    return page(new Reading(queue.name(), in(queue, List.of(state)), item -> true), limit);
  }

  /** The first page of the dead items of one group. */
  Page ofGroup(WorkQueue queue, String group, int limit) {
    Iterator<ItemView> items =
        new Chain<>(
            parts(queue).iterator(), part -> part.items(new DeadItems.InGroup(group)).iterator());
    return page(new Reading(queue.name(), items, item -> true), limit);
  }

  /** The first page of the items whose payload has this text in it. */
  Page withPayload(WorkQueue queue, String text, int limit) {
    List<ItemState> all =
        List.of(
            ItemState.LEASED, ItemState.DELAYED, ItemState.DEAD, ItemState.WAITING, ItemState.DONE);
    Predicate<ItemView> wanted =
        item -> new String(item.payload(), StandardCharsets.UTF_8).contains(text);
    return page(new Reading(queue.name(), in(queue, all), wanted), limit);
  }

  /**
   * The page after that which gave this cursor.
   *
   * @throws PageException when it has been used, or given up
   */
  Page after(String queue, String cursor, int limit) {
    Reading reading;
    synchronized (kept) {
      reading = kept.remove(cursor);
    }
    if (reading == null || !reading.queue().equals(queue)) {
      throw new PageException(410, "this page is no longer there; begin again");
    }
    return page(reading, limit);
  }

  private Page page(Reading reading, int limit) {
    List<ItemView> items = new ArrayList<>();
    int searched = 0;
    while (items.size() < limit && searched < MOST_SEARCHED && reading.items().hasNext()) {
      ItemView item = reading.items().next();
      searched++;
      if (reading.wanted().test(item)) {
        items.add(item);
      }
    }
    return new Page(items, reading.items().hasNext() ? keep(reading) : null);
  }

  private String keep(Reading reading) {
    byte[] name = new byte[12];
    random.nextBytes(name);
    String cursor = HexFormat.of().formatHex(name);
    synchronized (kept) {
      kept.put(cursor, reading);
      if (kept.size() > KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return cursor;
  }

  private static Iterator<ItemView> in(WorkQueue queue, List<ItemState> states) {
    return new Chain<>(
        states.iterator(),
        state -> new Chain<>(parts(queue).iterator(), part -> part.items(state).iterator()));
  }

  private static List<QueueAdmin> parts(WorkQueue queue) {
    return queue.admin().partitions().stream().map(WorkQueue::admin).toList();
  }
}
