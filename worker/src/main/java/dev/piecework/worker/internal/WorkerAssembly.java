package dev.piecework.worker.internal;

import dev.piecework.Lease;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Handler;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerConfig;
import dev.piecework.worker.WorkerConfig.Leaving;
import dev.piecework.worker.internal.dispatch.BatchTiming;
import dev.piecework.worker.internal.dispatch.DispatchTurn;
import dev.piecework.worker.internal.dispatch.Dispatcher;
import dev.piecework.worker.internal.dispatch.Holdings;
import dev.piecework.worker.internal.dispatch.Notices;
import dev.piecework.worker.internal.dispatch.Waiting;
import dev.piecework.worker.internal.dispatch.WatchedQueuePort;
import dev.piecework.worker.internal.exchange.QueuePort;
import dev.piecework.worker.internal.exchange.Ticker;
import dev.piecework.worker.internal.exchange.WakeUp;
import dev.piecework.worker.internal.exchange.WorkerContext;
import dev.piecework.worker.internal.slot.HandlerSlot;
import dev.piecework.worker.internal.slot.HeartbeatReport;
import dev.piecework.worker.internal.slot.LoopSlot;
import dev.piecework.worker.internal.slot.SlotPool;
import dev.piecework.worker.internal.slot.SlotTally;
import dev.piecework.worker.internal.slot.TimeoutWatch;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a worker together, and starts its threads. */
public final class WorkerAssembly {

  private final WatchedQueuePort port;
  private final WorkerConfig config;
  private final WorkerContext context;
  private final SlotPool pool;
  private final Holdings holdings;
  private final DispatchTurn dispatchTurn;
  private final Dispatcher dispatcher;
  private final BatchTiming timing;
  private final Notices notices;
  private final TimeoutWatch watch;
  private @Nullable Thread watcher;

  public WorkerAssembly(QueuePort port, WorkerConfig config, Ticker ticker) {
    WakeUp wakeUp = new WakeUp();
    this.notices = new Notices(config.hooks().notices());
    this.timing = new BatchTiming(config.slots(), config.maxBatch());
    this.port = new WatchedQueuePort(port, ticker);
    this.config = config;
    this.context = WorkerContext.of(wakeUp, ticker, config.hooks().listeners());
    this.pool = new SlotPool(wakeUp, config.virtualSlots());
    this.holdings = new Holdings(this.port, context, timing, notices, pool.dropped());
    Waiting waiting = new Waiting(this.port, config, notices, ticker);
    this.dispatchTurn = new DispatchTurn(context, pool, holdings, timing, waiting);
    this.dispatcher = new Dispatcher(this.port, context, pool, holdings, dispatchTurn);
    this.watch = new TimeoutWatch(pool, ticker);
  }

  /** A worker with a session of its own, whose threads are yet to be started. */
  public static WorkerAssembly open(WorkQueue queue, WorkerConfig config) {
    String name = config.name();
    SessionInfo info =
        name == null ? SessionInfo.local(config.slots()) : SessionInfo.local(name, config.slots());
    SessionOptions options = SessionOptions.DEFAULTS;
    Session session =
        queue.session(info, config.leaving() == Leaving.NEVER ? options.followingRuns() : options);
    WorkerAssembly assembly =
        new WorkerAssembly(new SessionQueuePort(queue, session), config, Ticker.SYSTEM);
    session.reportBy(assembly.heartbeatReport());
    session.onLost(assembly::sessionLost);
    session.onDropped(assembly::dropped);
    session.onOvertaken(assembly::overtaken);
    session.onSlots(assembly::told);
    return assembly;
  }

  HeartbeatReport heartbeatReport() {
    return new HeartbeatReport(pool, context.ticker());
  }

  private void sessionLost() {
    dispatchTurn.sessionLost();
    try {
      context.listeners().sessionLost();
    } catch (OutOfMemoryError outOfMemory) {
      pool.fail(outOfMemory); // not of the heartbeat's thread, which may be the one that tells
    }
  }

  /** A person has said in how many slots to work. From the heartbeat's thread. */
  private void told(int slots) {
    String matter = "slots";
    notices.say(matter, "working in " + slots + (slots == 1 ? " slot" : " slots") + " from now on");
    notices.forget(matter);
    resize(slots);
  }

  private void resize(int slots) {
    timing.slots(slots);
    pool.resize(slots);
    context.buffer().recheck();
  }

  private void change(int slots) {
    if (slots < 1 || slots > Worker.MOST_SLOTS) {
      throw new IllegalArgumentException("slots: " + slots + " is not 1 to 10,000");
    }
    resize(slots);
    port.slots(slots);
  }

  /** A person has dropped the item of this lease. From the heartbeat's thread. */
  public void dropped(Lease lease) {
    cancel(lease, "was dropped: the work on it is stopped, nothing is counted");
  }

  /** Another worker, who held the item of this lease too, has completed it. From that thread. */
  void overtaken(Lease lease) {
    cancel(lease, "is done by another worker: the work on it here is stopped, nothing is counted");
  }

  private void cancel(Lease lease, String why) {
    if (pool.drop(lease)) {
      String matter = "cancelled " + lease;
      notices.say(matter, "item " + lease.id() + " " + why);
      notices.forget(matter);
      watch();
    }
  }

  public RunningWorker handlers(Handler handler) {
    Duration timeout = config.timeout();
    pool.fill(
        config.slots(),
        slot -> new HandlerSlot(handler, context, pool, timeout, new SlotTally(slot)));
    if (timeout != null) {
      watch();
    }
    return begin();
  }

  public RunningWorker loops(SlotLoop loop) {
    pool.fill(config.slots(), slot -> new LoopSlot(slot, loop, context, port, pool));
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
    return new StartedWorker(dispatcher, pool, holdings, port, this::change);
  }

  private static Thread daemon(Runnable actor, String name) {
    Thread thread = new Thread(actor, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
