package dev.piecework.dashboard;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One page that is told of a queue. It holds the newest event of each name alone, so that a page
 * that reads slowly misses some, costs nothing, and holds up nobody.
 */
final class Listener {

  /**
   * @param data JSON
   */
  record Event(String name, String data) {}

  private final Map<String, Event> pending = new LinkedHashMap<>();

  synchronized void post(Event event) {
    pending.put(event.name(), event);
    notifyAll();
  }

  /** The next one; empty when there is none for so long. */
  synchronized Optional<Event> next(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (pending.isEmpty()) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return Optional.empty();
      }
      wait(millis);
    }
    var first = pending.values().iterator();
    Event event = first.next();
    first.remove();
    return Optional.of(event);
  }
}
