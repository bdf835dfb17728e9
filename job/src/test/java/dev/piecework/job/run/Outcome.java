package dev.piecework.job.run;

import dev.piecework.job.manifest.ManifestException;
import dev.piecework.job.policy.JobState;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * What a Job came to, without what differs from run to run: times, and the names of pods.
 *
 * @param conditions with reason and message, in their order
 * @param counts active, succeeded and failed
 * @param indexes completed and failed
 * @param events their reasons, sorted; pods are created and deleted in an order of their own
 */
record Outcome(
    List<String> conditions,
    List<Integer> counts,
    List<String> indexes,
    List<String> events,
    boolean completed) {
  private static final int SEEDS = 8;
  private static final int SLOWEST_MILLIS = 5_000;

  /** What our rules say of this case; empty when that depends on how fast pods begin. */
  static Optional<Outcome> expected(JobCase given) throws ManifestException {
    SimulatedJob prompt = new SimulatedJob(given);
    prompt.run();
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      SimulatedJob slow =
          new SimulatedJob(
              given,
              () -> Duration.ofMillis(500 + random.nextInt(SLOWEST_MILLIS - 500)),
              Duration.ofMillis(SLOWEST_MILLIS));
      slow.run();
      if (!of(slow).equals(of(prompt))) {
        return Optional.empty();
      }
    }
    return Optional.of(of(prompt));
  }

  static Outcome of(SimulatedJob job) {
    JobState state = job.loop.state();
    return new Outcome(
        state.conditions().stream()
            .map(c ->
                condition(c.type(), c.status() ? "True" : "False", c.reason(), c.message(), "j"))
            .map(text -> text.replace(job.file.name(), "j"))
            .toList(),
        List.of(state.counts().active(), state.counts().succeeded(), state.counts().failed()),
        List.of(state.completedIndexes().toString(), state.failedIndexes().toString()),
        sorted(job.loop.events().stream().map(e -> e.reason()).toList()),
        state.completionTime() != null);
  }

  static Outcome of(Job job, List<Event> events) {
    JobStatus status = Objects.requireNonNullElseGet(job.getStatus(), JobStatus::new);
    String namespace = job.getMetadata().getNamespace();
    List<String> reasons = new ArrayList<>();
    for (Event event : events) {
      int times = Objects.requireNonNullElse(event.getCount(), 1);
      reasons.addAll(Collections.nCopies(Math.max(1, times), event.getReason()));
    }
    return new Outcome(
        status.getConditions().stream()
            .map(c ->
                condition(
                        c.getType(),
                        c.getStatus(),
                        c.getReason(),
                        c.getMessage(),
                        job.getMetadata().getName())
                    .replace(" " + namespace + "/", " default/"))
            .toList(),
        List.of(
            number(status.getActive()), number(status.getSucceeded()), number(status.getFailed())),
        List.of(
            Objects.requireNonNullElse(status.getCompletedIndexes(), ""),
            Objects.requireNonNullElse(status.getFailedIndexes(), "")),
        sorted(reasons),
        status.getCompletionTime() != null);
  }

  private static String condition(
      String type, String status, String reason, String message, String job) {
    String masked =
        message
            .replaceAll("-[bcdfghjklmnpqrstvwxz2456789]{5}(?= |$)", "-*****")
            .replaceAll("(?<=[/ ])" + Pattern.quote(job) + "(?=-)", "j");
    return type + "=" + status + " " + reason + ": " + masked;
  }

  private static int number(Integer number) {
    return Objects.requireNonNullElse(number, 0);
  }

  private static List<String> sorted(List<String> texts) {
    return texts.stream().sorted().toList();
  }
}
