package dev.piecework.worker.internal.dispatch;

import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.exchange.Listeners;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The end of the worker: of several that are found the first counts, and is told to who listens.
 */
final class EndOnce {

  private final Listeners listeners;
  private final AtomicReference<@Nullable WorkerEnd> found = new AtomicReference<>();
  private final CompletableFuture<WorkerEnd> future = new CompletableFuture<>();

  EndOnce(Listeners listeners) {
    this.listeners = listeners;
  }

  /** Completed when all who listen have been told, or when that is not waited for. */
  CompletableFuture<WorkerEnd> future() {
    return future;
  }

  /** Whether it is known how the worker ends; somebody who listens may be hearing of it. */
  boolean isFound() {
    return found.get() != null;
  }

  boolean isOver() {
    return future.isDone();
  }

  void end(WorkerEnd end) {
    if (found.compareAndSet(null, end)) {
      // An interrupt was meant for a call of Redis, and not for who hears of the end.
      Thread.interrupted();
      try {
        listeners.stopped(end);
      } finally {
        future.complete(end);
      }
    }
  }

  /**
   * Ends now, with this if nothing else was found; who still hears of the end is not waited for.
   */
  void endWithoutWaiting(WorkerEnd end) {
    end(end);
    WorkerEnd first = found.get();
    future.complete(first == null ? end : first);
  }
}
