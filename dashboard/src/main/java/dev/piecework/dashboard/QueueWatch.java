package dev.piecework.dashboard;

import dev.piecework.PieceworkException;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.dashboard.Listener.Event;
import dev.piecework.journal.Journal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one queue for all who look at it: each period while somebody listens, and else when it is
 * asked, at most once in a period. So ten open pages cost Redis what one does.
 */
final class QueueWatch implements AutoCloseable {

  /** So many readings of the state for one of the journal, which is written no more often. */
  private static final int READINGS_OF_A_JOURNAL = 10;

  /** Of a person who has clicked. */
  private static final Duration PATIENCE_OF_A_CLICK = Duration.ofSeconds(30);

  /**
   * What all watches have in common.
   *
   * @param period between two readings
   */
  record Config(String version, InstantSource clock, Duration period) {}

  private final Config config;
  private final Function<Duration, WorkQueue> opener;
  private final String name;
  private final Set<Listener> listeners = new LinkedHashSet<>();
  private boolean ticking;
  private WorkQueue reader;
  private @Nullable QueueStatus status;
  private @Nullable Journal journal;
  private long statusRead;
  private long journalRead;
  private long readings;
  private boolean reopen;

  private final Object clicks = new Object();
  private @Nullable WorkQueue clicked;

  /**
   * @param opener opens the queue, given how long to wait for a Redis that is away
   */
  QueueWatch(Function<Duration, WorkQueue> opener, Config config) {
    this.opener = opener;
    this.config = config;
    this.reader = opener.apply(Queues.PATIENCE);
    this.name = reader.name();
  }

  /** For what is asked of the queue by a click. Who reads does not wait for it. */
  WorkQueue queue() {
    synchronized (clicks) {
      WorkQueue known = clicked;
      if (known == null) {
        known = opener.apply(PATIENCE_OF_A_CLICK);
        clicked = known;
      }
      return known;
    }
  }

  /** How often the queue was read. */
  synchronized long readings() {
    return readings;
  }

  synchronized QueueStatus status() {
    QueueStatus known = status;
    if (known == null || isOld(statusRead, 1)) {
      reopenIfLost();
      known = reader.admin().status();
      status = known;
      statusRead = System.nanoTime();
      readings++;
      reopen = known.state() instanceof QueueState.Lost;
    }
    return known;
  }

  synchronized Snapshot snapshot() {
    QueueStatus now = status();
    Journal known = journal;
    if (known == null || isOld(journalRead, READINGS_OF_A_JOURNAL)) {
      known = reader.admin().journal();
      journal = known;
      journalRead = System.nanoTime();
    }
    return new Snapshot(
        config.version(), reader.admin().server(), config.clock().instant(), now, known);
  }

  /** What was read is to be read again: somebody has changed the queue. */
  synchronized void changed() {
    status = null;
    journal = null;
  }

  // A client remembers the run that it has seen; what came after it is for another one to see.
  private void reopenIfLost() {
    if (reopen) {
      WorkQueue lost = reader;
      reader = opener.apply(Queues.PATIENCE);
      lost.close();
      closeClicked();
      reopen = false;
    }
  }

  private void closeClicked() {
    synchronized (clicks) {
      if (clicked != null) {
        clicked.close();
        clicked = null;
      }
    }
  }

  private boolean isOld(long read, int periods) {
    // A reading of this very round may be a little younger than the period.
    return System.nanoTime() - read > config.period().toNanos() * periods * 9 / 10;
  }

  /** From now on this one is told, at first of all there is. */
  Listener listen() {
    return told(new Event("block", Block.text(snapshot())));
  }

  /** The same for one that has read the whole just now: at first of what may have changed since. */
  Listener listenOn() {
    return told(status(snapshot()));
  }

  private static Event status(Snapshot snapshot) {
    return new Event("status", JsonText.object(json -> Block.writeStatus(json, snapshot)));
  }

  private Listener told(Event first) {
    Listener listener = new Listener();
    listener.post(first);
    synchronized (listeners) {
      listeners.add(listener);
      if (!ticking) {
        ticking = true;
        Thread.ofVirtual().name("watch " + name).start(this::readWhileSomebodyListens);
      }
    }
    return listener;
  }

  void leave(Listener listener) {
    synchronized (listeners) {
      listeners.remove(listener);
      listeners.notifyAll();
    }
  }

  /** Whether it reads by itself. */
  boolean isReading() {
    synchronized (listeners) {
      return ticking;
    }
  }

  private void readWhileSomebodyListens() {
    QueueStatus told = null;
    for (int round = 1; awaitNextRound(); round++) {
      try {
        QueueStatus now = status();
        if (!now.equals(told)) {
          tell(status(snapshot()));
          told = now;
        }
        if (round % READINGS_OF_A_JOURNAL == 0) {
          tell(new Event("block", Block.text(snapshot())));
        }
      } catch (PieceworkException away) {
        told = null;
        tell(new Event("trouble", JsonText.object(json -> Errors.write(json, away))));
      }
    }
  }

  /** False when nobody listens any more. */
  private boolean awaitNextRound() {
    long end = System.nanoTime() + config.period().toNanos();
    synchronized (listeners) {
      try {
        long millis = config.period().toMillis();
        while (millis > 0 && !listeners.isEmpty()) {
          listeners.wait(millis);
          millis = (end - System.nanoTime()) / 1_000_000;
        }
      } catch (InterruptedException ended) {
        listeners.clear();
      }
      ticking = !listeners.isEmpty();
      return ticking;
    }
  }

  private void tell(Event event) {
    List<Listener> all;
    synchronized (listeners) {
      all = List.copyOf(listeners);
    }
    all.forEach(listener -> listener.post(event));
  }

  @Override
  public void close() {
    synchronized (listeners) {
      listeners.forEach(Listener::end);
      listeners.clear();
      listeners.notifyAll();
    }
    closeClicked();
    synchronized (this) {
      reader.close();
    }
  }
}
