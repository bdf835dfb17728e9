package dev.piecework.traces;

import java.util.Map;

/**
 * What OpenTelemetry's standard variables ask for. Knows nothing of its library, whose jars are
 * there only when traces are asked for.
 */
public final class TraceVariables {

  /** By any of these: where spans go. */
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

  private TraceVariables() {}

  /** Whether spans are wanted: an endpoint is set, and nothing says no. */
  public static boolean askFor(Map<String, String> environment) {
    boolean endpoint =
        !value(environment, ENDPOINT).isEmpty() || !value(environment, TRACES_ENDPOINT).isEmpty();
    return endpoint
        && !value(environment, "OTEL_SDK_DISABLED").equalsIgnoreCase("true")
        && !value(environment, "OTEL_TRACES_EXPORTER").equals("none");
  }

  static String value(Map<String, String> environment, String name) {
    return environment.getOrDefault(name, "").strip();
  }
}
