package dev.piecework.worker.internal.dispatch;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.Settlement;
import dev.piecework.worker.internal.exchange.QueuePort;
import dev.piecework.worker.internal.exchange.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The port to the queue that can say since when the dispatcher waits for its answer. */
public final class WatchedQueuePort implements QueuePort {

  private final QueuePort port;
  private final Ticker ticker;
  private volatile long since;

  public WatchedQueuePort(QueuePort port, Ticker ticker) {
    this.port = port;
    this.ticker = ticker;
  }

  /** By the ticker; 0 when there is no call under way. */
  long callSince() {
    return since;
  }

  @Override
  public LeaseBatch step(List<Settlement> settlements, int want) {
    since = ticker.now();
    try {
      return port.step(settlements, want);
    } finally {
      since = 0;
    }
  }

  @Override
  public Optional<Lease> backUp() {
    since = ticker.now();
    try {
      return port.backUp();
    } finally {
      since = 0;
    }
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    port.awaitChange(atMost);
  }

  @Override
  public Duration lookAgain() {
    return port.lookAgain();
  }

  @Override
  public void wake() {
    port.wake();
  }

  @Override
  public void leaving() {
    since = ticker.now();
    try {
      port.leaving();
    } finally {
      since = 0;
    }
  }

  @Override
  public boolean leaveEarly() {
    since = ticker.now();
    try {
      return port.leaveEarly();
    } finally {
      since = 0;
    }
  }

  @Override
  public int holds() {
    return port.holds();
  }

  @Override
  public Duration sinceHeard() {
    return port.sinceHeard();
  }

  @Override
  public void slots(int slots) {
    port.slots(slots);
  }

  @Override
  public void pause(String reason) {
    port.pause(reason);
  }

  @Override
  public @Nullable String stoppedEarly() {
    return port.stoppedEarly();
  }

  @Override
  public void close() {
    since = ticker.now();
    try {
      port.close();
    } finally {
      since = 0;
    }
  }
}
