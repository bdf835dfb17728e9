package dev.piecework.worker.internal.dispatch;

import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.exchange.Listeners;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The end of the worker: of several that are found the first counts, and is told to who listens.
 */
final class EndOnce {

  private final Listeners listeners;
  private final AtomicBoolean found = new AtomicBoolean();
  private final CompletableFuture<WorkerEnd> future = new CompletableFuture<>();

  EndOnce(Listeners listeners) {
    this.listeners = listeners;
  }

  /** Completed when all who listen have been told. */
  CompletableFuture<WorkerEnd> future() {
    return future;
  }

  boolean isOver() {
    return future.isDone();
  }

  void end(WorkerEnd end) {
    if (found.compareAndSet(false, true)) {
      try {
        listeners.stopped(end);
      } finally {
        future.complete(end);
      }
    }
  }
}
