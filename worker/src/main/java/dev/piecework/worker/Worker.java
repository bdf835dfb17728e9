package dev.piecework.worker;

import dev.piecework.WorkQueue;
import dev.piecework.worker.WorkerConfig.Hooks;
import dev.piecework.worker.WorkerConfig.Leaving;
import dev.piecework.worker.internal.WorkerAssembly;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A worker that has not started yet: which queue, and how. Every method answers a new one.
 *
 * <pre>{@code
 * WorkerEnd end = Worker.on(queue).slots(4).run(attempt -> {
 *   convert(attempt.text());
 *   return Outcome.done();
 * });
 * }</pre>
 *
 * <p>It works until the run is {@linkplain WorkerEnd.Drained drained}, waits for what others hold,
 * and takes over what they lose. Whatever a handler throws is a failed attempt; only an {@link
 * OutOfMemoryError} ends the worker.
 */
public final class Worker {

  /** How many slots a worker has at most. */
  public static final int MOST_SLOTS = 10_000;

  private final WorkQueue queue;
  private final WorkerConfig config;

  private Worker(WorkQueue queue, WorkerConfig config) {
    this.queue = queue;
    this.config = config;
  }

  /** A worker on this queue, with one slot. The queue stays open when the worker has ended. */
  public static Worker on(WorkQueue queue) {
    return new Worker(queue, WorkerConfig.DEFAULTS);
  }

  /** With all of this. */
  public Worker with(WorkerConfig newConfig) {
    return new Worker(queue, newConfig);
  }

  /** How many items to work on at once, 1 to {@link #MOST_SLOTS}; default 1. */
  public Worker slots(int slots) {
    return with(config.withSlots(slots));
  }

  /** The worker's name, for people; default the host's. */
  public Worker name(String name) {
    return with(config.withName(name));
  }

  /** Does not end when the run is drained, but works on the next one, until stopped. */
  public Worker forever() {
    return with(config.withLeaving(Leaving.NEVER));
  }

  /** Ends also when others hold all that is left, if somebody replaces those that die. */
  public Worker leaveEarly() {
    return with(config.withLeaving(Leaving.EARLY));
  }

  /** How long to wait for the first item of a queue that never held one; default 1 min. */
  public Worker waitForFill(Duration wait) {
    return with(config.withWaitForFill(wait));
  }

  /**
   * How long a {@link Handler} may take for one item: then its thread is interrupted and the
   * attempt has failed. One that does not heed that is left to itself, and its slot gets another
   * thread. Default: any time.
   */
  public Worker timeout(Duration timeout) {
    return with(config.withTimeout(timeout));
  }

  /**
   * Each slot is a virtual thread: for handlers that mostly wait for something else, so that there
   * may be thousands of slots. What is promised of slots does not change; one that computes keeps
   * its carrier from the others.
   */
  public Worker virtual() {
    return with(config.withVirtualSlots(true));
  }

  /** The most items to lease in one call; default 1,000. The worker mostly chooses fewer. */
  public Worker maxBatch(int items) {
    return with(config.withMaxBatch(items));
  }

  /** Is told, once each, what a person should know. */
  public Worker notices(Consumer<String> notices) {
    return with(config.withHooks(new Hooks(notices, config.hooks().listeners())));
  }

  /** Is told of attempts that ended, of what was lost, and of the end; one more of them. */
  public Worker listener(WorkerListener listener) {
    List<WorkerListener> listeners = new ArrayList<>(config.hooks().listeners());
    listeners.add(listener);
    return with(config.withHooks(new Hooks(config.hooks().notices(), listeners)));
  }

  /**
   * Starts with a handler for one item at a time.
   *
   * @throws dev.piecework.PieceworkException when the session cannot be started; see {@link
   *     WorkerEnd#of}
   */
  public RunningWorker start(Handler handler) {
    return open().handlers(handler);
  }

  /** Starts with a loop, which is run once per slot. */
  public RunningWorker start(SlotLoop loop) {
    return open().loops(loop);
  }

  /** Starts, and waits for the end. */
  public WorkerEnd run(Handler handler) throws InterruptedException {
    return start(handler).await();
  }

  /** Starts, and waits for the end. */
  public WorkerEnd run(SlotLoop loop) throws InterruptedException {
    return start(loop).await();
  }

  private WorkerAssembly open() {
    return WorkerAssembly.open(queue, config);
  }
}
