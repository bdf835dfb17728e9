package dev.piecework.worker;

import dev.piecework.Ending;
import dev.piecework.Lot;
import java.time.Duration;
import java.util.List;

/** A desk that can say since when the feeder waits for its answer. */
final class WatchedDesk implements Desk {

  private final Desk desk;
  private final Ticker ticker;
  private volatile long since;

  WatchedDesk(Desk desk, Ticker ticker) {
    this.desk = desk;
    this.ticker = ticker;
  }

  /** By the ticker; 0 when there is no call under way. */
  long callSince() {
    return since;
  }

  @Override
  public Lot step(List<Ending> endings, int want) {
    since = ticker.now();
    try {
      return desk.step(endings, want);
    } finally {
      since = 0;
    }
  }

  @Override
  public void awaitChange(Duration atMost) throws InterruptedException {
    desk.awaitChange(atMost);
  }

  @Override
  public Duration lookAgain() {
    return desk.lookAgain();
  }

  @Override
  public void wake() {
    desk.wake();
  }

  @Override
  public void leaving() {
    since = ticker.now();
    try {
      desk.leaving();
    } finally {
      since = 0;
    }
  }

  @Override
  public boolean leaveEarly() {
    since = ticker.now();
    try {
      return desk.leaveEarly();
    } finally {
      since = 0;
    }
  }

  @Override
  public int holds() {
    return desk.holds();
  }

  @Override
  public Duration sinceHeard() {
    return desk.sinceHeard();
  }

  @Override
  public void pause(String reason) {
    desk.pause(reason);
  }

  @Override
  public void close() {
    since = ticker.now();
    try {
      desk.close();
    } finally {
      since = 0;
    }
  }
}
