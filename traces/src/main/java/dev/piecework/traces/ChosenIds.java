package dev.piecework.traces;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Random ids, but for a span that is made again under those that a command was told. */
final class ChosenIds implements IdGenerator {

  private final IdGenerator random = IdGenerator.random();
  private final ThreadLocal<@Nullable SpanContext> chosen = new ThreadLocal<>();

  <T> T as(SpanContext ids, Supplier<T> call) {
    chosen.set(ids);
    try {
      return call.get();
    } finally {
      chosen.remove();
    }
  }

  @Override
  public String generateSpanId() {
    SpanContext ids = chosen.get();
    return ids == null ? random.generateSpanId() : ids.getSpanId();
  }

  @Override
  public String generateTraceId() {
    SpanContext ids = chosen.get();
    return ids == null ? random.generateTraceId() : ids.getTraceId();
  }
}
