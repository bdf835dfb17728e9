package dev.piecework.traces;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Random ids, but for a span that is made again under those that a command was told. */
final class ChosenIds implements IdGenerator {

  private static final ThreadLocal<@Nullable SpanContext> CHOSEN = new ThreadLocal<>();

  private final IdGenerator random = IdGenerator.random();

  <T> T as(SpanContext ids, Supplier<T> call) {
    CHOSEN.set(ids);
    try {
      return call.get();
    } finally {
      CHOSEN.remove();
    }
  }

  @Override
  public String generateSpanId() {
    SpanContext ids = CHOSEN.get();
    return ids == null ? random.generateSpanId() : ids.getSpanId();
  }

  @Override
  public String generateTraceId() {
    SpanContext ids = CHOSEN.get();
    return ids == null ? random.generateTraceId() : ids.getTraceId();
  }
}
