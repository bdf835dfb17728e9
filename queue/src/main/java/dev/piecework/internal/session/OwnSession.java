package dev.piecework.internal.session;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.QueueState;
import dev.piecework.RunLostException;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The session that a queue object leases on for whoever wants none of his own. */
public final class OwnSession implements AutoCloseable {

  private final Function<SessionInfo, Session> begin;
  private @Nullable Session session;

  /**
   * @param begin of a session that works for whatever run the queue object has seen last: who fills
   *     and leases with one object means the same run
   */
  public OwnSession(Function<SessionInfo, Session> begin) {
    this.begin = begin;
  }

  public List<Lease> lease(int max, Duration wait) {
    Session mine = begun();
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      LeaseBatch batch = mine.lease(max);
      if (!batch.leases().isEmpty()) {
        return batch.leases();
      }
      Duration look = Duration.ofSeconds(1);
      switch (batch.state()) {
        case QueueState.Drained drained -> {
          return List.of();
        }
        case QueueState.Incomplete incomplete -> {
          return List.of();
        }
        case QueueState.Lost lost -> throw new RunLostException(lost.why());
        case QueueState.NotYet notYet -> look = notYet.nextChange();
        case QueueState.Ready ready -> {}
        case QueueState.Paused paused -> {}
        case QueueState.ResultsFull full -> {}
        case QueueState.NeverFilled never -> {}
      }
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (left.isNegative() || left.isZero()) {
        return List.of();
      }
      try {
        mine.awaitChange(look.compareTo(left) < 0 ? look : left);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return List.of();
      }
    }
  }

  private synchronized Session begun() {
    Session mine = session;
    if (mine == null) {
      mine = begin.apply(SessionInfo.local(1));
      session = mine;
    }
    return mine;
  }

  @Override
  public void close() {
    Session mine = session;
    if (mine != null) {
      mine.close();
    }
  }
}
