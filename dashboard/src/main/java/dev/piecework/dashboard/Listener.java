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
  private boolean ended;

  synchronized void post(Event event) {
    pending.put(event.name(), event);
    notifyAll();
  }

  /** No more will come. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /** The next one; empty when there is none for so long, or no more will come. */
  synchronized Optional<Event> next(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (pending.isEmpty() && !ended) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return Optional.empty();
      }
      wait(millis);
    }
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    var first = pending.values().iterator();
    Event event = first.next();
    first.remove();
    return Optional.of(event);
  }
}
