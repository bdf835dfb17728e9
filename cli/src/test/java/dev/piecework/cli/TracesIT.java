package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.SpanReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Spans of workers as OpenTelemetry's standard variables ask for them. */
class TracesIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String FILL = "00-" + TRACE + "-b7ad6b7169203331-01";

  @RegisterExtension final Piecework piecework = new Piecework();

  private final SpanReceiver receiver = new SpanReceiver();

  @AfterEach
  void stop() {
    receiver.close();
  }

  private static Map<String, Span> byMessage(List<Span> spans) {
    return spans.stream()
        .collect(
            Collectors.toMap(
                span -> SpanReceiver.attributes(span).get("messaging.message.id"), span -> span));
  }

  /** With the jars that the launcher gives for it. */
  @Test
  void aCommandSeesTheTraceThatTheReceiverGets() throws Exception {
    piecework.with("TRACEPARENT", FILL).here("fill", "q", "--attempts", "1", "a", "b").expect(0);

    // They are sent while the worker goes on: at its end it takes 5 s for that at most.
    Piecework.Started worker =
        piecework
            .with("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())
            .with("OTEL_TRACES_SAMPLER", "always_on")
            .with("OTEL_BSP_SCHEDULE_DELAY", "100")
            .start(
                "work",
                "q",
                "--name",
                "w1",
                "--forever",
                "--sh",
                "[ $1 = a ] && echo $TRACEPARENT || { echo no $1 >&2; exit 3; }");
    await().atMost(Piecework.TIMEOUT).until(() -> receiver.spans().size() == 2);
    worker.signal("TERM");
    worker.end().expect(143);

    Map<String, Span> spans = byMessage(receiver.spans());
    assertThat(spans).containsOnlyKeys("1", "2");
    Span done = Objects.requireNonNull(spans.get("1"));
    Span failed = Objects.requireNonNull(spans.get("2"));
    assertThat(piecework.here("results", "q").expect(0).out())
        .contains("\"00-" + SpanReceiver.traceOf(done) + "-" + SpanReceiver.idOf(done) + "-01");
    assertThat(done.getName()).isEqualTo("process q");
    assertThat(done.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CONSUMER);
    assertThat(done.getParentSpanId().isEmpty()).as("a trace of its own").isTrue();
    assertThat(done.getLinksList())
        .singleElement()
        .satisfies(link ->
            assertThat(java.util.HexFormat.of().formatHex(link.getTraceId().toByteArray()))
                .isEqualTo(TRACE));
    assertThat(SpanReceiver.attributes(done))
        .containsEntry("messaging.system", "piecework")
        .containsEntry("messaging.operation.type", "process")
        .containsEntry("messaging.destination.name", "q")
        .containsEntry("messaging.client.id", "w1")
        .containsEntry("piecework.attempt", "1")
        .containsEntry("piecework.outcome", "done");
    assertThat(SpanReceiver.attributes(failed))
        .containsEntry("piecework.outcome", "failed")
        .containsEntry("error.type", "exit code 3");
    assertThat(failed.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(receiver.resources().getFirst())
        .containsEntry("service.name", "piecework")
        .containsKey("service.version");
  }

  @Test
  void withoutASamplerAllThatFailedAreSentUnderTheIdsThatTheirCommandsSaw() throws Exception {
    piecework
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())
        .with("OTEL_TRACES_SAMPLER_ARG", "0");
    piecework.here("fill", "q", "--attempts", "1", "a", "b").expect(0);

    piecework
        .here("work", "q", "--sh", "[ $1 = a ] || { echo $TRACEPARENT >&2; exit 3; }")
        .expect(0);

    assertThat(receiver.spans()).hasSize(1);
    Span failed = receiver.spans().getFirst();
    assertThat(failed.getLinksCount()).isZero();
    assertThat(piecework.here("items", "q", "--state", "dead", "-o", "json").expect(0).out())
        .contains("00-" + SpanReceiver.traceOf(failed) + "-" + SpanReceiver.idOf(failed) + "-00");
  }

  @Test
  void aChildIsToldTheTraceOfEachItem() throws Exception {
    piecework
        .with("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", receiver.endpoint() + "/v1/traces")
        .with("OTEL_TRACES_SAMPLER", "always_on");
    piecework.here("fill", "q", "a", "b").expect(0);

    String child =
        piecework
            .write(
                "child.sh",
                """
                while read -r line; do
                  id=${line#*:\\"}
                  trace=${line#*parent\\":\\"}
                  echo "{\\"id\\":\\"${id%%\\"*}\\",\\"result\\":\\"${trace%%\\"*}\\"}"
                done
                """)
            .toString();
    piecework.here("work", "q", "-p", "1", "--child", "--", "sh", child).expect(0);

    assertThat(receiver.spans()).hasSize(2);
    String results = piecework.here("results", "q").expect(0).out();
    assertThat(receiver.spans())
        .allSatisfy(span ->
            assertThat(results)
                .contains(
                    "\"00-" + SpanReceiver.traceOf(span) + "-" + SpanReceiver.idOf(span) + "-01"));
  }

  @Test
  void whatCannotBeSentHarmsNobodyAndIsSaidOnce() throws Exception {
    String gone = receiver.endpoint();
    receiver.close();
    piecework
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", gone)
        .with("OTEL_TRACES_SAMPLER", "always_on")
        .with("OTEL_JAVA_EXPORTER_OTLP_RETRY_DISABLED", "true");
    piecework.here("fill", "q", "a").expect(0);

    Piecework.Ended ended = piecework.here("work", "q", "--", "echo");

    assertThat(ended.expect(0).err().lines().filter(line -> line.contains("traces: "))).hasSize(1);
  }

  @Test
  void aVariableOfNoUseIsOneLine() throws Exception {
    piecework
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())
        .with("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    assertThat(piecework.here("work", "q", "--", "true").expect(2).err())
        .contains("OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'");
    piecework.with("OTEL_EXPORTER_OTLP_PROTOCOL", "").with("OTEL_TRACES_SAMPLER", "sometimes");
    assertThat(piecework.here("work", "q", "--", "true").expect(2).err()).contains("sometimes");
  }
}
