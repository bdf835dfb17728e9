package dev.piecework.micrometer;

import dev.piecework.PieceworkException;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a queue stands, for the one process that exports it: were each worker to do that, every item
 * would be counted once per worker. Redis is read at most once in {@code every}, however many
 * gauges are asked; while it cannot be read the gauges are not a number.
 */
public final class QueueMeters implements MeterBinder {

  private static final double UNKNOWN = Double.NaN;

  private final WorkQueue queue;
  private final Duration every;
  private final InstantSource clock;
  private @Nullable QueueStatus status;
  private Instant read = Instant.EPOCH;

  private QueueMeters(WorkQueue queue, Duration every, InstantSource clock) {
    this.queue = queue;
    this.every = every;
    this.clock = clock;
  }

  /** Of this queue, read every five seconds at most. */
  public static QueueMeters of(WorkQueue queue) {
    return of(queue, Duration.ofSeconds(5), InstantSource.system());
  }

  /** Of this queue, read so often at most. */
  public static QueueMeters of(WorkQueue queue, Duration every, InstantSource clock) {
    return new QueueMeters(queue, every, clock);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    items(registry, "waiting", now -> now.counts().waiting());
    items(registry, "leased", now -> now.counts().leased());
    items(registry, "delayed", now -> now.counts().delayed());
    items(registry, "done", now -> now.counts().done());
    items(registry, "dead", now -> now.counts().dead());
    Gauge.builder("piecework.queue.workers", this, m -> m.value(QueueMeters::workers))
        .description("Workers whose heartbeat is heard, of all machines")
        .tag("queue", queue.name())
        .strongReference(true) // nobody else holds it
        .register(registry);
  }

  private static double workers(QueueStatus status) {
    return status.sessions().stream().filter(session -> !session.expired()).count();
  }

  private void items(MeterRegistry registry, String state, ToDoubleFunction<QueueStatus> count) {
    Gauge.builder("piecework.queue.items", this, meters -> meters.value(count))
        .description("Items of the queue by their state")
        .tags("queue", queue.name(), "state", state)
        .strongReference(true) // nobody else holds it
        .register(registry);
  }

  private double value(ToDoubleFunction<QueueStatus> of) {
    QueueStatus now = status();
    return now == null ? UNKNOWN : of.applyAsDouble(now);
  }

  private synchronized @Nullable QueueStatus status() {
    Instant now = clock.instant();
    if (!now.isBefore(read.plus(every))) {
      read = now;
      try {
        status = queue.admin().status();
      } catch (PieceworkException away) {
        status = null;
      }
    }
    return status;
  }
}
