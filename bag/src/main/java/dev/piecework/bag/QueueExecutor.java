package dev.piecework.bag;

import dev.piecework.ItemState;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A queue seen as an executor: what is submitted here is called by a worker, in this process or
 * another one, that runs {@link #handler}. For code that has an {@link
 * java.util.concurrent.ExecutorService} and wants its tasks to survive the process and to be spread
 * over machines.
 *
 * <p>A task is to be a {@link Callable} that the {@link TaskCodec} knows. Everything else cannot be
 * had honestly, and is refused with an {@link UnsupportedOperationException} that says why: a
 * lambda, and a {@link Runnable} that is no Callable. A future is one of {@link TypedQueue#submit}:
 * what fails it is there; a task that throws is tried again, as every item is, and its future fails
 * when the item is dead.
 *
 * <p>{@link #shutdown} ends submitting and nothing else. Tasks that were submitted outlive this
 * process.
 */
public final class QueueExecutor extends AbstractExecutorService {

  private final WorkQueue queue;
  private final TaskCodec codec;
  private final Submissions submissions;
  private final Map<RemoteTask<?>, String> open = new ConcurrentHashMap<>();
  private final CountDownLatch terminated = new CountDownLatch(1);
  private volatile boolean shutdown;

  private QueueExecutor(WorkQueue queue, TaskCodec codec) {
    this.queue = queue;
    this.codec = codec;
    this.submissions = new Submissions(queue);
  }

  /** On this queue, which is to keep results; it stays open when the executor has ended. */
  public static QueueExecutor on(WorkQueue queue, TaskCodec codec) {
    return new QueueExecutor(queue, codec);
  }

  /** What a worker is given to do such tasks. */
  public static Handler handler(TaskCodec codec) {
    return attempt -> {
      Callable<?> task;
      try {
        task = codec.decode(attempt.payload());
      } catch (RuntimeException noneOfOurs) {
        return Outcome.bury("no task that is known here: " + noneOfOurs.getMessage());
      }
      Object answer = task.call();
      return answer == null ? Outcome.done() : Outcome.done(codec.encodeResult(task, answer));
    };
  }

  @Override
  protected <V> RunnableFuture<V> newTaskFor(Callable<V> callable) {
    return new RemoteTask<>(callable);
  }

  @Override
  protected <V> RunnableFuture<V> newTaskFor(Runnable runnable, V value) {
    throw isNoTask(runnable);
  }

  @Override
  public Future<?> submit(Runnable task) {
    if (task instanceof Callable<?> callable) {
      return submit(callable);
    }
    throw isNoTask(task);
  }

  private static UnsupportedOperationException isNoTask(Runnable task) {
    return new UnsupportedOperationException(
        task.getClass().getName()
            + " is a Runnable: what it does to this process cannot be done in another one; submit a"
            + " Callable of a class that the codec knows, such as a record");
  }

  @Override
  public void execute(Runnable command) {
    if (shutdown) {
      throw new RejectedExecutionException("the executor was shut down");
    }
    if (!(command instanceof RemoteTask<?> task)) {
      if (command instanceof Callable<?> callable) {
        execute(newTaskFor(callable));
        return;
      }
      throw isNoTask(command);
    }
    send(task);
  }

  private <V> void send(RemoteTask<V> task) {
    byte[] payload = codec.encode(task.callable);
    open.put(task, "");
    CompletableFuture<byte[]> result;
    try {
      result = submissions.submit(payload, bytes -> bytes);
    } catch (RuntimeException refused) {
      open.remove(task);
      throw refused;
    }
    task.sent(result, codec);
    var unused =
        result.whenComplete((bytes, failure) -> {
          open.remove(task);
          terminateIfDone();
        });
  }

  private void terminateIfDone() {
    if (shutdown && open.isEmpty()) {
      terminated.countDown();
    }
  }

  @Override
  public <V> V invokeAny(Collection<? extends Callable<V>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return invokeAny(tasks, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (TimeoutException centuries) {
      throw new ExecutionException(centuries);
    }
  }

  @Override
  public <V> V invokeAny(Collection<? extends Callable<V>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("no tasks");
    }
    List<Future<V>> futures = new ArrayList<>();
    CompletableFuture<V> first = new CompletableFuture<>();
    List<CompletableFuture<V>> all = new ArrayList<>();
    try {
      for (Callable<V> task : tasks) {
        RemoteTask<V> remote = new RemoteTask<>(task);
        futures.add(remote);
        all.add(remote.value);
        var unused = remote.value.thenAccept(first::complete);
        execute(remote);
      }
      var unused =
          CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
              .whenComplete((none, failure) -> {
                if (failure != null) {
                  first.completeExceptionally(failure);
                }
              });
      return first.get(timeout, unit);
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
    submissions.finish();
    terminateIfDone();
  }

  /**
   * Drops every task that was submitted here and is not done. Whoever works on one is told.
   *
   * @return those that had not been begun; to run one calls its task in this process
   */
  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    List<Runnable> notBegun = new ArrayList<>();
    for (RemoteTask<?> task : open.keySet()) {
      // Where it was taken from says whether somebody has begun it: to look first would be too
      // early.
      boolean waited =
          submissions
              .idOf(task.result())
              .flatMap(queue.admin()::dropItem)
              .filter(was -> was == ItemState.WAITING || was == ItemState.DELAYED)
              .isPresent();
      if (task.cancel(true) && waited) {
        notBegun.add(task::callHere);
      }
    }
    return notBegun;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }

  /** As {@link #awaitTermination(long, TimeUnit)}. */
  public boolean awaitTermination(Duration atMost) throws InterruptedException {
    return awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** One that is called elsewhere. */
  private static final class RemoteTask<V> implements RunnableFuture<V> {

    private final Callable<V> callable;
    private final CompletableFuture<V> value = new CompletableFuture<>();
    private volatile CompletableFuture<byte[]> sent = new CompletableFuture<>();

    RemoteTask(Callable<V> callable) {
      this.callable = callable;
    }

    CompletableFuture<byte[]> result() {
      return sent;
    }

    void sent(CompletableFuture<byte[]> result, TaskCodec codec) {
      sent = result;
      var unused =
          result.whenComplete((bytes, failure) -> {
            if (failure != null) {
              value.completeExceptionally(failure);
            } else {
              decode(bytes, codec);
            }
          });
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a task that answered null has no bytes
    private void decode(byte[] bytes, TaskCodec codec) {
      try {
        value.complete(bytes.length == 0 ? null : (V) codec.decodeResult(callable, bytes));
      } catch (RuntimeException undecodable) {
        value.completeExceptionally(undecodable);
      }
    }

    void callHere() {
      try {
        callable.call();
      } catch (Exception thrown) {
        throw new CancellationException(String.valueOf(thrown));
      }
    }

    /** Nothing is done here. */
    @Override
    public void run() {}

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = value.cancel(mayInterruptIfRunning);
      if (cancelled) {
        sent.cancel(mayInterruptIfRunning);
      }
      return cancelled;
    }

    @Override
    public boolean isCancelled() {
      return value.isCancelled();
    }

    @Override
    public boolean isDone() {
      return value.isDone();
    }

    @Override
    public V get() throws InterruptedException, ExecutionException {
      return value.get();
    }

    @Override
    public V get(long timeout, TimeUnit unit)
        throws InterruptedException, ExecutionException, TimeoutException {
      return value.get(timeout, unit);
    }
  }
}
