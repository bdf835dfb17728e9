package dev.piecework.worker.internal;

import dev.piecework.Ending;
import dev.piecework.Lot;
import dev.piecework.Session;
import dev.piecework.WorkQueue;
import dev.piecework.worker.internal.exchange.QueuePort;
import java.time.Duration;
import java.util.List;

/** The port that is a session. */
public final class SessionQueuePort implements QueuePort {

  private final WorkQueue queue;
  private final Session session;

  public SessionQueuePort(WorkQueue queue, Session session) {
    this.queue = queue;
    this.session = session;
  }

  @Override
  public Lot step(List<Ending> endings, int want) {
    return session.step(endings, want);
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
    queue.pause(reason);
  }

  @Override
  public void close() {
    session.close();
  }
}
