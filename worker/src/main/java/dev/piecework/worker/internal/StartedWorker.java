package dev.piecework.worker.internal;

import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.dispatch.Dispatcher;
import dev.piecework.worker.internal.dispatch.Holdings;
import dev.piecework.worker.internal.exchange.QueuePort;
import dev.piecework.worker.internal.slot.SlotPool;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The handle on a worker whose threads have been started. */
final class StartedWorker implements RunningWorker {

  /** Changes in how many slots it works. */
  interface SlotCount {
    void change(int slots);
  }

  private final Dispatcher dispatcher;
  private final SlotPool pool;
  private final Holdings holdings;
  private final QueuePort port;
  private final SlotCount slots;

  StartedWorker(
      Dispatcher dispatcher, SlotPool pool, Holdings holdings, QueuePort port, SlotCount slots) {
    this.dispatcher = dispatcher;
    this.pool = pool;
    this.holdings = holdings;
    this.port = port;
    this.slots = slots;
  }

  @Override
  public WorkerEnd await() throws InterruptedException {
    try {
      return dispatcher.ended().get();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  @Override
  public Optional<WorkerEnd> await(Duration atMost) throws InterruptedException {
    try {
      return Optional.of(dispatcher.ended().get(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException stillWorking) {
      return Optional.empty();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  @Override
  public void stop(Duration grace) {
    dispatcher.control().stop(grace);
  }

  @Override
  public void stopWhenIdle() {
    dispatcher.control().stopWhenIdle();
  }

  @Override
  public Counts counts() {
    SlotPool.Totals totals = pool.totals();
    return new Counts(totals.done(), totals.failed(), holdings.refused());
  }

  @Override
  public int slots() {
    return pool.size();
  }

  @Override
  public void slots(int wanted) {
    slots.change(wanted);
  }

  @Override
  public int busySlots() {
    return pool.busy();
  }

  @Override
  public Duration sinceHeard() {
    return port.sinceHeard();
  }

  @Override
  public CompletableFuture<WorkerEnd> onEnd() {
    return dispatcher.ended().copy();
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
    dispatcher.ended().join();
  }
}
