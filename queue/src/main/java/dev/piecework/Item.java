package dev.piecework;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One unit of work, on its way into a queue: an opaque payload and, if the producer has one, an id.
 * Equal payloads are different items.
 *
 * @param payload opaque bytes, 1 MiB at most unless the queue's settings say otherwise; not copied
 * @param id unique in its run, 1 to 200 characters without control characters; or null: the queue
 *     then counts
 * @param priority where it stands among those that wait
 * @param delay how long before it may be leased; zero for at once
 */
public record Item(byte[] payload, @Nullable String id, Priority priority, Duration delay) {

  /** The longest id, in characters. */
  public static final int MAX_ID_LENGTH = 200;

  public Item {
    if (id != null) {
      requireValidId(id);
    }
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay " + delay + " is negative");
    }
  }

  /** An item of normal priority without an id of its own. */
  public static Item of(byte[] payload) {
    return new Item(payload, null, Priority.NORMAL, Duration.ZERO);
  }

  /** An item of normal priority without an id of its own; the text is stored as UTF-8. */
  public static Item of(String payload) {
    return of(payload.getBytes(StandardCharsets.UTF_8));
  }

  /** The same item under this id. */
  public Item withId(String newId) {
    return new Item(payload, newId, priority, delay);
  }

  /** The same item at this priority. */
  public Item withPriority(Priority newPriority) {
    return new Item(payload, id, newPriority, delay);
  }

  /** The same item, not to be leased before this time has passed. */
  public Item withDelay(Duration newDelay) {
    return new Item(payload, id, priority, newDelay);
  }

  private static void requireValidId(String id) {
    if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
      throw new IllegalArgumentException(
          "an id has 1 to " + MAX_ID_LENGTH + " characters, this one has " + id.length());
    }
    for (int i = 0; i < id.length(); i++) {
      if (Character.isISOControl(id.charAt(i))) {
        throw new IllegalArgumentException(
            "an id must not contain control characters; this one has one at position " + (i + 1));
      }
    }
  }
}
