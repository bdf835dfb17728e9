package dev.piecework.metrics;

import dev.piecework.CallListener;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.WorkerListener;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one worker does, in a registry that the caller shows to Prometheus: give it to the
 * queue as its {@link CallListener} and to the worker as its {@link WorkerListener}, then {@link
 * #watch} the worker.
 *
 * <pre>{@code
 * WorkerMetrics metrics = WorkerMetrics.in(registry, "job2", "1.0");
 * try (WorkQueue queue = WorkQueue.open(config, metrics)) {
 *   RunningWorker worker = Worker.on(queue).slots(4).listener(metrics).start(handler);
 *   metrics.watch(worker);
 * }
 * }</pre>
 */
public final class WorkerMetrics implements WorkerListener, CallListener {

  private static final String QUEUE = "queue";

  /** From what a Java handler does in no time to what a command takes a shift for. */
  private static final double[] ITEM_SECONDS = {
    0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800, 7_200
  };

  private static final double[] CALL_SECONDS = {
    0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5
  };

  // Counted in cells of our own and made into series at a scrape: those of the library look for
  // more at each count than an item of a Java handler may cost.
  private final String queue;
  private final Durations done = new Durations(ITEM_SECONDS);
  private final Durations calls = new Durations(CALL_SECONDS);
  private final LongAdder failed = new LongAdder();
  private final LongAdder notReady = new LongAdder();
  private final LongAdder buried = new LongAdder();
  private final LongAdder released = new LongAdder();
  private final LongAdder leaseLosses = new LongAdder();
  private volatile @Nullable RunningWorker watched;

  private WorkerMetrics(String queue) {
    this.queue = queue;
  }

  /**
   * Of a worker on this queue; one per registry.
   *
   * @param version of the program, for {@code piecework_build_info}
   */
  public static WorkerMetrics in(PrometheusRegistry registry, String queue, String version) {
    WorkerMetrics metrics = new WorkerMetrics(queue);
    registry.register((MultiCollector) metrics::collect);
    BuildInfo.register(registry, version);
    return metrics;
  }

  /** From now on the slots are those of this worker. */
  public void watch(RunningWorker worker) {
    watched = worker;
  }

  /** Each outcome is there from the start: a rate begins at zero and not at the first. */
  private MetricSnapshots collect() {
    Family attempts =
        new Family(
            "piecework_attempts_total",
            "Attempts that ended here, by outcome: done, failed, not_ready, buried, released");
    attempts.count(done.count(), QUEUE, queue, "outcome", "done");
    attempts.count(failed.sum(), QUEUE, queue, "outcome", "failed");
    attempts.count(notReady.sum(), QUEUE, queue, "outcome", "not_ready");
    attempts.count(buried.sum(), QUEUE, queue, "outcome", "buried");
    attempts.count(released.sum(), QUEUE, queue, "outcome", "released");
    Family losses =
        new Family(
            "piecework_lease_losses_total",
            "Ends of attempts that were refused, as their leases had been lost by then");
    losses.count(leaseLosses.sum(), QUEUE, queue);
    RunningWorker now = watched;
    int wanted = now == null ? 0 : now.slots();
    int busy = now == null ? 0 : Math.min(now.busySlots(), wanted);
    Family slots =
        new Family("piecework_slots", "Slots of this worker: busy with an attempt, or idle");
    slots.count(busy, QUEUE, queue, "state", "busy");
    slots.count(wanted - busy, QUEUE, queue, "state", "idle");
    Labels labels = Labels.of(QUEUE, queue);
    return MetricSnapshots.of(
        attempts.counter(),
        done.snapshot(
            "piecework_item_duration_seconds", "How long attempts took that ended as done", labels),
        losses.counter(),
        calls.snapshot(
            "piecework_redis_call_duration_seconds",
            "From a script's call to its answer, or until none came",
            labels),
        slots.gauge());
  }

  @Override
  public void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {
    switch (outcome) {
      case Outcome.Done o -> done.add(took.toNanos());
      case Outcome.Retry o -> failed.increment();
      case Outcome.NotYet o -> notReady.increment();
      case Outcome.Bury o -> buried.increment();
      case Outcome.Release o -> released.increment();
    }
  }

  @Override
  public void leaseLost(Attempt attempt) {
    leaseLosses.increment();
  }

  @Override
  public Answered calling(Call call) {
    long start = System.nanoTime();
    return new Answered() {
      @Override
      public void answered(List<?> reply) {
        calls.add(System.nanoTime() - start);
      }

      @Override
      public void failed(boolean mayHaveRun, String why) {
        calls.add(System.nanoTime() - start);
      }
    };
  }
}
