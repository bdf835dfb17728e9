package dev.piecework.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.job.policy.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The rules against what a real controller did: status, conditions and events, word for word. */
final class RecordingsTest {
  static List<JobCase> recordings() {
    return JobCasesTest.cases().stream().filter(c -> c.row().containsKey("recording")).toList();
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void agreesWith(JobCase given) throws Exception {
    String folder = "recordings/" + given.row().get("recording") + "/";
    JsonNode recorded = SimulatedJob.yaml().readTree(JobCase.resource(folder + "status.json"));
    SimulatedJob job = new SimulatedJob(given);
    job.run();
    JobState state = job.loop.state();

    JsonNode status = recorded.get("status");
    assertThat(state.counts())
        .isEqualTo(
            new JobState.Counts(
                status.path("active").asInt(0),
                status.path("ready").asInt(0),
                status.path("terminating").asInt(0),
                status.path("succeeded").asInt(0),
                status.path("failed").asInt(0)));
    assertThat(state.completedIndexes().toString())
        .isEqualTo(status.path("completedIndexes").asString(""));
    assertThat(state.failedIndexes().toString())
        .isEqualTo(status.path("failedIndexes").asString(""));
    assertThat(state.completionTime() != null).isEqualTo(status.has("completionTime"));
    assertThat(
            state.conditions().stream()
                .map(c ->
                    String.join("|", c.type(), c.status() ? "True" : "False", c.reason())
                        + "|"
                        + masked(c.message()))
                .toList())
        .isEqualTo(
            all(
                status.get("conditions"),
                c ->
                    String.join(
                        "|",
                        c.get("type").asString(),
                        c.get("status").asString(),
                        c.get("reason").asString(),
                        masked(c.get("message").asString()))));
    assertThat(
            job.loop.events().stream()
                .map(e ->
                    (e.warning() ? "Warning" : "Normal")
                        + "|"
                        + e.reason()
                        + "|"
                        + masked(e.message()))
                .sorted()
                .toList())
        .isEqualTo(
            JobCase.resource(folder + "events.jsonl")
                .lines()
                .map(line -> SimulatedJob.yaml().readTree(line))
                .map(e ->
                    String.join(
                        "|",
                        e.get("type").asString(),
                        e.get("reason").asString(),
                        masked(e.get("message").asString())))
                .sorted()
                .toList());
  }

  private static List<String> all(JsonNode list, Function<JsonNode, String> text) {
    List<String> all = new ArrayList<>();
    list.forEach(node -> all.add(text.apply(node)));
    return all;
  }

  /** The five letters at the end of a pod's name differ from run to run. */
  private static String masked(String text) {
    return text.replaceAll("-[bcdfghjklmnpqrstvwxz2456789]{5}(?= |$)", "-*****");
  }
}
