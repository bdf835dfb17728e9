package dev.piecework.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.job.policy.Condition;
import dev.piecework.job.policy.JobState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of cases, against the rules with a set clock. */
final class JobCasesTest {
  static List<JobCase> cases() {
    return JobCase.of(
        "completions.yaml",
        "queue-shape.yaml",
        "backoff.yaml",
        "indexed.yaml",
        "failure-policy.yaml",
        "time.yaml",
        "pods.yaml");
  }

  @Test
  void theTableIsLong() {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(60);
    assertThat(cases().stream().map(JobCase::name)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void showsWhatIsExpected(JobCase given) throws Exception {
    SimulatedJob job = new SimulatedJob(given);
    job.run();

    Map<String, Object> seen = seen(job);
    Map<String, Object> expected = given.expect();
    Map<String, Object> compared = new LinkedHashMap<>(seen);
    compared.keySet().retainAll(expected.keySet());
    assertThat(seen.keySet()).containsAll(expected.keySet());
    assertThat(SimulatedJob.yaml().writeValueAsString(compared))
        .isEqualTo(SimulatedJob.yaml().writeValueAsString(inOrder(expected, compared)));
  }

  private static Map<String, Object> inOrder(Map<String, Object> from, Map<String, Object> like) {
    Map<String, Object> ordered = new LinkedHashMap<>();
    like.keySet().forEach(key -> ordered.put(key, from.get(key)));
    return ordered;
  }

  private static Map<String, Object> seen(SimulatedJob job) {
    JobState state = job.loop.state();
    Map<String, Object> seen = new LinkedHashMap<>();
    seen.put("conditions", state.conditions().stream().map(JobCasesTest::condition).toList());
    seen.put("started", seconds(state.startTime()));
    seen.put("completed", seconds(state.completionTime()));
    seen.put("succeeded", state.counts().succeeded());
    seen.put("failed", state.counts().failed());
    seen.put("active", state.counts().active());
    seen.put("completedIndexes", state.completedIndexes().toString());
    seen.put("failedIndexes", state.failedIndexes().toString());
    seen.put("created", job.containers.created);
    seen.put("most", job.containers.most);
    seen.put("starts", job.containers.starts);
    seen.put(
        "phases",
        job.over.stream()
            .map(pod -> job.containers.names.indexOf(pod.name()) + " " + pod.phase())
            .toList());
    seen.put(
        "events",
        job.loop.events().stream()
            .map(e -> seconds(e.at()) + " " + e.reason())
            .collect(Collectors.toList()));
    seen.put(
        "deleted",
        job.loop.events().stream()
            .filter(e -> e.reason().equals("SuccessfulDelete"))
            .map(e -> job.containers.names.indexOf(e.message().replace("Deleted pod: ", "")))
            .toList());
    return seen;
  }

  private static String condition(Condition c) {
    return seconds(c.transition())
        + " "
        + c.type()
        + "="
        + (c.status() ? "True" : "False")
        + " "
        + c.reason();
  }

  private static @Nullable Long seconds(@Nullable Instant instant) {
    return instant == null ? null : (Long) SetClock.seconds(instant);
  }
}
