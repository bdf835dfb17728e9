package dev.piecework.worker.internal.exchange;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher asks of the queue: a {@link dev.piecework.Session}, or in tests something
 * driven by hand. The contract of each call is the session's.
 */
public interface QueuePort {

  LeaseBatch step(List<Settlement> settlements, int want);

  /** A copy of what another worker holds, for a slot that is idle, if one is worth it. */
  default Optional<Lease> backUp() {
    return Optional.empty();
  }

  void awaitChange(Duration atMost) throws InterruptedException;

  /** How long to wait when nothing is known to come. */
  Duration lookAgain();

  void wake();

  void leaving();

  boolean leaveEarly();

  /** How many items are held. From any thread. */
  int holds();

  /** Since Redis last confirmed the heartbeat. */
  Duration sinceHeard();

  /** No item is leased by anybody until a person resumes. */
  void pause(String reason);

  /** Tells others in how many slots this worker works from now on. */
  default void slots(int slots) {}

  /** Why the queue was stopped early, if that was seen after the last step; or null. */
  @Nullable String stoppedEarly();

  void close();
}
