package dev.piecework.worker;

import dev.piecework.Lot;
import java.util.concurrent.TimeUnit;

/**
 * What the feeder does in a turn: gathers what the slots have ended, decides how much to lease, and
 * does both in one call. It never sleeps itself, so that a test can drive it by hand.
 *
 * <p>How long an end waits to be sent: not at all where items are slow, or where nothing else is
 * going to end; otherwise until the next lot is leased, some milliseconds at most.
 */
final class Feeding {

  /** Without an end for this long, what was leased ahead is given back: others may be idle. */
  static final long STALL = TimeUnit.MILLISECONDS.toNanos(100);

  static final long UNTIL_RUNG = TimeUnit.HOURS.toNanos(1);

  private static final Next TURN = new Next.Turn();

  private final Floor floor;
  private final Crew crew;
  private final Pacing pacing;
  private final Holdings holdings;
  private final Waiting waiting;
  private long left = Long.MAX_VALUE;
  private boolean quiet;
  private volatile boolean lost;

  Feeding(Floor floor, Crew crew, Holdings holdings, Pacing pacing, Waiting waiting) {
    this.floor = floor;
    this.crew = crew;
    this.pacing = pacing;
    this.holdings = holdings;
    this.waiting = waiting;
  }

  /** The session was reaped: what is on the shelf belongs to others now. From any thread. */
  void sessionLost() {
    lost = true;
    floor.bell().ring();
  }

  Next turn() {
    floor.shelf().turnBegins();
    try {
      return feed(floor.ticker().now());
    } finally {
      floor.shelf().turnEnds();
    }
  }

  private Next feed(long now) {
    if (lost) {
      lost = false;
      holdings.giveBackUnstarted();
    }
    holdings.collect(now);
    Crew.Totals totals = crew.totals();
    pacing.totals(totals.busyNanos(), totals.ended());
    if (holdings.held() == 0) {
      quiet = false;
    }
    boolean brisk = pacing.isBrisk() && holdings.stillFor(now) < STALL && !quiet;
    if (floor.bell().eager(!brisk)) {
      // An end that came before that did not ring.
      return TURN;
    }
    return decide(now, brisk);
  }

  private Next decide(long now, boolean brisk) {
    int unstarted = floor.shelf().unstarted();
    int asked = floor.shelf().asked();
    int running = holdings.running(unstarted);
    int want = quiet ? 0 : pacing.want(asked, unstarted, left);
    if (want == 0 && !isDue(now, brisk, running + unstarted)) {
      return rest(now, brisk, unstarted, running);
    }
    Lot lot = call(want);
    if (!lot.leases().isEmpty() || want == 0 || asked <= unstarted || quiet) {
      return TURN;
    }
    // Where our own items end soon, the next call comes soon too, and asks again.
    return brisk && running > 0
        ? new Next.Park(pacing.lingerNanos())
        : waiting.next(lot.standing(), holdings.held());
  }

  private Lot call(int want) {
    Lot lot = holdings.call(want);
    if (want > 0) {
      left = lot.left();
    }
    if (!lot.leases().isEmpty()) {
      waiting.over();
    }
    // An item that has killed workers is to be alone, or the next death is charged to all.
    quiet = lot.alone() || (lot.leases().size() == 1 && lot.leases().getFirst().losses() >= 2);
    // Then a batch that asks for more gets none, whatever is left: its own end is waited for.
    floor.shelf().dry(quiet || (lot.leases().size() < want && lot.left() == 0));
    return lot;
  }

  private boolean isDue(long now, boolean brisk, int stillToEnd) {
    int pending = holdings.pending().size();
    return pending > 0
        && (!brisk
            || stillToEnd == 0
            || pending >= pacing.lot()
            || holdings.pendingFor(now) >= pacing.lingerNanos());
  }

  private Next rest(long now, boolean brisk, int unstarted, int running) {
    if (!holdings.pending().isEmpty()) {
      return new Next.Park(pacing.lingerNanos() - holdings.pendingFor(now));
    }
    if (brisk && running > 0) {
      return new Next.Park(pacing.lingerNanos());
    }
    if (unstarted == 0) {
      return new Next.Park(UNTIL_RUNG);
    }
    if (holdings.stillFor(now) < STALL) {
      return new Next.Park(STALL - holdings.stillFor(now));
    }
    pacing.stalled(holdings.stillFor(now));
    holdings.giveBackUnstarted();
    return TURN;
  }
}
