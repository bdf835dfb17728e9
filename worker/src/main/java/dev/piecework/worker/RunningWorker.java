package dev.piecework.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A worker at work. Its threads are daemons: {@link #await} it, or the process ends under it. */
public final class RunningWorker implements AutoCloseable {

  /**
   * What a worker has done so far.
   *
   * @param done attempts that were called done
   * @param failed attempts that failed, in whichever way
   * @param refused ends that came too late, for leases that had been lost by then
   */
  public record Counts(long done, long failed, long refused) {}

  private final Dispatcher dispatcher;
  private final SlotPool pool;
  private final Holdings holdings;
  private final QueuePort port;

  RunningWorker(Dispatcher dispatcher, SlotPool pool, Holdings holdings, QueuePort port) {
    this.dispatcher = dispatcher;
    this.pool = pool;
    this.holdings = holdings;
    this.port = port;
  }

  /** Waits until the worker has ended. */
  public WorkerEnd await() throws InterruptedException {
    try {
      return dispatcher.ended().get();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  /** Waits so long at most; empty when the worker still works. */
  public Optional<WorkerEnd> await(Duration atMost) throws InterruptedException {
    try {
      return Optional.of(dispatcher.ended().get(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException stillWorking) {
      return Optional.empty();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  /**
   * Tells the worker to stop, and returns at once: it leases nothing more, gives back what is not
   * begun, and lets what runs go on for the grace period. Then the slots are interrupted, and what
   * they do not end is given back too. A second call leaves no more time.
   */
  public void stop(Duration grace) {
    dispatcher.stop(grace);
  }

  /**
   * Tells the worker to lease nothing more, and returns at once: it ends when what runs has ended,
   * however long that takes. A {@link #stop} after this has its grace period.
   */
  public void stopWhenIdle() {
    dispatcher.stopWhenIdle();
  }

  /** What was done so far. */
  public Counts counts() {
    SlotPool.Totals totals = pool.totals();
    return new Counts(totals.done(), totals.failed(), holdings.refused());
  }

  /** How long ago Redis last confirmed that this worker lives, for liveness probes. */
  public Duration sinceHeard() {
    return port.sinceHeard();
  }

  /** Called, from a thread of the worker's, when it has ended. */
  public CompletableFuture<WorkerEnd> onEnd() {
    return dispatcher.ended().copy();
  }

  /** Stops without a grace period, and waits for the end. */
  @Override
  public void close() {
    stop(Duration.ZERO);
    dispatcher.ended().join();
  }
}
