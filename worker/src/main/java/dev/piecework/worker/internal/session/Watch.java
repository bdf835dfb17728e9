package dev.piecework.worker.internal.session;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at what runs, forty times a second: timeouts, interrupts and overflowing output cannot wake
 * a thread that waits for a pipe.
 */
public final class Watch implements AutoCloseable {
  private static final long TICK_NANOS = 25_000_000;

  /** Something that is to be looked at now and then. */
  @FunctionalInterface
  public interface Watched {
    /** Must not block. */
    void look(long nanoTime);
  }

  private final List<Watched> all = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  public Watch() {
    thread = Thread.ofPlatform().daemon().name("piecework-watch").start(this::run);
  }

  public void add(Watched one) {
    all.add(one);
  }

  public void remove(Watched one) {
    all.remove(one);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      long now = System.nanoTime();
      for (Watched one : all) {
        one.look(now);
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
  }
}
