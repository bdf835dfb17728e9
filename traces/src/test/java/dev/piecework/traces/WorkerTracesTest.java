package dev.piecework.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.SpanReceiver;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import io.opentelemetry.api.trace.Span;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@RedisPerTest
@Tag("slow")
final class WorkerTracesTest {

  private static final String FIRST = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String SECOND = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void aHandlerWorksWithinItsSpanAndEachRunIsLinkedToItsFill(TestRedis redis) throws Exception {
    List<String> notices = new ArrayList<>();
    Map<String, String> current = new ConcurrentHashMap<>();
    try (SpanReceiver receiver = new SpanReceiver()) {
      Map<String, String> variables =
          Map.of(
              "OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint(),
              "OTEL_SERVICE_NAME", "mine",
              "OTEL_TRACES_SAMPLER", "always_on");
      assertThat(TraceVariables.askFor(variables)).isTrue();
      try (TraceExport export =
          TraceExport.start(variables, "1", InstantSource.system(), notices::add)) {
        WorkerTraces traces = export.worker("bag", "me");
        try (WorkQueue queue = WorkQueue.open(QueueConfig.of(redis.uri(), "bag"), traces)) {
          traces.linkTo(() -> queue.admin().note("traceparent"));
          for (String fill : List.of(FIRST, SECOND)) {
            queue.fill(Stream.of(Item.of(fill)));
            assertThat(queue.admin().note("traceparent", fill)).isTrue();
            WorkerEnd end =
                Worker.on(queue)
                    .listener(traces)
                    .run(
                        traces.within(attempt -> {
                          current.put(attempt.text(), Span.current().getSpanContext().getTraceId());
                          return Outcome.done();
                        }));
            assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
          }
        }
      }

      assertThat(receiver.spans())
          .hasSize(2)
          .allSatisfy(span -> {
            String link = HexFormat.of().formatHex(span.getLinks(0).getTraceId().toByteArray());
            String fill = FIRST.contains(link) ? FIRST : SECOND;
            assertThat(fill).contains(link);
            assertThat(current).containsEntry(fill, SpanReceiver.traceOf(span));
          });
      assertThat(current).hasSize(2);
      assertThat(receiver.resources().getFirst()).containsEntry("service.name", "mine");
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void nothingIsSentUnlessAnEndpointIsSet() {
    assertThat(TraceVariables.askFor(Map.of("OTEL_TRACES_SAMPLER", "always_on"))).isFalse();
    assertThat(
            TraceVariables.askFor(
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x", "OTEL_SDK_DISABLED", "True")))
        .isFalse();
    assertThat(
            TraceVariables.askFor(
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x", "OTEL_TRACES_EXPORTER", "none")))
        .isFalse();
    assertThat(TraceVariables.askFor(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://x/y")))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "exit code 3, exit code 3",
    "exit code 137 (SIGKILL), exit code 137",
    "'the child ended while it was on this item, exit code 4', exit code 4",
    "timeout: not done within 5 s, timeout",
    "the handler took longer than 5s and was interrupted, timeout",
    "java.lang.IllegalStateException: no such row 17, java.lang.IllegalStateException",
    "IOException, IOException",
    "row 17 is bad, _OTHER",
  })
  void aFailureIsOneOfFewKinds(String reason, String type) {
    assertThat(ErrorType.of(reason)).isEqualTo(type);
  }
}
