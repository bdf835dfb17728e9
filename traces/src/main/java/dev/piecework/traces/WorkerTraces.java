package dev.piecework.traces;

import dev.piecework.CallListener;
import dev.piecework.PieceworkException;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.WorkerListener;
import dev.piecework.worker.process.AttemptContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A span {@code process QUEUE} for each attempt of one worker, each the first of a trace of its own
 * and linked to the trace in which the run was filled. Give it to the queue as its {@link
 * CallListener}, to the worker as its {@link WorkerListener}, and to commands as their {@link
 * AttemptContext}; a handler in Java is {@linkplain #within wrapped}.
 *
 * <p>Names and attributes are those of OpenTelemetry's conventions for messaging.
 */
public final class WorkerTraces implements WorkerListener, CallListener, AttemptContext {

  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private static final AttributeKey<String> MESSAGE =
      AttributeKey.stringKey("messaging.message.id");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("piecework.attempt");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("piecework.outcome");

  private final Tracer tracer;
  private final ChosenIds ids;
  private final String name;
  private final Attributes same;
  private final InstantSource clock;
  private final Map<Key, Span> open = new ConcurrentHashMap<>();
  private volatile Supplier<Optional<String>> filledIn = Optional::empty;
  private volatile byte[] run = {};
  private volatile @Nullable SpanContext link;

  /** An attempt is told again with an equal id and token, but not as the same object. */
  private record Key(String id, long token) {
    static Key of(Attempt attempt) {
      return new Key(attempt.id(), attempt.token());
    }
  }

  WorkerTraces(Tracer tracer, ChosenIds ids, String queue, String worker, InstantSource clock) {
    this.tracer = tracer;
    this.ids = ids;
    this.name = "process " + queue;
    this.clock = clock;
    this.same =
        Attributes.builder()
            .put("messaging.system", "piecework")
            .put("messaging.operation.type", "process")
            .put("messaging.operation.name", "process")
            .put("messaging.destination.name", queue)
            .put("messaging.client.id", worker)
            .build();
  }

  /**
   * Where the trace in which the run was filled is asked for, at its first attempt here.
   *
   * @param traceparent answers W3C's text, such as {@code queue.admin().note("traceparent")}
   */
  public void linkTo(Supplier<Optional<String>> traceparent) {
    filledIn = traceparent;
    link = null;
  }

  /** A handler during whose work the attempt's span is the current one. */
  @SuppressWarnings("try") // the scope is there to be closed
  public Handler within(Handler handler) {
    return attempt -> {
      Span span = open.getOrDefault(Key.of(attempt), Span.getInvalid());
      try (Scope scope = span.makeCurrent()) {
        return handler.handle(attempt);
      }
    };
  }

  @Override
  public @Nullable String traceparent(Attempt attempt) {
    Span span = open.get(Key.of(attempt));
    return span == null ? null : TraceParent.of(span.getSpanContext());
  }

  @Override
  public void attemptStarted(Attempt attempt) {
    open.put(Key.of(attempt), builder(attempt).startSpan());
  }

  @Override
  public void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {
    Span span = open.remove(Key.of(attempt));
    if (span == null) {
      return;
    }
    String reason =
        switch (outcome) {
          case Outcome.Retry failed -> failed.reason();
          case Outcome.Bury failed -> failed.reason();
          case Outcome.Done o -> null;
          case Outcome.NotYet o -> null;
          case Outcome.Release o -> null;
        };
    if (!span.isRecording()) {
      if (reason == null) {
        return;
      }
      span = failed(attempt, reason, took, span.getSpanContext());
    }
    span.setAttribute(OUTCOME, word(outcome));
    if (reason != null) {
      span.setAttribute(ERROR_TYPE, ErrorType.of(reason));
      span.setStatus(StatusCode.ERROR, ErrorType.firstLine(reason));
    }
    span.end();
  }

  /** What the sampler left out, shown to it again now that it is known to have failed. */
  private Span failed(Attempt attempt, String reason, Duration took, SpanContext told) {
    return ids.as(
        told,
        () ->
            builder(attempt)
                .setAttribute(ERROR_TYPE, ErrorType.of(reason))
                .setStartTimestamp(clock.instant().minus(took))
                .startSpan());
  }

  private SpanBuilder builder(Attempt attempt) {
    SpanBuilder builder =
        tracer
            .spanBuilder(name)
            .setNoParent()
            .setSpanKind(SpanKind.CONSUMER)
            .setAllAttributes(same)
            .setAttribute(MESSAGE, attempt.id())
            .setAttribute(ATTEMPT, (long) attempt.number());
    SpanContext filled = link();
    return filled.isValid() ? builder.addLink(filled) : builder;
  }

  private SpanContext link() {
    SpanContext known = link;
    return known != null ? known : askForLink();
  }

  private synchronized SpanContext askForLink() {
    SpanContext known = link;
    if (known == null) {
      try {
        known = filledIn.get().map(TraceParent::read).orElse(SpanContext.getInvalid());
      } catch (PieceworkException away) {
        known = SpanContext.getInvalid(); // a span without a link is better than none
      }
      link = known;
    }
    return known;
  }

  @Override
  public void stopped(WorkerEnd end) {
    open.clear();
  }

  /** Another run was filled in another trace. */
  @Override
  public Answered calling(Call call) {
    int at = call.script().equals("step") ? call.names().indexOf("run") : -1;
    if (at >= 0 && !Arrays.equals(run, call.arguments().get(at))) {
      run = call.arguments().get(at).clone();
      link = null;
    }
    return Answered.NOBODY;
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
