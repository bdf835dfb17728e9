package dev.piecework.worker.internal.child;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.spawn.RunningCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a child was sent and has not answered, and whether it is still to be sent more: one lock for
 * both, since its end decides what becomes of its items.
 */
final class SentItems {

  /** Signals a process. */
  interface Signal {
    void send() throws IOException;
  }

  private final int window;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  // What follows is guarded by the lock.
  private final Map<String, Attempt> sent = new LinkedHashMap<>();
  private long oldestSince;
  private boolean dead;
  private boolean everAnswered;
  private Death.Cut cut = Death.Cut.NONE;
  private long cutAt;
  private boolean killed;
  private @Nullable Attempt atFault;

  /**
   * @param window how many unanswered items a child may have
   */
  SentItems(int window) {
    this.window = window;
  }

  /**
   * Takes them for sent.
   *
   * @return false if the child takes no more: none was taken
   */
  boolean add(List<Attempt> attempts) {
    lock.lock();
    try {
      if (takesNoMore()) {
        return false;
      }
      if (sent.isEmpty()) {
        oldestSince = System.nanoTime();
      }
      attempts.forEach(a -> sent.put(a.id(), a));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean takesNoMore() {
    return dead || cut != Death.Cut.NONE;
  }

  /** Waits until at least one more item may be sent; 0 if the child is gone. */
  int awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!takesNoMore() && sent.size() >= window) {
        room.await();
      }
      return takesNoMore() ? 0 : window - sent.size();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything is answered, or the child is gone. */
  void awaitAnswers() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!dead && !sent.isEmpty()) {
        room.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets who waits look again. */
  void wake() {
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The item that was answered, which is open no longer; null for one that is not held. */
  @Nullable Attempt answered(String id) {
    lock.lock();
    try {
      boolean oldest = !sent.isEmpty() && sent.keySet().iterator().next().equals(id);
      Attempt attempt = sent.remove(id);
      if (attempt != null) {
        everAnswered = true;
        if (oldest) {
          oldestSince = System.nanoTime();
        }
      }
      return attempt;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the child, the first time, unless it is dead: nobody else may have its process id yet.
   *
   * @param terminate asks it to end
   */
  void cut(Death.Cut why, Signal terminate) {
    lock.lock();
    try {
      if (!takesNoMore()) {
        cut = why;
        cutAt = System.nanoTime();
        atFault = sent.isEmpty() ? null : sent.values().iterator().next();
        room.signalAll();
        terminate.send();
      }
    } catch (IOException e) {
      // The watch will kill it.
    } finally {
      lock.unlock();
    }
  }

  /** Why the child is to be ended by now; NONE if it is not. */
  Death.Cut due(
      long now, Optional<Duration> timeout, boolean interrupted, Predicate<Attempt> isDropped) {
    lock.lock();
    try {
      if (takesNoMore()) {
        return Death.Cut.NONE;
      }
      if (interrupted) {
        return Death.Cut.INTERRUPT;
      }
      if (sent.isEmpty()) {
        return Death.Cut.NONE;
      }
      if (timeout.isPresent() && now - oldestSince >= timeout.get().toNanos()) {
        return Death.Cut.TIMEOUT;
      }
      return isDropped.test(sent.values().iterator().next()) ? Death.Cut.DROPPED : Death.Cut.NONE;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it was asked to end long enough ago; answered once. */
  boolean isKillDue(long now) {
    lock.lock();
    try {
      boolean due =
          !dead
              && cut != Death.Cut.NONE
              && !killed
              && now - cutAt >= RunningCall.KILL_AFTER.toNanos();
      killed |= due;
      return due;
    } finally {
      lock.unlock();
    }
  }

  boolean isDead() {
    lock.lock();
    try {
      return dead;
    } finally {
      lock.unlock();
    }
  }

  void setDead() {
    lock.lock();
    try {
      dead = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What its end means for the items that are open, which are no longer held here.
   *
   * @param readNothing whether it left all that it was sent, or was sent nothing
   */
  Death death(int status, boolean readNothing, byte[] errors) {
    lock.lock();
    try {
      List<Attempt> left = new ArrayList<>(sent.values());
      sent.clear();
      Attempt blamed = null;
      switch (cut) {
        case TIMEOUT, ENDLESS_LINE -> blamed = left.contains(atFault) ? atFault : null;
        case NONE -> blamed = readNothing || left.isEmpty() ? null : left.getFirst();
        case INTERRUPT, DROPPED, LINGERING -> {}
      }
      if (blamed != null) {
        left.remove(blamed);
      }
      return new Death(cut, status, readNothing, everAnswered, blamed, left, errors);
    } finally {
      lock.unlock();
    }
  }
}
