package dev.piecework.worker.internal;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.Session;
import dev.piecework.Settlement;
import dev.piecework.WorkQueue;
import dev.piecework.worker.internal.exchange.QueuePort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The port that is a session. */
public final class SessionQueuePort implements QueuePort {

  private final WorkQueue queue;
  private final Session session;

  public SessionQueuePort(WorkQueue queue, Session session) {
    this.queue = queue;
    this.session = session;
  }

  @Override
  public LeaseBatch step(List<Settlement> settlements, int want) {
    return session.step(settlements, want);
  }

  @Override
  public Optional<Lease> backUp() {
    return session.backUp();
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    session.awaitChange(atMost);
  }

  @Override
  public Duration lookAgain() {
    return session.lookAgain();
  }

  @Override
  public void wake() {
    session.wake();
  }

  @Override
  public void leaving() {
    session.leaving();
  }

  @Override
  public boolean leaveEarly() {
    return session.leaveEarly();
  }

  @Override
  public int holds() {
    return session.holds();
  }

  @Override
  public Duration sinceHeard() {
    return session.sinceHeard();
  }

  @Override
  public void pause(String reason) {
    queue.admin().pause(reason);
  }

  @Override
  public void close() {
    session.close();
  }
}
