package dev.piecework.internal.fill;

import dev.piecework.internal.fill.SentChunks.Chunk;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Background actor: sends a producer's chunks, one at a time, so that the next is read and digested
 * meanwhile. For one caller at a time.
 */
final class ChunkSender implements AutoCloseable {

  private static final FutureTask<@Nullable Void> END = new FutureTask<>(() -> null);

  private final Source source;
  private final LinkedBlockingQueue<FutureTask<@Nullable Void>> tasks = new LinkedBlockingQueue<>();
  private @Nullable FutureTask<@Nullable Void> underWay;
  private @Nullable Thread thread;

  ChunkSender(Source source) {
    this.source = source;
  }

  /**
   * Begins to send a chunk, after the one before it has been accepted.
   *
   * @throws PieceworkException when the one before was not; then this one is not sent
   */
  void send(Chunk chunk) {
    await();
    FutureTask<@Nullable Void> task =
        new FutureTask<>(() -> {
          source.send(chunk);
          return null;
        });
    underWay = task;
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("piecework-fill").start(this::run);
    }
    tasks.add(task);
  }

  /**
   * Returns when what was begun has been accepted. An interrupt ends the waiting for a Redis that
   * is away, as it does for every call.
   *
   * @throws PieceworkException when it was not; said once
   */
  void await() {
    FutureTask<@Nullable Void> task = underWay;
    if (task == null) {
      return;
    }
    underWay = null;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          Void unused = task.get();
          return;
        } catch (InterruptedException stopped) {
          interrupted = true;
          passOn();
        } catch (ExecutionException failed) {
          throw asItWas(failed);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void passOn() {
    Thread sending = thread;
    if (sending != null) {
      sending.interrupt();
    }
  }

  private static RuntimeException asItWas(ExecutionException failed) {
    if (failed.getCause() instanceof Error error) {
      throw error;
    }
    return failed.getCause() instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(failed.getCause());
  }

  private void run() {
    while (true) {
      try {
        FutureTask<@Nullable Void> task = tasks.take();
        if (task.equals(END)) {
          return;
        }
        task.run();
      } catch (InterruptedException late) {
        // It was meant for a chunk that is through.
      }
    }
  }

  /** Ends the thread, after what was begun. */
  @Override
  public void close() {
    tasks.add(END);
  }
}
