package dev.piecework.worker;

import java.time.Duration;

/** What the feeder does after a turn. */
sealed interface Next {

  /** Another turn at once. */
  record Turn() implements Next {}

  /** Sleep until the bell is rung, or for so long. */
  record Park(long nanos) implements Next {}

  /** Sleep in Redis, until something changes there, the bell is rung, or for so long. */
  record AwaitChange(Duration atMost) implements Next {}

  /** Go home. */
  record End(WorkerEnd end) implements Next {}
}
