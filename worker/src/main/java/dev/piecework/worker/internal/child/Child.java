package dev.piecework.worker.internal.child;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.output.ResultBounds;
import dev.piecework.worker.internal.output.StderrTail;
import dev.piecework.worker.internal.session.Watch;
import dev.piecework.worker.internal.spawn.RunningCall;
import dev.piecework.worker.internal.spawn.SharedRuntime;
import dev.piecework.worker.internal.spawn.Starter;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandUnusableException;
import dev.piecework.worker.process.SessionControl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A long-lived child process, and the items that it has not answered.
 *
 * <p>After its last answer it is said with which exit code it has ended, and how much of what it
 * was sent it has not read ({@link Starter#child}). Only so can a child that never looked at an
 * item be told from one that an item killed.
 */
final class Child implements Watch.Watched {
  private final SessionControl control;
  private final Watch watch;
  private final Process process;
  private final ChildListener listener;
  private final CommandConfig config;
  private final int window;
  private final Thread slot = Thread.currentThread();
  private final String key = UUID.randomUUID().toString();
  private final StderrTail tail;
  private final Thread errorReader;
  private final CountDownLatch gone = new CountDownLatch(1);
  private final AtomicBoolean ending = new AtomicBoolean();

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

  /** Guards the child's standard input, and is never taken while the other lock is held. */
  private final Object writing = new Object();

  private final JsonLine lines = new JsonLine();
  private long written;
  private int looksSinceExit;

  Child(SharedRuntime.Shared shared, CommandConfig config, int window, ChildListener listener)
      throws IOException, CommandUnusableException {
    control = shared.control();
    watch = shared.watch();
    this.config = config;
    this.window = window;
    this.listener = listener;
    tail = new StderrTail(config.stderr());
    process = shared.starter().child(config.command().plain(), config.queue(), key);
    errorReader =
        Thread.ofPlatform().daemon().name("piecework-child-stderr").start(this::readErrors);
    Thread.ofPlatform().daemon().name("piecework-child-stdout").start(this::readAnswers);
    watch.add(this);
  }

  /**
   * Sends items, all at once.
   *
   * @return false if the child is gone: none was sent, and they are still the caller's
   */
  boolean send(List<Attempt> attempts) {
    lock.lock();
    try {
      if (dead || cut != Death.Cut.NONE) {
        return false;
      }
      if (sent.isEmpty()) {
        oldestSince = System.nanoTime();
      }
      attempts.forEach(a -> sent.put(a.id(), a));
    } finally {
      lock.unlock();
    }
    synchronized (writing) {
      attempts.forEach(lines::add);
      written += lines.length();
      try {
        lines.writeTo(process.getOutputStream());
      } catch (IOException e) {
        // It is gone or going; the reader hears of it and knows whose items are left.
      }
      lines.clear();
    }
    return true;
  }

  /** Waits until at least one more item may be sent; 0 if the child is gone. */
  int awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!dead && cut == Death.Cut.NONE && sent.size() >= window) {
        room.await();
      }
      return dead || cut != Death.Cut.NONE ? 0 : window - sent.size();
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

  /**
   * Ends its input and gives it 5 s, then SIGTERM and 5 s, then SIGKILL; returns when it is gone.
   */
  void leave() throws InterruptedException {
    closeInput();
    if (!gone.await(RunningCall.KILL_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
      end(Death.Cut.LINGERING);
      gone.await();
    }
  }

  /** SIGTERM to its group, SIGKILL 5 s later. */
  void end(Death.Cut why) {
    lock.lock();
    try {
      if (!dead && cut == Death.Cut.NONE) {
        cut = why;
        cutAt = System.nanoTime();
        atFault = sent.isEmpty() ? null : sent.values().iterator().next();
        control.terminate(process.pid());
        room.signalAll();
      }
    } catch (IOException e) {
      // The watch will kill it.
    } finally {
      lock.unlock();
    }
  }

  void awaitEnd() throws InterruptedException {
    gone.await();
  }

  boolean isGone() {
    return gone.getCount() == 0;
  }

  @Override
  public void look(long now) {
    boolean kill = false;
    Death.Cut why = Death.Cut.NONE;
    lock.lock();
    try {
      if (dead) {
        return;
      }
      if (cut == Death.Cut.NONE && slot.isInterrupted()) {
        why = Death.Cut.INTERRUPT;
      } else if (cut == Death.Cut.NONE
          && config.timeout().isPresent()
          && !sent.isEmpty()
          && now - oldestSince >= config.timeout().get().toNanos()) {
        why = Death.Cut.TIMEOUT;
      } else if (cut == Death.Cut.NONE
          && !sent.isEmpty()
          && listener.isDropped(sent.values().iterator().next())) {
        why = Death.Cut.DROPPED;
      } else if (cut != Death.Cut.NONE
          && !killed
          && now - cutAt >= RunningCall.KILL_AFTER.toNanos()) {
        killed = true;
        kill = true;
      }
    } finally {
      lock.unlock();
    }
    if (why != Death.Cut.NONE) {
      end(why);
    }
    try {
      if (kill) {
        control.kill(process.pid());
      }
    } catch (IOException e) {
      process.destroyForcibly();
    }
    if (!process.isAlive() && ++looksSinceExit > 40) {
      // A second after its shell's end: somebody else holds its pipe, nobody will say more.
      ended(-1, -1);
    }
  }

  private void closeInput() {
    synchronized (writing) {
      try {
        process.getOutputStream().close();
      } catch (IOException e) {
        // Gone already.
      }
    }
  }

  private void closeOutput() {
    try {
      process.getInputStream().close();
    } catch (IOException e) {
      // There is nothing more to read.
    }
  }

  private void readAnswers() {
    // JSON may need six bytes for one. Waking the slot for each answer would make it send items
    // one by one: it is woken when no answer is left to read.
    LineReader in =
        new LineReader(
            process.getInputStream(),
            6L * ResultBounds.forSeveral(config.results()).most() + (1 << 16),
            this::wakeSlot);
    int status = -1;
    long unread = -1;
    try {
      byte[] mark = (key + " ").getBytes(StandardCharsets.US_ASCII);
      while (unread < 0 && in.next()) {
        if (in.startsWith(mark)) {
          int value = Integer.parseInt(in.text().substring(mark.length).strip());
          if (status < 0) {
            status = value;
            setDead();
            closeInput();
          } else {
            unread = value;
          }
        } else if (status < 0 && in.length() > 0) {
          take(in);
        }
      }
      if (in.isEndless()) {
        end(Death.Cut.ENDLESS_LINE);
        // Nobody will read what else it prints: it ends by SIGPIPE, the signal, or the watch.
        process.getInputStream().close();
        closeInput();
        process.onExit().join();
      }
    } catch (IOException | NumberFormatException e) {
      // As its end.
    } finally {
      ended(status, unread);
      closeOutput();
    }
  }

  private void wakeSlot() {
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void take(LineReader in) {
    Answer answer = Answer.parse(in.buffer(), in.begin(), in.end()).orElse(null);
    if (answer == null) {
      String line = in.text();
      synchronized (tail) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        tail.add(bytes, bytes.length);
      }
      listener.strayLine(null, line);
      return;
    }
    Attempt attempt;
    lock.lock();
    try {
      boolean oldest = !sent.isEmpty() && sent.keySet().iterator().next().equals(answer.id());
      attempt = sent.remove(answer.id());
      if (attempt != null) {
        everAnswered = true;
        if (oldest) {
          oldestSince = System.nanoTime();
        }
      }
    } finally {
      lock.unlock();
    }
    if (attempt == null) {
      listener.strayLine(answer.id(), in.text());
    } else {
      listener.answered(attempt, answer);
    }
  }

  private void setDead() {
    lock.lock();
    try {
      dead = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void ended(int status, long unread) {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    setDead();
    closeInput();
    watch.remove(this);
    try {
      control.kill(process.pid());
      control.remove(process.pid());
      errorReader.join(1000);
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      listener.ended(death(status, unread));
    } finally {
      gone.countDown();
    }
  }

  private Death death(int status, long unread) {
    long all;
    synchronized (writing) {
      all = written;
    }
    lock.lock();
    try {
      List<Attempt> left = new ArrayList<>(sent.values());
      sent.clear();
      boolean readNothing = all == 0 || unread == all;
      Attempt blamed = null;
      switch (cut) {
        case TIMEOUT, ENDLESS_LINE -> blamed = left.contains(atFault) ? atFault : null;
        case NONE -> blamed = readNothing || left.isEmpty() ? null : left.getFirst();
        case INTERRUPT, DROPPED, LINGERING -> {}
      }
      if (blamed != null) {
        left.remove(blamed);
      }
      byte[] errors;
      synchronized (tail) {
        tail.end();
        errors = tail.kept();
      }
      return new Death(cut, status, readNothing, everAnswered, blamed, left, errors);
    } finally {
      lock.unlock();
    }
  }

  private void readErrors() {
    byte[] buffer = new byte[8192];
    try (InputStream in = process.getErrorStream()) {
      int read;
      while ((read = in.read(buffer)) >= 0) {
        synchronized (tail) {
          tail.add(buffer, read);
        }
      }
    } catch (IOException e) {
      // As its end.
    }
  }
}
