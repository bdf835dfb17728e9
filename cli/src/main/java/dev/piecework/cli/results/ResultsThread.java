package dev.piecework.cli.results;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Takes results while a worker works, until told that no more will come. */
public final class ResultsThread {

  private static final long PAUSE_MILLIS = 50;

  private final Pump pump;
  private final Consumer<Throwable> failed;
  private final CountDownLatch finish = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean drained;

  private ResultsThread(Pump pump, Consumer<Throwable> failed) {
    this.pump = pump;
    this.failed = failed;
    this.thread = Thread.ofPlatform().daemon().name("results").unstarted(this::takeUntilFinished);
  }

  public static ResultsThread start(Pump pump, Consumer<Throwable> failed) {
    ResultsThread results = new ResultsThread(pump, failed);
    results.thread.start();
    return results;
  }

  private void takeUntilFinished() {
    try {
      // A pause, so that what is taken together is synced together; but not while there is more
      // than one call takes: a child answers faster, and what is left is waited for at the end.
      int taken = 0;
      while (!finish.await(taken >= ResultsPump.FULL ? 0 : PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        taken = pump.take();
      }
      if (drained) {
        pump.takeAll();
      } else {
        int _ = pump.take();
        pump.leave();
      }
    } catch (Throwable thrown) {
      failed.accept(thrown);
    }
  }

  /**
   * Takes the rest, and waits for that.
   *
   * @param all whether nothing will be committed after this, by anybody
   */
  public void finish(boolean all) throws InterruptedException {
    drained = all;
    finish.countDown();
    thread.join();
  }

  /**
   * Takes the rest, and waits so long for that.
   *
   * @return false when it does not come to an end: Redis cannot be reached
   */
  public boolean finishWithin(Duration atMost) throws InterruptedException {
    finish.countDown();
    return thread.join(atMost);
  }
}
