package dev.piecework.spring;

import dev.piecework.CallListener;
import dev.piecework.micrometer.ObservedHandler;
import dev.piecework.micrometer.WorkerMeters;
import dev.piecework.worker.Handler;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.WorkerListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Tells Micrometer what workers do. Its registries are asked for when the first queue is opened.
 */
final class MicrometerWatchers implements PieceworkWorkers.Watchers {

  private final ObjectProvider<MeterRegistry> registries;
  private final ObjectProvider<ObservationRegistry> observations;
  private final boolean observes;
  private final Map<String, WorkerMeters> meters = new ConcurrentHashMap<>();

  MicrometerWatchers(
      ObjectProvider<MeterRegistry> registries,
      ObjectProvider<ObservationRegistry> observations,
      boolean observes) {
    this.registries = registries;
    this.observations = observations;
    this.observes = observes;
  }

  private @Nullable WorkerMeters meters(String queue) {
    MeterRegistry registry = registries.getIfUnique();
    return registry == null
        ? null
        : meters.computeIfAbsent(queue, name -> WorkerMeters.in(registry, name));
  }

  CallListener calls(String queue) {
    WorkerMeters known = meters(queue);
    return known == null ? CallListener.NONE : known;
  }

  @Override
  public void watch(String queue, RunningWorker worker, int slots) {
    WorkerMeters known = meters(queue);
    if (known != null) {
      known.watch(worker, slots);
    }
  }

  @Override
  public @Nullable WorkerListener listener(String queue) {
    return meters(queue);
  }

  @Override
  public UnaryOperator<Handler> around(String queue) {
    ObservationRegistry registry = observes ? observations.getIfUnique() : null;
    return registry == null
        ? UnaryOperator.identity()
        : handler -> ObservedHandler.of(handler, registry, queue);
  }
}
