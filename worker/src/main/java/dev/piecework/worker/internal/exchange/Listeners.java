package dev.piecework.worker.internal.exchange;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.WorkerListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all who listen, and lets no fault of theirs get at the worker. */
public final class Listeners {

  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final List<WorkerListener> all;
  private volatile boolean over;

  public Listeners(List<WorkerListener> all) {
    this.all = List.copyOf(all);
  }

  public void attemptStarted(Attempt attempt) {
    if (!all.isEmpty()) {
      tell(() -> "item " + attempt.id(), listener -> listener.attemptStarted(attempt));
    }
  }

  public void attemptEnded(Attempt attempt, Outcome outcome, long nanos) {
    if (!all.isEmpty()) {
      Duration took = Duration.ofNanos(nanos);
      // Its name is made when it is needed: this is the way of every item.
      tell(() -> "item " + attempt.id(), listener -> listener.attemptEnded(attempt, outcome, took));
    }
  }

  public void leaseLost(Attempt attempt) {
    tell(() -> "the lost lease of item " + attempt.id(), listener -> listener.leaseLost(attempt));
  }

  public void sessionLost() {
    tell(() -> "the lost session", WorkerListener::sessionLost);
  }

  /** Nothing is told after it: a handler that heeds no interrupt may go on for long. */
  public void stopped(WorkerEnd end) {
    over = true;
    tellEach(() -> "the end of the worker", listener -> listener.stopped(end));
  }

  private void tell(Supplier<String> what, Consumer<WorkerListener> call) {
    if (!over) {
      tellEach(what, call);
    }
  }

  private void tellEach(Supplier<String> what, Consumer<WorkerListener> call) {
    @Nullable OutOfMemoryError noMemory = null;
    for (WorkerListener listener : all) {
      try {
        call.accept(listener);
      } catch (OutOfMemoryError outOfMemory) {
        noMemory = outOfMemory; // the others hear of it all the same
      } catch (Throwable theirs) {
        // By name: to print all of it may fail too.
        log.warn("the listener failed at {}: {}", what.get(), Outcomes.name(theirs));
      }
    }
    if (noMemory != null) {
      throw noMemory;
    }
  }
}
