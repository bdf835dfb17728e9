package dev.piecework.worker;

import dev.piecework.Lease;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a worker together, and starts its threads. */
final class WorkerAssembly {

  private final WatchedQueuePort port;
  private final WorkerConfig config;
  private final WorkerContext context;
  private final SlotPool pool;
  private final Holdings holdings;
  private final DispatchTurn dispatchTurn;
  private final Dispatcher dispatcher;
  private final Notices notices;
  private final TimeoutWatch watch;
  private @Nullable Thread watcher;

  WorkerAssembly(QueuePort port, WorkerConfig config, Ticker ticker) {
    WakeUp wakeUp = new WakeUp();
    this.notices = new Notices(config.hooks().notices());
    BatchTiming timing = new BatchTiming(config.slots(), config.maxBatch());
    this.port = new WatchedQueuePort(port, ticker);
    this.config = config;
    this.context = WorkerContext.of(wakeUp, ticker, config.hooks().items());
    this.pool = new SlotPool(wakeUp);
    this.holdings = new Holdings(this.port, context, timing, notices, pool.dropped());
    Waiting waiting = new Waiting(this.port, config, notices, ticker);
    this.dispatchTurn = new DispatchTurn(context, pool, holdings, timing, waiting);
    this.dispatcher = new Dispatcher(this.port, context, pool, holdings, dispatchTurn);
    this.watch = new TimeoutWatch(pool, ticker);
  }

  HeartbeatReport heartbeatReport() {
    return new HeartbeatReport(pool, context.ticker());
  }

  void sessionLost() {
    dispatchTurn.sessionLost();
  }

  /** A person has dropped the item of this lease. From the heartbeat's thread. */
  void dropped(Lease lease) {
    if (pool.drop(lease)) {
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
      pool.start(new HandlerSlot(handler, context, pool, timeout, new SlotTally()));
    }
    if (timeout != null) {
      watch();
    }
    return begin();
  }

  RunningWorker loops(SlotLoop loop) {
    for (int slot = 0; slot < config.slots(); slot++) {
      pool.start(new LoopSlot(slot, loop, context, port, pool));
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
    var unused = dispatcher.ended().thenRun(() -> watch.end(thread));
  }

  private RunningWorker begin() {
    daemon(dispatcher, "piecework-dispatcher");
    return new RunningWorker(dispatcher, pool, holdings, port);
  }

  private static Thread daemon(Runnable actor, String name) {
    Thread thread = new Thread(actor, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
