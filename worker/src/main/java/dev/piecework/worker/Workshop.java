package dev.piecework.worker;

import dev.piecework.Lease;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a worker together, and starts its threads. */
final class Workshop {

  private final WatchedDesk desk;
  private final WorkerConfig config;
  private final Floor floor;
  private final Crew crew;
  private final Holdings holdings;
  private final Feeding feeding;
  private final Feeder feeder;
  private final Notices notices;
  private final TimeoutWatch watch;
  private @Nullable Thread watcher;

  Workshop(Desk desk, WorkerConfig config, Ticker ticker) {
    Bell bell = new Bell();
    this.notices = new Notices(config.hooks().notices());
    Pacing pacing = new Pacing(config.slots(), config.maxLot());
    this.desk = new WatchedDesk(desk, ticker);
    this.config = config;
    this.floor = Floor.of(bell, ticker, config.hooks().items());
    this.crew = new Crew(bell);
    this.holdings = new Holdings(this.desk, floor, pacing, notices, crew.dropped());
    Waiting waiting = new Waiting(this.desk, config, notices, ticker);
    this.feeding = new Feeding(floor, crew, holdings, pacing, waiting);
    this.feeder = new Feeder(this.desk, floor, crew, holdings, feeding);
    this.watch = new TimeoutWatch(crew, ticker);
  }

  HeartbeatReport heartbeatReport() {
    return new HeartbeatReport(crew, floor.ticker());
  }

  void sessionLost() {
    feeding.sessionLost();
  }

  /** A person has dropped the item of this lease. From the heartbeat's thread. */
  void dropped(Lease lease) {
    if (crew.drop(lease)) {
      String matter = "dropped " + lease;
      notices.say(
          matter,
          "item " + lease.id() + " was dropped: the work on it is stopped, nothing is counted");
      notices.forget(matter);
      watch();
    }
  }

  RunningWorker handlers(Handler handler) {
    Duration timeout = config.timeout();
    for (int slot = 0; slot < config.slots(); slot++) {
      crew.start(new HandlerSlot(handler, floor, crew, timeout, new SlotTally()));
    }
    if (timeout != null) {
      watch();
    }
    return begin();
  }

  RunningWorker loops(SlotLoop loop) {
    for (int slot = 0; slot < config.slots(); slot++) {
      crew.start(new LoopSlot(slot, loop, floor, desk, crew));
    }
    return begin();
  }

  private synchronized void watch() {
    if (watcher != null) {
      LockSupport.unpark(watcher);
      return;
    }
    Thread thread = daemon(watch, "piecework-timeouts");
    watcher = thread;
    var unused = feeder.ended().thenRun(() -> watch.end(thread));
  }

  private RunningWorker begin() {
    daemon(feeder, "piecework-feeder");
    return new RunningWorker(feeder, crew, holdings, desk);
  }

  private static Thread daemon(Runnable actor, String name) {
    Thread thread = new Thread(actor, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
