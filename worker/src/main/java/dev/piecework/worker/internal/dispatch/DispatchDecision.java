package dev.piecework.worker.internal.dispatch;

import dev.piecework.worker.WorkerEnd;
import java.time.Duration;

/** What the dispatcher does after a turn. */
sealed interface DispatchDecision {

  /** Another turn at once. */
  record Again() implements DispatchDecision {}

  /** Sleep until woken, or for so long. */
  record Park(long nanos) implements DispatchDecision {}

  /** Sleep in Redis, until something changes there, or woken here, or for so long. */
  record AwaitChange(Duration atMost) implements DispatchDecision {}

  /** Shut down, and end so. */
  record End(WorkerEnd end) implements DispatchDecision {}
}
