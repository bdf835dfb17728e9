/** Traces for OpenTelemetry of attempts. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // they are no modules yet
module dev.piecework.traces {
  exports dev.piecework.traces;

  requires transitive dev.piecework.worker;
  requires transitive io.opentelemetry.api;
  requires io.opentelemetry.context;
  requires io.opentelemetry.sdk;
  requires io.opentelemetry.sdk.autoconfigure;
  requires io.opentelemetry.sdk.autoconfigure.spi;
  requires io.opentelemetry.sdk.common;
  requires io.opentelemetry.sdk.trace;
  requires java.logging;
  requires static org.jspecify;
}
