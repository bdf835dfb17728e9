package dev.piecework.worker.internal.exchange;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.WorkerListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
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
    if (!all.isEmpty() && !over) {
      @Nullable OutOfMemoryError noMemory = null;
      for (WorkerListener listener : all) {
        try {
          listener.attemptStarted(attempt);
        } catch (Throwable theirs) {
          noMemory = failed("the start of item " + attempt.id(), theirs, noMemory);
        }
      }
      rethrow(noMemory);
    }
  }

  // Without a call to be made for each listener, as the others have: this is the way of every item.
  public void attemptEnded(Attempt attempt, Outcome outcome, long nanos) {
    if (!all.isEmpty() && !over) {
      @Nullable OutOfMemoryError noMemory = null;
      Duration took = Duration.ofNanos(nanos);
      for (WorkerListener listener : all) {
        try {
          listener.attemptEnded(attempt, outcome, took);
        } catch (Throwable theirs) {
          noMemory = failed("item " + attempt.id(), theirs, noMemory);
        }
      }
      rethrow(noMemory);
    }
  }

  public void leaseLost(Attempt attempt) {
    tell("the lost lease of item " + attempt.id(), listener -> listener.leaseLost(attempt));
  }

  public void sessionLost() {
    tell("the lost session", WorkerListener::sessionLost);
  }

  /** Nothing is told after it: a handler that heeds no interrupt may go on for long. */
  public void stopped(WorkerEnd end) {
    over = true;
    tellEach("the end of the worker", listener -> listener.stopped(end));
  }

  private void tell(String what, Consumer<WorkerListener> call) {
    if (!over) {
      tellEach(what, call);
    }
  }

  private void tellEach(String what, Consumer<WorkerListener> call) {
    @Nullable OutOfMemoryError noMemory = null;
    for (WorkerListener listener : all) {
      try {
        call.accept(listener);
      } catch (Throwable theirs) {
        noMemory = failed(what, theirs, noMemory);
      }
    }
    rethrow(noMemory);
  }

  /** Answers what is to be thrown when the others have heard of it all the same. */
  private static @Nullable OutOfMemoryError failed(
      String what, Throwable theirs, @Nullable OutOfMemoryError before) {
    if (theirs instanceof OutOfMemoryError outOfMemory) {
      return outOfMemory;
    }
    // By name: to print all of it may fail too.
    log.warn("the listener failed at {}: {}", what, Outcomes.name(theirs));
    return before;
  }

  private static void rethrow(@Nullable OutOfMemoryError noMemory) {
    if (noMemory != null) {
      throw noMemory;
    }
  }
}
