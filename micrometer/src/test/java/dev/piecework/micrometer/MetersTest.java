package dev.piecework.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.fake.FakeQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a registry has when a bag is done. */
class MetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final FakeQueue queue = FakeQueue.named("fruits");

  @Test
  void attemptsAreCountedByTheirOutcome() throws Exception {
    queue.fill(Stream.of("apple", "banana", "rotten").map(Item::of));
    WorkerMeters meters = WorkerMeters.in(registry, "fruits");
    Worker.on(queue)
        .listener(meters)
        .run(attempt -> attempt.text().equals("rotten") ? Outcome.bury("no") : Outcome.done());
    assertThat(attempts("done")).isEqualTo(2);
    assertThat(attempts("buried")).isEqualTo(1);
    assertThat(attempts("failed")).isZero();
    assertThat(registry.get("piecework.item.duration").tag("queue", "fruits").timer().count())
        .isEqualTo(2);
  }

  private double attempts(String outcome) {
    return registry.get("piecework.attempts").tag("outcome", outcome).counter().count();
  }

  @Test
  void theQueueIsReadOnceForAllItsGauges() {
    queue.fill(Stream.of("apple", "banana").map(Item::of));
    Instant now = Instant.parse("2026-02-28T23:59:58Z");
    QueueMeters.of(queue, Duration.ofSeconds(5), () -> now).bindTo(registry);
    assertThat(items("waiting")).isEqualTo(2);
    queue.fill(Stream.of(Item.of("cherry")));
    assertThat(items("waiting")).as("read before").isEqualTo(2);
    queue.close();
    QueueMeters.of(queue, Duration.ZERO, () -> now).bindTo(new SimpleMeterRegistry());
    assertThat(items("dead")).isZero();
  }

  private double items(String state) {
    return registry.get("piecework.queue.items").tag("state", state).gauge().value();
  }

  @Test
  void eachAttemptIsObserved() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    ObservationRegistry observations = ObservationRegistry.create();
    observations
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                String outcome =
                    Objects.requireNonNull(context.getLowCardinalityKeyValue("piecework.outcome"))
                        .getValue();
                seen.add(context.getContextualName() + " " + outcome);
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    queue.fill(Stream.of("apple").map(Item::of));
    Worker.on(queue)
        .run(
            ObservedHandler.of(
                attempt -> {
                  assertThat(observations.getCurrentObservation()).isNotNull();
                  return Outcome.done();
                },
                observations,
                "fruits"));
    assertThat(seen).containsExactly("process fruits done");
  }
}
