package dev.piecework.internal.client;

import dev.piecework.QueueState;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.RedisLink;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Background actors: two blocked connections that wake an idle worker.
 *
 * <p>One blocks on {@code BLMOVE list next}: a push wakes one worker, and the item still waits, in
 * a key that everybody leases from, should that worker die at that instant. The other blocks on the
 * wake-up list, to which scripts push for everything else. Either is blocked for a second at most,
 * and only while somebody waits; who is woken when nobody waits any more wakes the next.
 */
public final class WakeUpListener implements AutoCloseable {

  /** Who blocks when nobody waits any more delays the next wake-up: at first not for long. */
  private static final double FIRST_SECONDS = 1.0;

  /** RedisLink's time-out of a blocking call is longer. */
  private static final double MOST_SECONDS = 8.0;

  /** Who waits for an end looks so often, woken or not: a wake-up is for one of those who wait. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private final QueueClient client;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Watch list = new Watch(true);
  private final Watch wakeUps = new Watch(false);
  private boolean started;
  private boolean waiting;
  private boolean watchList;
  private boolean woken;
  private boolean closed;

  public WakeUpListener(QueueClient client) {
    this.client = client;
  }

  /** The state of a queue when its run has ended, or the time is over; reads it when woken. */
  public static QueueState awaitEnd(QueueClient client, Supplier<QueueState> state, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    try (WakeUpListener listener = new WakeUpListener(client)) {
      while (true) {
        QueueState now = state.get();
        long left = end - System.nanoTime();
        if (now.isEnd() || left <= 0) {
          listener.passOn();
          return now;
        }
        listener.await(Duration.ofNanos(Math.min(left, LOOK.toNanos())), false);
      }
    }
  }

  /**
   * Blocks until woken.
   *
   * @param alsoPushes whether a push wakes too; not while the queue is paused, for a list that is
   *     not empty would wake at once, over and over
   * @return false when the time is over
   */
  public boolean await(Duration atMost, boolean alsoPushes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!started) {
        started = true;
        list.start();
        wakeUps.start();
      }
      waiting = true;
      watchList = alsoPushes;
      changed.signalAll();
      long left = atMost.toNanos();
      while (!woken && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      boolean answer = woken;
      woken = false;
      return answer;
    } finally {
      waiting = false;
      lock.unlock();
    }
  }

  /** Wakes whoever waits here, or the next who does. */
  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes one other idle worker of the queue: there may be more for it to find. */
  public void passOn() {
    try {
      byte[] key = client.keys().key("wakeups");
      client.link().call(Command.LPUSH, key, QueueClient.utf8("1"));
      client.link().call(Command.EXPIRE, key, QueueClient.utf8("60"));
    } catch (RedisFailure fullOrAway) {
      // They look for themselves, in turn.
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    list.cut();
    wakeUps.cut();
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed || client.link().isClosed();
    } finally {
      lock.unlock();
    }
  }

  /** How long to block after a time in which nothing was heard. */
  public static double longer(double seconds) {
    return Math.min(2 * seconds, MOST_SECONDS);
  }

  /** One blocked connection. */
  private final class Watch {

    private final boolean pushes;
    private volatile @Nullable Connection connection;
    private double seconds = FIRST_SECONDS;

    Watch(boolean pushes) {
      this.pushes = pushes;
    }

    void start() {
      Thread.ofPlatform()
          .daemon()
          .name(pushes ? "piecework-watch-list" : "piecework-watch-wakeups")
          .start(this::run);
    }

    void cut() {
      Connection open = connection;
      if (open != null) {
        try {
          open.forceDisconnect();
        } catch (IOException | JedisException gone) {
          // It is to be gone.
        }
      }
    }

    private void run() {
      try {
        while (awaitWanted()) {
          if (blockOnce()) {
            seconds = FIRST_SECONDS;
            heard();
          } else {
            seconds = longer(seconds);
          }
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      } finally {
        giveBack();
      }
    }

    private void giveBack() {
      cut();
      Connection broken = connection;
      connection = null;
      if (broken != null) {
        try {
          broken.close(); // the pool counts it, and throws it away
        } catch (JedisException away) {
          // It did, and then failed to connect a new one: this actor must outlive that.
        }
      }
    }

    private boolean awaitWanted() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (!closed && !(waiting && !woken && (watchList || !pushes))) {
          changed.await();
        }
        return !isClosed();
      } finally {
        lock.unlock();
      }
    }

    // Whether something was heard.
    private boolean blockOnce() throws InterruptedException {
      RedisLink link = client.link();
      try {
        Connection open = connection;
        if (open == null || open.isBroken()) {
          open = link.borrow(client.keys().key("list"));
          connection = open;
          if (isClosed()) {
            return false;
          }
        }
        return open.executeCommand(blocking()) != null;
      } catch (JedisException | RedisFailure failed) {
        giveBack();
        if (isAway(link, failed)) {
          wake(); // they look for themselves, and wait until it is back
        }
        pauseAfterFailure();
        return false;
      }
    }

    private static boolean isAway(RedisLink link, RuntimeException failed) {
      RedisFailure failure =
          failed instanceof RedisFailure known ? known : link.failure((JedisException) failed);
      return failure.isAway();
    }

    private CommandArguments blocking() {
      byte[] listKey = client.keys().key("list");
      CommandArguments call =
          pushes
              ? new CommandArguments(Command.BLMOVE)
                  .key(listKey)
                  .key(client.keys().key("next"))
                  .add("LEFT")
                  .add("RIGHT")
              : new CommandArguments(Command.BLPOP).key(client.keys().key("wakeups"));
      return call.add(seconds).blocking();
    }

    // Full, away or on its way to another node: the waiting itself has a time-out.
    private void pauseAfterFailure() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        long left = TimeUnit.MILLISECONDS.toNanos(200);
        while (!closed && left > 0) {
          left = changed.awaitNanos(left);
        }
      } finally {
        lock.unlock();
      }
    }

    private void heard() {
      boolean late;
      lock.lock();
      try {
        late = !waiting;
        woken = woken || !late;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      if (late) {
        passOn();
      }
    }
  }
}
