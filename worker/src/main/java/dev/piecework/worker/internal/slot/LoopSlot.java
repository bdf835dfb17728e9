package dev.piecework.worker.internal.slot;

import dev.piecework.Lease;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.internal.exchange.Outcomes;
import dev.piecework.worker.internal.exchange.QueuePort;
import dev.piecework.worker.internal.exchange.WorkerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A slot that runs a loop: a batch, a long-lived child. */
public final class LoopSlot implements Slot {

  private static final Logger log = LoggerFactory.getLogger(LoopSlot.class);

  private final int number;
  private final SlotLoop loop;
  private final SlotPool pool;
  private final SlotSupply supply;
  private final SlotTally tally;

  public LoopSlot(int number, SlotLoop loop, WorkerContext context, QueuePort port, SlotPool pool) {
    this.number = number;
    this.tally = new SlotTally(number);
    this.loop = loop;
    this.pool = pool;
    this.supply = new SlotSupply(context, port, tally, pool);
  }

  @Override
  public void run() {
    try {
      loop.run(number, supply);
      if (!pool.isCut()) {
        supply.requireEnded();
      }
    } catch (InterruptedException cutOff) {
      // The grace period is over; what it held is released below.
    } catch (OutOfMemoryError outOfMemory) {
      supply.failOldest(Outcomes.thrown(outOfMemory));
      throw outOfMemory;
    } catch (Throwable thrown) {
      if (pool.isCut()) {
        // As with a handler: what an interrupt makes of a loop is no fault of the worker's.
        log.debug("slot {} was cut off: {}", number, thrown.toString());
        return;
      }
      if (!SlotPool.isRedisAway(thrown)) {
        // Given back untried, an item that no loop survives would end every worker, for ever.
        supply.failOldest(Outcomes.thrown(thrown));
      }
      throw thrown;
    } finally {
      supply.releaseRest();
    }
  }

  @Override
  public @Nullable Running oldest() {
    return supply.oldest();
  }

  @Override
  public long busyNanos(long now) {
    return supply.busyNanos(now);
  }

  /** The loop asks its supply now and then. */
  @Override
  public boolean drop(Lease lease) {
    return supply.holds(lease);
  }

  @Override
  public SlotTally tally() {
    return tally;
  }
}
