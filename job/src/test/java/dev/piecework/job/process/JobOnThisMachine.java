package dev.piecework.job.process;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodRuntime;
import dev.piecework.job.policy.JobEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A Job of real processes, and what was seen of it. */
final class JobOnThisMachine {
  final List<String> printed = new CopyOnWriteArrayList<>();
  final List<String> notices = new CopyOnWriteArrayList<>();
  final JobFile file;
  final JobRun run;
  private final CompletableFuture<JobRun.Result> result = new CompletableFuture<>();

  JobOnThisMachine(Path state, String manifest) throws Exception {
    this(state, manifest, "");
  }

  JobOnThisMachine(Path state, String manifest, String redis) throws Exception {
    file = JobFile.parse("job.yaml", manifest, PodRuntime.PROCESS);
    run =
        new JobRun(
            file,
            new JobRun.Config(state, null, redis),
            new JobRun.Watcher() {
              @Override
              public void event(JobEvent event) {}

              @Override
              public void printed(String line) {
                printed.add(line);
              }

              @Override
              public void notice(String line) {
                notices.add(line);
              }
            },
            InstantSource.system());
  }

  /** A manifest around a script of one container. */
  static String manifest(String spec, String restartPolicy, String script) {
    return """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: j}
    spec: {%s
    template: {spec: {restartPolicy: %s, terminationGracePeriodSeconds: 2,
    containers: [{name: worker, image: x, command: [sh, -c, %s]}]}}}
    """
        .formatted(
            spec.isEmpty() ? "" : spec + ",",
            restartPolicy,
            "\"" + script.replace("$$", "$$$$").replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
  }

  JobOnThisMachine start() {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            result.complete(run.run().orElseThrow());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return this;
  }

  JobRun.Result result() throws Exception {
    return result.get(60, TimeUnit.SECONDS);
  }

  JobRun.Result finish() throws Exception {
    return start().result();
  }

  /** Whether the process lives; one that has ended and that nobody has waited for does not. */
  static boolean isRunning(String pid) {
    try {
      return !Files.readString(Path.of("/proc", pid, "stat")).matches("(?s).*\\) [ZX] .*");
    } catch (IOException gone) {
      return false;
    }
  }

  /** What pods printed, without their names. */
  List<String> lines() {
    Pattern prefix = Pattern.compile("^\\[[^]]*] ");
    return printed.stream().map(line -> prefix.matcher(line).replaceFirst("")).toList();
  }
}
