package dev.piecework.job.process;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodRuntime;
import dev.piecework.job.policy.JobEvent;
import dev.piecework.job.policy.JobRules;
import dev.piecework.job.policy.JobState;
import dev.piecework.job.policy.Pod;
import dev.piecework.job.policy.TimeToLive;
import dev.piecework.job.run.JobListener;
import dev.piecework.job.run.JobLoop;
import dev.piecework.worker.process.Guard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs one Job on this machine, from its first pod to its end. */
public final class JobRun {
  private final JobFile job;
  private final Config config;
  private final Watcher watcher;
  private final InstantSource clock;
  private final String uid = UUID.randomUUID().toString();
  private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private boolean stopping;
  private @Nullable JobLoop loop;

  /**
   * Where a Job runs.
   *
   * @param logs a folder for the pods' logs, or null for one in the state folder
   * @param redis the URL that is given to pods, empty for none
   */
  public record Config(Path stateFolder, @Nullable Path logs, String redis) {}

  /** Told what happens, line by line; one call at a time is not promised. */
  public interface Watcher {
    /** An event of the Job. */
    void event(JobEvent event);

    /** What a pod printed, with its name before it. */
    void printed(String line);

    /** What a person should know besides. */
    void notice(String line);
  }

  /**
   * What the pods printed.
   *
   * @param expiry when ttlSecondsAfterFinished takes it away, or null for never
   * @param kept whether it is there still
   */
  public record Logs(Path folder, @Nullable Instant expiry, boolean kept) {}

  /** How it ended; {@code stopped} when it was told to before it was finished. */
  public record Result(
      String uid,
      JobRules rules,
      JobState state,
      List<JobEvent> events,
      Logs logs,
      boolean stopped) {
    public Result {
      events = List.copyOf(events);
    }

    public boolean isComplete() {
      return state.holding("Complete").isPresent();
    }
  }

  public JobRun(JobFile job, Config config, Watcher watcher, InstantSource clock) {
    this.job = job;
    this.config = config;
    this.watcher = watcher;
    this.clock = clock;
  }

  /** Where Jobs have their folders. */
  static Path jobs(Path stateFolder) {
    return stateFolder.resolve("jobs");
  }

  /**
   * Runs the Job until it is Complete or Failed, or was stopped; then nothing of it runs.
   *
   * @return empty when a Job of that name runs already on this machine
   * @throws PodRuntimeException when its containers cannot be run as the Job asks; none was begun
   */
  public Optional<Result> run() throws IOException, InterruptedException, PodRuntimeException {
    PodmanImages images = null;
    MountNamespace namespace = null;
    if (job.runtime() == PodRuntime.PODMAN) {
      images = PodmanImages.of(job, watcher::notice);
    } else if (job.template().containers().stream().anyMatch(c -> !c.mounts().isEmpty())) {
      namespace = MountNamespace.find();
    }
    Optional<RunFolder> taken =
        RunFolder.take(
            jobs(config.stateFolder()), job.name(), uid, clock.instant(), watcher::notice);
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    try (RunFolder folder = taken.get();
        JobControl _ = JobControl.listen(folder.control(), this::change)) {
      return Optional.of(run(folder, images, namespace));
    }
  }

  private Result run(
      RunFolder folder, @Nullable PodmanImages images, @Nullable MountNamespace namespace)
      throws IOException, InterruptedException {
    Path logs = config.logs() == null ? folder.logs() : config.logs();
    PodLogs podLogs = new PodLogs(logs, job.template().containers().size() > 1, watcher::printed);
    PodFields fields = new PodFields(job, uid);
    PodVolumes volumes = new PodVolumes(job.template().volumes(), fields);
    PodEnvironment environment = new PodEnvironment(job, fields, given(), config.redis());
    JobLoop own;
    try (Guard guard = new Guard(folder.pods());
        ContainerRuntime runtime =
            images == null
                ? new SessionRuntime(environment, volumes, namespace, folder, guard)
                : new PodmanRuntime(
                    images, environment, volumes, guard, folder.withContainersOf(uid))) {
      own = loop(runtime, folder, podLogs);
      loop = own;
      drive(own);
    }
    Instant expiry =
        config.logs() == null ? TimeToLive.end(own.rules(), own.state()).orElse(null) : null;
    folder.expireLogs(expiry, clock.instant());
    return new Result(
        uid,
        own.rules(),
        own.state(),
        own.events(),
        new Logs(logs, expiry, Files.isDirectory(logs)),
        stopping && !own.state().isFinished());
  }

  private JobLoop loop(ContainerRuntime runtime, RunFolder folder, PodLogs logs) {
    PodProcesses processes =
        new PodProcesses(
            job.template(),
            folder.pods(),
            logs,
            runtime,
            (pod, container, code) -> inbox.add(() -> exited(pod, container, code)));
    return new JobLoop(
        job.name(),
        job.rules(),
        job.template().plan(job.rules().restartOnFailure()),
        new JobLoop.Surroundings(processes, new Listener(), clock, new SecureRandom()));
  }

  private JobLoop loop() {
    if (loop == null) {
      throw new IllegalStateException("the Job does not run");
    }
    return loop;
  }

  private Map<String, String> given() {
    Map<String, String> given = new HashMap<>();
    given.put(RunFolder.MARK, uid);
    if (!config.redis().isEmpty()) {
      given.putAll(RedisAddress.variables(config.redis(), job.services().contains("redis")));
    }
    return given;
  }

  private void drive(JobLoop now) throws InterruptedException {
    String told = "";
    while (true) {
      now.advance();
      String pause = stopping ? "" : pause(now);
      if (!pause.isEmpty() && !pause.equals(told)) {
        watcher.notice(pause);
      }
      told = pause;
      if ((stopping || now.state().isFinished()) && now.isQuiet()) {
        return;
      }
      Instant wake = now.wake();
      Runnable next =
          wake == null
              ? inbox.take()
              : inbox.poll(
                  Math.max(0, Duration.between(clock.instant(), wake).toNanos()),
                  TimeUnit.NANOSECONDS);
      while (next != null) {
        next.run();
        next = inbox.poll();
      }
    }
  }

  /** Why no pod begins until somebody says so, and how that is said; empty when pods may begin. */
  private String pause(JobLoop now) {
    if (now.state().isFinished()) {
      return "";
    }
    String verb = "'piecework scale " + job.name();
    if (now.rules().suspend()) {
      return "Job " + job.name() + " is suspended: no pod begins until " + verb + " --resume'";
    }
    return now.rules().parallelism() == 0
        ? "Job " + job.name() + " has parallelism 0: no pod begins until " + verb + " N'"
        : "";
  }

  private void exited(String pod, int container, int code) {
    loop().exited(pod, container, code);
  }

  private void change(JobChange change) {
    inbox.add(() -> {
      loop().change(change::in);
      watcher.notice("changed: " + change.line());
    });
  }

  /** Stops the Job: the first time with SIGTERM and grace, the second time at once. Any thread. */
  public void stop() {
    inbox.add(() -> {
      if (stopping) {
        loop().hurry();
      } else {
        stopping = true;
        loop().stop();
      }
    });
  }

  private final class Listener implements JobListener {
    @Override
    public void event(JobEvent event) {
      watcher.event(event);
    }

    @Override
    public void over(Pod pod) {}
  }
}
