package dev.piecework.traces;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends spans to the receiver that OpenTelemetry's standard variables name, by OTLP over HTTP; see
 * {@link TraceVariables#askFor}. {@code OTEL_TRACES_SAMPLER} decides which attempts are sent;
 * without it one in a hundred, and all that have failed.
 */
public final class TraceExport implements AutoCloseable {

  private static final String PROTOCOL = "http/protobuf";

  /** A receiver that is away must not keep a worker from its end for longer. */
  private static final long SECONDS_TO_SEND_THE_REST = 5;

  private final OpenTelemetrySdk sdk;
  private final ChosenIds ids;
  private final ExportLog log;
  private final InstantSource clock;

  private TraceExport(OpenTelemetrySdk sdk, ChosenIds ids, ExportLog log, InstantSource clock) {
    this.sdk = sdk;
    this.ids = ids;
    this.log = log;
    this.clock = clock;
  }

  /**
   * Begins to send.
   *
   * @param environment where the standard variables are
   * @param version of the program, for {@code service.version}
   * @param notices gets one line when spans cannot be sent
   * @throws IllegalArgumentException naming the variable whose value is of no use
   */
  public static TraceExport start(
      Map<String, String> environment,
      String version,
      InstantSource clock,
      Consumer<String> notices) {
    for (String variable :
        new String[] {"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"}) {
      String asked = TraceVariables.value(environment, variable);
      if (!asked.isEmpty() && !asked.equals(PROTOCOL)) {
        throw new IllegalArgumentException(
            variable + " is '" + asked + "': spans are sent by " + PROTOCOL + " only");
      }
    }
    ChosenIds ids = new ChosenIds();
    boolean sampled = !TraceVariables.value(environment, "OTEL_TRACES_SAMPLER").isEmpty();
    ExportLog log = new ExportLog(notices);
    try {
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesCustomizer(all -> properties(environment))
              .addResourceCustomizer((resource, all) ->
                  Resource.create(Attributes.builder().put("service.version", version).build())
                      .merge(resource))
              .addSamplerCustomizer((sampler, all) -> sampled ? sampler : new FailedToo(sampler))
              .addTracerProviderCustomizer((provider, all) -> provider.setIdGenerator(ids))
              .build()
              .getOpenTelemetrySdk();
      return new TraceExport(sdk, ids, log, clock);
    } catch (ConfigurationException | IllegalArgumentException wrong) {
      log.close();
      String why = String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
      throw new IllegalArgumentException("OTEL_* variables: " + why, wrong);
    }
  }

  /** A worker's spans, under its name. */
  public WorkerTraces worker(String queue, String worker) {
    return new WorkerTraces(sdk.getTracer("dev.piecework.traces"), ids, queue, worker, clock);
  }

  // The library reads the process's own variables, which are not those of every test.
  private static Map<String, String> properties(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>();
    all.put("otel.service.name", "piecework");
    all.put("otel.exporter.otlp.protocol", PROTOCOL);
    all.put("otel.traces.sampler", "parentbased_traceidratio");
    all.put("otel.traces.sampler.arg", "0.01");
    environment.forEach((name, value) -> {
      if (name.startsWith("OTEL_") && !value.isBlank()) {
        all.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
      }
    });
    if (!TraceVariables.value(environment, "OTEL_TRACES_SAMPLER").isEmpty()
        && TraceVariables.value(environment, "OTEL_TRACES_SAMPLER_ARG").isEmpty()) {
      all.remove("otel.traces.sampler.arg");
    }
    // There is nothing of these kinds to send.
    all.put("otel.metrics.exporter", "none");
    all.put("otel.logs.exporter", "none");
    return all;
  }

  /** Sends what is left, for a few seconds. */
  @Override
  public void close() {
    sdk.getSdkTracerProvider().shutdown().join(SECONDS_TO_SEND_THE_REST, TimeUnit.SECONDS);
    sdk.close();
    log.close();
  }
}
