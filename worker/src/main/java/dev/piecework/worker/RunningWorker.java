package dev.piecework.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A worker at work. Its threads are daemons: {@link #await} it, or the process ends under it. */
public interface RunningWorker extends AutoCloseable {

  /**
   * What a worker has done so far.
   *
   * @param done attempts that were called done
   * @param failed attempts that failed, in whichever way
   * @param refused ends that came too late, for leases that had been lost by then
   */
  record Counts(long done, long failed, long refused) {}

  /** Waits until the worker has ended. */
  WorkerEnd await() throws InterruptedException;

  /** Waits so long at most; empty when the worker still works. */
  Optional<WorkerEnd> await(Duration atMost) throws InterruptedException;

  /**
   * Tells the worker to stop, and returns at once: it leases nothing more, gives back what is not
   * begun, and lets what runs go on for the grace period. Then the slots are interrupted, and what
   * they do not end is given back too. A second call leaves no more time.
   */
  void stop(Duration grace);

  /**
   * Tells the worker to lease nothing more, and returns at once: it ends when what runs has ended,
   * however long that takes. A {@link #stop} after this has its grace period.
   */
  void stopWhenIdle();

  /** What was done so far. */
  Counts counts();

  /** In how many slots it works, or will when what runs has ended. */
  int slots();

  /**
   * Works in so many slots from now on, and tells others. Of fewer, those beyond end with what they
   * are on: nothing is given back.
   *
   * @throws IllegalArgumentException when it is not 1 to 10,000
   */
  void slots(int slots);

  /** How many slots are at an attempt now: between none and all, for gauges. */
  int busySlots();

  /** How long ago Redis last confirmed that this worker lives, for liveness probes. */
  Duration sinceHeard();

  /** Called, from a thread of the worker's, when it has ended. */
  CompletableFuture<WorkerEnd> onEnd();

  /** Stops without a grace period, and waits for the end. */
  @Override
  void close();
}
