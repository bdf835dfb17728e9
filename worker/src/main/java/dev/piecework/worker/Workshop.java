package dev.piecework.worker;

import java.time.Duration;

/** Puts the parts of a worker together, and starts its threads. */
final class Workshop {

  private final WatchedDesk desk;
  private final WorkerConfig config;
  private final Floor floor;
  private final Crew crew;
  private final Holdings holdings;
  private final Feeding feeding;
  private final Feeder feeder;

  Workshop(Desk desk, WorkerConfig config, Ticker ticker) {
    Bell bell = new Bell();
    Notices notices = new Notices(config.hooks().notices());
    Pacing pacing = new Pacing(config.slots(), config.maxLot());
    this.desk = new WatchedDesk(desk, ticker);
    this.config = config;
    this.floor = Floor.of(bell, ticker, config.hooks().items());
    this.crew = new Crew(bell);
    this.holdings = new Holdings(this.desk, floor, pacing, notices);
    Waiting waiting = new Waiting(this.desk, config, notices, ticker);
    this.feeding = new Feeding(floor, crew, holdings, pacing, waiting);
    this.feeder = new Feeder(this.desk, floor, crew, holdings, feeding);
  }

  HeartbeatReport heartbeatReport() {
    return new HeartbeatReport(crew, floor.ticker());
  }

  void sessionLost() {
    feeding.sessionLost();
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

  private void watch() {
    TimeoutWatch watch = new TimeoutWatch(crew, floor.ticker());
    Thread thread = daemon(watch, "piecework-timeouts");
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
