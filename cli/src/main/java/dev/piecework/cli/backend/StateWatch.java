package dev.piecework.cli.backend;

import dev.piecework.PieceworkException;
import dev.piecework.QueueState;
import dev.piecework.RunLostException;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of a queue once a second, so that whoever watches the workers need not wait for a
 * Redis that is away.
 */
final class StateWatch implements AutoCloseable {

  private static final long PAUSE_MILLIS = 1_000;

  private final WorkQueue queue;
  private final Duration timeout;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable QueueState state;
  private volatile @Nullable PieceworkException failure;
  private volatile long awaySince;

  private StateWatch(WorkQueue queue, Duration timeout) {
    this.queue = queue;
    this.timeout = timeout;
  }

  /**
   * @param queue gives up soon when Redis is away
   * @param timeout how long it may be away in all
   */
  static StateWatch start(WorkQueue queue, Duration timeout) {
    StateWatch watch = new StateWatch(queue, timeout);
    Thread.ofPlatform().daemon().name("queue-state").start(watch::askUntilClosed);
    return watch;
  }

  private void askUntilClosed() {
    try {
      while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        ask();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    try {
      state = queue.state();
      awaySince = 0;
    } catch (RunLostException lost) {
      state = new QueueState.Lost(String.valueOf(lost.getMessage()));
    } catch (PieceworkException away) {
      state = null;
      long now = System.nanoTime();
      awaySince = awaySince == 0 ? now : awaySince;
      if (now - awaySince > timeout.toNanos()) {
        failure = away;
      }
    }
  }

  /** How it stood; null when that is not known. */
  @Nullable QueueState state() {
    return state;
  }

  /** Whether Redis has not answered for a while. */
  boolean isAway() {
    return awaySince != 0;
  }

  /** Throws when Redis was away for too long. */
  void check() {
    PieceworkException known = failure;
    if (known != null) {
      throw known;
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
