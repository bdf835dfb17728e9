package dev.piecework.micrometer;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

/**
 * A handler whose attempts are observed as {@code piecework.process}: a tracer makes a span {@code
 * process QUEUE} of each, which is the current one while the handler works.
 */
public final class ObservedHandler implements Handler {

  private final Handler handler;
  private final ObservationRegistry registry;
  private final KeyValue queue;
  private final String name;

  private ObservedHandler(Handler handler, ObservationRegistry registry, String queue) {
    this.handler = handler;
    this.registry = registry;
    this.queue = KeyValue.of("messaging.destination.name", queue);
    this.name = "process " + queue;
  }

  /** This handler, observed; the handler itself where nobody observes. */
  public static Handler of(Handler handler, ObservationRegistry registry, String queue) {
    return registry.isNoop() ? handler : new ObservedHandler(handler, registry, queue);
  }

  @Override
  public Outcome handle(Attempt attempt) throws Exception {
    Observation observation =
        Observation.createNotStarted("piecework.process", registry)
            .contextualName(name)
            .lowCardinalityKeyValue(queue)
            .highCardinalityKeyValue("messaging.message.id", attempt.id())
            .start();
    String outcome = "failed";
    Observation.Scope scope = observation.openScope();
    try {
      Outcome said = handler.handle(attempt);
      outcome = word(said);
      return said;
    } catch (Throwable thrown) {
      observation.error(thrown);
      throw thrown;
    } finally {
      scope.close();
      observation.lowCardinalityKeyValue("piecework.outcome", outcome).stop();
    }
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done o -> "done";
      case Outcome.Retry o -> "failed";
      case Outcome.NotYet o -> "not_ready";
      case Outcome.Bury o -> "buried";
      case Outcome.Release o -> "released";
    };
  }
}
