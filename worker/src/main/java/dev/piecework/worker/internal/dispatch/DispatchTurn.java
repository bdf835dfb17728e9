package dev.piecework.worker.internal.dispatch;

import dev.piecework.LeaseBatch;
import dev.piecework.QueueState;
import dev.piecework.worker.internal.exchange.WakeUp;
import dev.piecework.worker.internal.exchange.WorkerContext;
import dev.piecework.worker.internal.slot.SlotPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher does in a turn: gathers what the slots have ended, decides how much to lease,
 * and does both in one call. It never sleeps itself, so that a test can drive it by hand.
 *
 * <p>How long an end waits to be sent: not at all where items are slow, or where nothing else is
 * going to end; otherwise until the next batch is leased, some milliseconds at most.
 */
public final class DispatchTurn {

  /** Without an end for this long, what was leased ahead is given back: others may be idle. */
  static final long STALL = TimeUnit.MILLISECONDS.toNanos(100);

  /** Between two questions whether to back up what others hold; wake-ups come at any time. */
  static final long BACKUP = TimeUnit.MILLISECONDS.toNanos(800);

  static final long UNTIL_WOKEN = TimeUnit.HOURS.toNanos(1);

  private static final DispatchDecision AGAIN = new DispatchDecision.Again();

  private final WorkerContext context;
  private final SlotPool pool;
  private final BatchTiming timing;
  private final Holdings holdings;
  private final Waiting waiting;
  private long left = Long.MAX_VALUE;
  private boolean quiet;
  private long backupAt = Long.MIN_VALUE;
  private volatile boolean lost;

  public DispatchTurn(
      WorkerContext context,
      SlotPool pool,
      Holdings holdings,
      BatchTiming timing,
      Waiting waiting) {
    this.context = context;
    this.pool = pool;
    this.timing = timing;
    this.holdings = holdings;
    this.waiting = waiting;
  }

  /** The session was reaped: what was prefetched belongs to others now. From any thread. */
  public void sessionLost() {
    lost = true;
    context.wakeUp().wake(WakeUp.Cause.SESSION_LOST);
  }

  /** Why the worker is to end with what runs, though not all is done; or null. */
  @Nullable String stoppedEarly() {
    return waiting.stoppedEarly();
  }

  DispatchDecision turn() {
    context.buffer().turnBegins();
    try {
      return feed(context.ticker().now());
    } finally {
      context.buffer().turnEnds();
    }
  }

  private DispatchDecision feed(long now) {
    if (lost) {
      lost = false;
      holdings.giveBackUnstarted();
    }
    holdings.collect(now);
    SlotPool.Totals totals = pool.totals();
    timing.totals(totals.busyNanos(), totals.ended());
    if (holdings.held() == 0) {
      quiet = false;
    }
    boolean brisk = timing.isBrisk() && holdings.stillFor(now) < STALL && !quiet;
    if (context.wakeUp().eager(!brisk)) {
      // An end that came before that woke nobody.
      return AGAIN;
    }
    return decide(now, brisk);
  }

  private DispatchDecision decide(long now, boolean brisk) {
    int unstarted = context.buffer().unstarted();
    int asked = context.buffer().asked();
    int running = holdings.running(unstarted);
    int want = quiet ? 0 : timing.want(asked, unstarted, left);
    if (want == 0 && !isDue(now, brisk, running + unstarted)) {
      return rest(now, brisk, unstarted, running);
    }
    LeaseBatch batch = call(want);
    if (!batch.leases().isEmpty() || want == 0 || asked <= unstarted || quiet) {
      return AGAIN;
    }
    if (brisk && running > 0) {
      // Our own items end soon: then the next call comes soon too, and asks again.
      return new DispatchDecision.Park(timing.lingerNanos());
    }
    return batch.state() instanceof QueueState.NotYet && backsUp(now)
        ? AGAIN
        : waiting.next(batch.state(), holdings.held());
  }

  // A slot is idle and nothing waits: others may hold what would be done sooner here.
  private boolean backsUp(long now) {
    if (now < backupAt) {
      return false;
    }
    boolean found = holdings.backUp();
    backupAt = found ? now : now + BACKUP;
    return found;
  }

  private LeaseBatch call(int want) {
    LeaseBatch batch = holdings.call(want);
    if (want > 0) {
      left = batch.left();
    }
    if (!batch.leases().isEmpty()) {
      waiting.over();
    }
    // An item that has killed workers is to be alone, or the next death is charged to all.
    quiet =
        batch.alone() || (batch.leases().size() == 1 && batch.leases().getFirst().losses() >= 2);
    // Then a batch that asks for more gets none, whatever is left: its own end is waited for.
    context.buffer().dry(quiet || (batch.leases().size() < want && batch.left() == 0));
    return batch;
  }

  private boolean isDue(long now, boolean brisk, int stillToEnd) {
    int pending = holdings.pending().size();
    return pending > 0
        && (!brisk
            || stillToEnd == 0
            || pending >= timing.batch()
            || holdings.pendingFor(now) >= timing.lingerNanos());
  }

  private DispatchDecision rest(long now, boolean brisk, int unstarted, int running) {
    if (!holdings.pending().isEmpty()) {
      return new DispatchDecision.Park(timing.lingerNanos() - holdings.pendingFor(now));
    }
    if (brisk && running > 0) {
      return new DispatchDecision.Park(timing.lingerNanos());
    }
    if (unstarted == 0) {
      return new DispatchDecision.Park(UNTIL_WOKEN);
    }
    if (holdings.stillFor(now) < STALL) {
      return new DispatchDecision.Park(STALL - holdings.stillFor(now));
    }
    timing.stalled(holdings.stillFor(now));
    holdings.giveBackUnstarted();
    return AGAIN;
  }
}
