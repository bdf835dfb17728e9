package dev.piecework.metrics;

import dev.piecework.CallListener;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.WorkerListener;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.util.List;
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
 *   metrics.watch(worker, 4);
 * }
 * }</pre>
 */
public final class WorkerMetrics implements WorkerListener, CallListener {

  /** From what a Java handler does in no time to what a command takes a shift for. */
  private static final double[] ITEM_SECONDS = {
    0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800, 7_200
  };

  private static final double[] CALL_SECONDS = {
    0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5
  };

  // The series of each outcome, there from the start: a rate begins at zero and not at the first.
  private final CounterDataPoint done;
  private final CounterDataPoint failed;
  private final CounterDataPoint notReady;
  private final CounterDataPoint buried;
  private final CounterDataPoint released;
  private final DistributionDataPoint itemSeconds;
  private final CounterDataPoint leaseLosses;
  private final DistributionDataPoint callSeconds;
  private volatile @Nullable Watched watched;

  private record Watched(RunningWorker worker, int slots) {}

  private WorkerMetrics(PrometheusRegistry registry, String queue, String version) {
    Counter attempts =
        Counter.builder()
            .name("piecework_attempts_total")
            .help("Attempts that ended here, by outcome: done, failed, not_ready, buried, released")
            .labelNames("queue", "outcome")
            .register(registry);
    done = attempts.labelValues(queue, "done");
    failed = attempts.labelValues(queue, "failed");
    notReady = attempts.labelValues(queue, "not_ready");
    buried = attempts.labelValues(queue, "buried");
    released = attempts.labelValues(queue, "released");
    itemSeconds =
        Histogram.builder()
            .name("piecework_item_duration_seconds")
            .help("How long attempts took that ended as done")
            .unit(Unit.SECONDS)
            .labelNames("queue")
            .classicUpperBounds(ITEM_SECONDS)
            .withoutExemplars() // to look for one costs a quarter of counting
            .register(registry)
            .labelValues(queue);
    leaseLosses =
        Counter.builder()
            .name("piecework_lease_losses_total")
            .help("Ends of attempts that were refused, as their leases had been lost by then")
            .labelNames("queue")
            .register(registry)
            .labelValues(queue);
    callSeconds =
        Histogram.builder()
            .name("piecework_redis_call_duration_seconds")
            .help("From a script's call to its answer, or until none came")
            .unit(Unit.SECONDS)
            .labelNames("queue")
            .classicUpperBounds(CALL_SECONDS)
            .withoutExemplars()
            .register(registry)
            .labelValues(queue);
    GaugeWithCallback.builder()
        .name("piecework_slots")
        .help("Slots of this worker: busy with an attempt, or idle")
        .labelNames("queue", "state")
        .callback(gauge -> {
          Watched now = watched;
          int busy = now == null ? 0 : Math.min(now.worker.busySlots(), now.slots);
          gauge.call(busy, queue, "busy");
          gauge.call(now == null ? 0 : now.slots - busy, queue, "idle");
        })
        .register(registry);
    BuildInfo.register(registry, version);
  }

  /**
   * Of a worker on this queue; one per registry.
   *
   * @param version of the program, for {@code piecework_build_info}
   */
  public static WorkerMetrics in(PrometheusRegistry registry, String queue, String version) {
    return new WorkerMetrics(registry, queue, version);
  }

  /** From now on the slots are those of this worker. */
  public void watch(RunningWorker worker, int slots) {
    watched = new Watched(worker, slots);
  }

  @Override
  public void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {
    switch (outcome) {
      case Outcome.Done o -> {
        done.inc();
        itemSeconds.observe(took.toNanos() / 1e9);
      }
      case Outcome.Retry o -> failed.inc();
      case Outcome.NotYet o -> notReady.inc();
      case Outcome.Bury o -> buried.inc();
      case Outcome.Release o -> released.inc();
    }
  }

  @Override
  public void leaseLost(Attempt attempt) {
    leaseLosses.inc();
  }

  @Override
  public Answered calling(Call call) {
    long start = System.nanoTime();
    return new Answered() {
      @Override
      public void answered(List<?> reply) {
        callSeconds.observe((System.nanoTime() - start) / 1e9);
      }

      @Override
      public void failed(boolean mayHaveRun, String why) {
        callSeconds.observe((System.nanoTime() - start) / 1e9);
      }
    };
  }
}
