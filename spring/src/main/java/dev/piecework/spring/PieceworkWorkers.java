package dev.piecework.spring;

import dev.piecework.PieceworkException;
import dev.piecework.worker.Handler;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.WorkerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The workers of all handlers: started last and stopped first, with the grace period that the
 * properties say. A worker that ends since its Redis was away is started again.
 */
public final class PieceworkWorkers implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(PieceworkWorkers.class);

  private final PieceworkProperties.Workers wish;
  private final PieceworkQueues queues;
  private final HandlerRegistry handlers;
  private final Watchers watchers;
  private final List<HandlerWorker> workers = new ArrayList<>();
  private @Nullable ScheduledExecutorService restarts;
  private volatile boolean running;

  /** Who sees what workers do. */
  interface Watchers {

    Watchers NOBODY =
        new Watchers() {
          @Override
          public void watch(String queue, RunningWorker worker, int slots) {}

          @Override
          public @Nullable WorkerListener listener(String queue) {
            return null;
          }

          @Override
          public UnaryOperator<Handler> around(String queue) {
            return UnaryOperator.identity();
          }
        };

    void watch(String queue, RunningWorker worker, int slots);

    @Nullable WorkerListener listener(String queue);

    UnaryOperator<Handler> around(String queue);
  }

  /** The worker of one handler, and how it ended if it has. */
  static final class HandlerWorker {
    private final HandlerRegistry.Found found;
    private final int slots;
    private volatile @Nullable RunningWorker worker;
    private volatile @Nullable WorkerEnd end;

    /** Complete when the end of its worker is known here too. */
    private volatile CompletableFuture<Void> over = CompletableFuture.completedFuture(null);

    HandlerWorker(HandlerRegistry.Found found, int slots) {
      this.found = found;
      this.slots = slots;
    }

    String queue() {
      return found.queue();
    }

    int slots() {
      return slots;
    }

    @Nullable RunningWorker worker() {
      return worker;
    }

    @Nullable WorkerEnd end() {
      return end;
    }
  }

  PieceworkWorkers(
      PieceworkProperties.Workers wish,
      PieceworkQueues queues,
      HandlerRegistry handlers,
      Watchers watchers) {
    this.wish = wish;
    this.queues = queues;
    this.handlers = handlers;
    this.watchers = watchers;
  }

  List<HandlerWorker> all() {
    return List.copyOf(workers);
  }

  @Override
  public boolean isAutoStartup() {
    return wish.enabled();
  }

  @Override
  public synchronized void start() {
    if (running) {
      return;
    }
    running = true;
    restarts =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("piecework-restarts").factory());
    workers.clear();
    for (HandlerRegistry.Found found : handlers.found()) {
      HandlerWorker one =
          new HandlerWorker(found, found.slots() == 0 ? wish.slots() : found.slots());
      workers.add(one);
      start(one);
    }
  }

  private void start(HandlerWorker one) {
    String queue = one.queue();
    Worker worker = Worker.on(queues.queue(queue)).slots(one.slots);
    worker = wish.name() == null ? worker : worker.name(wish.name());
    worker = wish.timeout() == null ? worker : worker.timeout(wish.timeout());
    worker = wish.virtual() ? worker.virtual() : worker;
    worker = wish.forever() ? worker.forever() : worker;
    worker = worker.notices(notice -> log.info("worker of {}: {}", queue, notice));
    WorkerListener listener = watchers.listener(queue);
    worker = listener == null ? worker : worker.listener(listener);
    RunningWorker started = worker.start(watchers.around(queue).apply(one.found.handler()));
    one.end = null;
    one.worker = started;
    watchers.watch(queue, started, one.slots);
    one.over = started.onEnd().thenAccept(end -> ended(one, end));
  }

  private void ended(HandlerWorker one, WorkerEnd end) {
    one.end = end;
    log.info("worker of {} has ended: {}", one.queue(), end);
    boolean redisWasAway =
        end instanceof WorkerEnd.RedisGone || end instanceof WorkerEnd.RedisRefuses;
    if (running && redisWasAway) {
      startAgain(one);
    }
  }

  private synchronized void startAgain(HandlerWorker one) {
    ScheduledExecutorService scheduler = restarts;
    if (running && scheduler != null) {
      var unused =
          scheduler.schedule(
              () -> tryAgain(one), wish.restartAfter().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void tryAgain(HandlerWorker one) {
    try {
      synchronized (this) {
        if (running) {
          start(one);
        }
      }
    } catch (PieceworkException away) {
      one.end = WorkerEnd.of(away);
      startAgain(one);
    }
  }

  @Override
  public void stop() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    stop(() -> stopped.complete(null));
    stopped.join();
  }

  @Override
  public synchronized void stop(Runnable callback) {
    running = false;
    if (restarts != null) {
      restarts.shutdownNow();
    }
    Duration grace = wish.grace();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (HandlerWorker one : workers) {
      RunningWorker worker = one.worker;
      if (worker != null) {
        worker.stop(grace);
        ends.add(one.over);
      }
    }
    var unused =
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
            .whenComplete((none, failure) -> callback.run());
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
