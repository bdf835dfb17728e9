package dev.piecework.worker.internal;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.Session;
import dev.piecework.Settlement;
import dev.piecework.StopEarly;
import dev.piecework.WorkQueue;
import dev.piecework.worker.internal.exchange.QueuePort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The port that is a session. */
public final class SessionQueuePort implements QueuePort {

  private final WorkQueue queue;
  private final Session session;
  private volatile @Nullable String stoppedEarly;

  public SessionQueuePort(WorkQueue queue, Session session) {
    this.queue = queue;
    this.session = session;
  }

  @Override
  public LeaseBatch step(List<Settlement> settlements, int want) {
    LeaseBatch batch = session.step(settlements, want);
    // Of what is done nothing more is asked: it costs what it did.
    StopEarly rule = session.settings().stopEarly();
    if (mayApply(rule) && settlements.stream().anyMatch(SessionQueuePort::failed)) {
      stoppedEarly = queue.admin().stopEarly(rule).orElse(null);
    }
    return batch;
  }

  // Most bags in which items fail have done some: their failures cost nothing more either.
  private boolean mayApply(StopEarly rule) {
    return switch (rule) {
      case StopEarly.Off off -> false;
      case StopEarly.Auto auto -> !session.isSomethingDone();
      case StopEarly.DeadItems dead -> true;
      case StopEarly.DeadShare share -> true;
    };
  }

  private static boolean failed(Settlement settlement) {
    return switch (settlement) {
      case Settlement.Retry retry -> true;
      case Settlement.Bury bury -> true;
      case Settlement.NotYet notYet -> false;
      case Settlement.Complete complete -> false;
      case Settlement.Release release -> false;
    };
  }

  @Override
  public @Nullable String stoppedEarly() {
    return stoppedEarly;
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
  public void slots(int slots) {
    session.slots(slots);
  }

  @Override
  public void close() {
    session.close();
  }
}
