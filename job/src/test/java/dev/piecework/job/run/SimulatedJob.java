package dev.piecework.job.run;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.ManifestException;
import dev.piecework.job.manifest.PodRuntime;
import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.policy.JobEvent;
import dev.piecework.job.policy.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Runs a manifest with scripted pods in set time, and writes down what was seen. */
final class SimulatedJob {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Instant LATEST = SetClock.START.plusSeconds(100_000);

  final SetClock clock = new SetClock();
  final ScriptedContainers containers;
  final JobLoop loop;
  final JobFile file;
  final List<Pod> over = new ArrayList<>();
  private final List<Map<String, Object>> actions;
  private final Duration actionsLate;

  SimulatedJob(JobCase given) throws ManifestException {
    this(given, () -> Duration.ZERO, Duration.ZERO);
  }

  /** With containers that take a while to begin, and all that is done to the Job so much later. */
  SimulatedJob(JobCase given, Supplier<Duration> latency, Duration actionsLate)
      throws ManifestException {
    this.actionsLate = actionsLate;
    file = JobFile.parse(given.name() + ".yaml", given.manifest(), PodRuntime.PROCESS);
    List<String> names =
        file.template().containers().stream().map(PodTemplate.Container::name).toList();
    containers = new ScriptedContainers(new PodScripts(given, names), names, clock, latency);
    actions = new ArrayList<>(given.actions());
    loop =
        new JobLoop(
            file.name(),
            file.rules(),
            file.template().plan(file.rules().restartOnFailure()),
            new JobLoop.Surroundings(
                containers,
                new JobListener() {
                  @Override
                  public void event(JobEvent event) {}

                  @Override
                  public void over(Pod pod) {
                    over.add(pod);
                  }
                },
                clock,
                new Random(7)));
  }

  /** To its end, or until nothing can happen any more. */
  void run() {
    loop.advance();
    while (true) {
      Instant next = earliest(loop.wake(), containers.next());
      if (!actions.isEmpty()) {
        next = earliest(next, at(actions.getFirst()));
      }
      if (next == null || next.isAfter(LATEST) || isDone()) {
        return;
      }
      clock.set(next);
      containers.deliver(loop);
      while (!actions.isEmpty() && !at(actions.getFirst()).isAfter(next)) {
        act(actions.removeFirst());
      }
      loop.advance();
    }
  }

  private boolean isDone() {
    return loop.state().isFinished() && loop.isQuiet();
  }

  private void act(Map<String, Object> action) {
    action.forEach((verb, value) -> {
      switch (verb) {
        case "at" -> {}
        case "scale" -> loop.change(rules -> rules.withParallelism((Integer) value));
        case "suspend" -> loop.change(rules -> rules.withSuspend((Boolean) value));
        case "delete" -> loop.delete(containers.names.get((Integer) value), false);
        case "evict" -> loop.delete(containers.names.get((Integer) value), true);
        default -> throw new IllegalArgumentException("unknown action " + verb);
      }
    });
  }

  private Instant at(Map<String, Object> action) {
    return SetClock.START.plus(actionsLate).plusSeconds(JobCase.at(action));
  }

  private static @Nullable Instant earliest(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  static YAMLMapper yaml() {
    return YAML;
  }
}
