package dev.piecework.worker;

import org.jspecify.annotations.Nullable;

/**
 * The feeder's turns once it was told to stop, or something failed: nothing is leased, what is not
 * begun goes back at once, what runs may end in its grace period, then slots are interrupted.
 */
final class Homecoming {

  private static final Next TURN = new Next.Turn();

  private final Desk desk;
  private final Floor floor;
  private final Crew crew;
  private final Holdings holdings;
  private boolean begun;
  private boolean saidLeaving;
  private long givenBack;

  Homecoming(Desk desk, Floor floor, Crew crew, Holdings holdings) {
    this.desk = desk;
    this.floor = floor;
    this.crew = crew;
    this.holdings = holdings;
  }

  Next turn(StopOrder order) {
    if (!begun) {
      begun = true;
      floor.bell().eager(true);
      floor.shelf().close();
      // The ends that did not ring before that are found in the next turn.
      return TURN;
    }
    // Asked before gathering: a slot hands in what it has, then leaves.
    boolean allLeft = crew.allLeft();
    long now = floor.ticker().now();
    holdings.collect(now);
    // In every turn: a call whose reply was lost may find later what it had leased.
    givenBack += holdings.giveBackUnstarted();
    if (!holdings.pending().isEmpty()) {
      holdings.call(0);
      return TURN;
    }
    if (!saidLeaving && holdings.held() > 0) {
      saidLeaving = true;
      desk.leaving();
      return TURN;
    }
    if (holdings.held() == 0 || allLeft || now - order.endAt() >= 0) {
      return new Next.End(end());
    }
    if (!crew.isCut() && now - order.cutAt() >= 0) {
      crew.cut();
      return TURN;
    }
    return new Next.Park((crew.isCut() ? order.endAt() : order.cutAt()) - now);
  }

  /** What it comes to, when the turns could not be taken to their end as well. */
  WorkerEnd end() {
    @Nullable WorkerEnd failed = crew.endByFailure();
    return failed != null ? failed : new WorkerEnd.Stopped(givenBack + holdings.held(), 0);
  }
}
