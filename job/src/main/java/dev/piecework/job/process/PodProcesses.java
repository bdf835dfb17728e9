package dev.piecework.job.process;

import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.run.Containers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Pods as processes: keeps each pod's folder and log, and which process stands for a container. */
final class PodProcesses implements Containers {
  private final PodTemplate template;
  private final Path scratch;
  private final PodLogs logs;
  private final ContainerRuntime runtime;
  private final Ended ended;
  private final Map<String, Created> pods = new HashMap<>();
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  private record Running(ContainerRuntime.Life life, Process process) {}

  /** Told, on another thread, that a container has ended, and all that it started with it. */
  interface Ended {
    void ended(String pod, int container, int code);
  }

  PodProcesses(
      PodTemplate template, Path scratch, PodLogs logs, ContainerRuntime runtime, Ended ended) {
    this.template = template;
    this.scratch = scratch;
    this.logs = logs;
    this.runtime = runtime;
    this.ended = ended;
  }

  @Override
  public void prepare(Created pod) {
    pods.put(pod.name(), pod);
  }

  @Override
  public void start(String pod, int container, int number) {
    Created created = pods.get(pod);
    if (created == null) {
      throw new IllegalStateException("no pod " + pod);
    }
    PodTemplate.Container of = template.containers().get(container);
    ContainerRuntime.Life life =
        new ContainerRuntime.Life(created, of, number, scratch.resolve(pod));
    try {
      Process process = runtime.begin(life);
      Running begun = new Running(life, process);
      running.put(key(pod, container), begun);
      logs.follow(pod, of.name(), process.getInputStream());
      var _ =
          process
              .onExit()
              .thenAccept(p -> {
                runtime.ended(life, p);
                running.remove(key(pod, container), begun);
                ended.ended(pod, container, p.exitValue());
              });
    } catch (IOException e) {
      logs.say(pod, of.name(), "cannot start: " + e.getMessage());
      ended.ended(pod, container, 128);
    }
  }

  @Override
  public void terminate(String pod, int container) {
    Running begun = running.get(key(pod, container));
    if (begun != null) {
      runtime.terminate(begun.life(), begun.process());
    }
  }

  @Override
  public void kill(String pod, int container) {
    Running begun = running.get(key(pod, container));
    if (begun != null) {
      runtime.kill(begun.life(), begun.process());
    }
  }

  @Override
  public void over(String pod) {
    pods.remove(pod);
    logs.over(pod);
    try {
      RunFolder.delete(scratch.resolve(pod));
    } catch (IOException e) {
      logs.say(pod, "piecework", "cannot remove its scratch folder: " + e.getMessage());
    }
  }

  private static String key(String pod, int container) {
    return pod + "/" + container;
  }
}
