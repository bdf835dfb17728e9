package dev.piecework.micrometer;

import dev.piecework.CallListener;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.WorkerListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one worker does: give it to the queue as its {@link CallListener} and to the worker
 * as its {@link WorkerListener}, then {@link #watch} the worker. All meters have the tag {@code
 * queue} and no other that grows.
 *
 * <pre>{@code
 * WorkerMeters meters = WorkerMeters.in(registry, "images");
 * try (WorkQueue queue = WorkQueue.open(config, meters)) {
 *   meters.watch(Worker.on(queue).slots(4).listener(meters).start(handler), 4);
 * }
 * }</pre>
 */
public final class WorkerMeters implements WorkerListener, CallListener {

  private final Timer done;
  private final Timer calls;
  private final Counter attemptsDone;
  private final Counter failed;
  private final Counter notReady;
  private final Counter buried;
  private final Counter released;
  private final Counter leaseLosses;
  private volatile @Nullable Watched watched;

  private record Watched(RunningWorker worker, int slots) {
    int busy() {
      return Math.min(worker.busySlots(), slots);
    }
  }

  private WorkerMeters(MeterRegistry registry, String queue) {
    this.done =
        Timer.builder("piecework.item.duration")
            .description("How long attempts took that ended as done")
            .tag("queue", queue)
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofHours(2))
            .register(registry);
    this.calls =
        Timer.builder("piecework.redis.call.duration")
            .description("From a script's call to its answer, or until none came")
            .tag("queue", queue)
            .register(registry);
    this.attemptsDone = attempts(registry, queue, "done");
    this.failed = attempts(registry, queue, "failed");
    this.notReady = attempts(registry, queue, "not_ready");
    this.buried = attempts(registry, queue, "buried");
    this.released = attempts(registry, queue, "released");
    this.leaseLosses =
        Counter.builder("piecework.lease.losses")
            .description(
                "Ends of attempts that were refused, as their leases had been lost by then")
            .tag("queue", queue)
            .register(registry);
    slots(registry, queue, "busy");
    slots(registry, queue, "idle");
  }

  /** Of a worker on this queue; one per registry and queue. */
  public static WorkerMeters in(MeterRegistry registry, String queue) {
    return new WorkerMeters(registry, queue);
  }

  /** Each outcome is there from the start: a rate begins at zero and not at the first. */
  private static Counter attempts(MeterRegistry registry, String queue, String outcome) {
    return Counter.builder("piecework.attempts")
        .description("Attempts that ended here, by outcome")
        .tags("queue", queue, "outcome", outcome)
        .register(registry);
  }

  private void slots(MeterRegistry registry, String queue, String state) {
    Gauge.builder("piecework.slots", this, meters -> meters.slots(state.equals("busy")))
        .description("Slots of this worker: busy with an attempt, or idle")
        .tags("queue", queue, "state", state)
        .strongReference(true)
        .register(registry);
  }

  private double slots(boolean busy) {
    Watched now = watched;
    if (now == null) {
      return 0;
    }
    return busy ? now.busy() : now.slots - now.busy();
  }

  /** From now on the slots are those of this worker. */
  public void watch(RunningWorker worker, int slots) {
    watched = new Watched(worker, slots);
  }

  @Override
  public void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {
    switch (outcome) {
      case Outcome.Done o -> {
        attemptsDone.increment();
        done.record(took.toNanos(), TimeUnit.NANOSECONDS);
      }
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
        calls.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      }

      @Override
      public void failed(boolean mayHaveRun, String why) {
        calls.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      }
    };
  }
}
