package dev.piecework.job.process;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.run.Containers;
import dev.piecework.worker.process.Guard;
import dev.piecework.worker.process.Sessions;
import dev.piecework.worker.process.Shell;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pods as processes: each life of a container leads a session of its own, with a scratch folder.
 *
 * <p>Such a process first waits for a line that says that the guard knows of it, and only then
 * becomes the command: there is no instant at which a kill of the launcher leaves one running.
 */
final class PodProcesses implements Containers {
  private static final String WAIT_FOR_GUARD = "read -r go && exec \"$@\" </dev/null";

  /** In the environment of every process of a container, by which what is left is found. */
  private static final String MARK = "PIECEWORK_JOB_CONTAINER";

  private final JobFile job;
  private final PodEnvironment environment;
  private final Path scratch;
  private final PodLogs logs;
  private final Guard guard;
  private final Ended ended;
  private final Map<String, Created> pods = new HashMap<>();
  private final Map<String, Process> running = new ConcurrentHashMap<>();

  /** Told, on another thread, that a container has ended, and all that it started with it. */
  interface Ended {
    void ended(String pod, int container, int code);
  }

  PodProcesses(JobFile job, PodEnvironment environment, Path scratch, PodLogs logs, Ended ended)
      throws IOException {
    this.job = job;
    this.environment = environment;
    this.scratch = scratch;
    this.logs = logs;
    this.ended = ended;
    guard = new Guard(scratch);
  }

  @Override
  public void prepare(Created pod) {
    pods.put(pod.name(), pod);
  }

  @Override
  public void start(String pod, int container, int life) {
    Created created = pods.get(pod);
    if (created == null) {
      throw new IllegalStateException("no pod " + pod);
    }
    PodTemplate.Container template = job.template().containers().get(container);
    try {
      Process process = start(created, template, life);
      running.put(key(pod, container), process);
      logs.follow(pod, template.name(), process.getInputStream());
      var _ =
          process
              .onExit()
              .thenAccept(p -> {
                endRest(p.pid(), MARK + "=" + markOf(created, template));
                running.remove(key(pod, container), p);
                ended.ended(pod, container, p.exitValue());
              });
    } catch (IOException e) {
      logs.say(pod, template.name(), "cannot start: " + e.getMessage());
      ended.ended(pod, container, 128);
    }
  }

  private Process start(Created pod, PodTemplate.Container container, int life) throws IOException {
    Path folder = scratch.resolve(pod.name());
    prepareVolumes(folder);
    Mounts mounts = new Mounts(container.mounts(), folder.resolve("volumes"));
    // A container that begins again has lost its files; its pod's volumes stay.
    Path temporary = folder.resolve("tmp-" + container.name() + "-" + life);
    Files.createDirectories(temporary);
    Map<String, String> variables = environment.of(pod, container, mounts);

    List<String> command = new ArrayList<>(List.of(Shell.path(), "-c", WAIT_FOR_GUARD, "pod"));
    for (String word : container.command()) {
      command.add(mounts.in(Expansion.of(word, variables)));
    }
    ProcessBuilder builder =
        new ProcessBuilder(Shell.inOwnSession(command)).redirectErrorStream(true);
    builder.environment().keySet().removeIf(PodProcesses::leadsElsewhere);
    builder.environment().put("TMPDIR", temporary.toString());
    builder.environment().putAll(variables);
    builder.environment().put(MARK, markOf(pod, container));
    String working = container.workingDir();
    if (working != null) {
      builder.directory(new File(mounts.in(working)));
    }
    Process process = builder.start();
    guard.add(process.pid());
    try (OutputStream go = process.getOutputStream()) {
      go.write('\n');
    } catch (IOException alreadyGone) {
      // It was killed in this moment; its exit says so.
    }
    return process;
  }

  /** Variables of the launcher that would lead a pod to another Redis than it is given. */
  private static boolean leadsElsewhere(String name) {
    return name.equals("PIECEWORK_REDIS") || name.startsWith("REDIS_SERVICE_");
  }

  private void prepareVolumes(Path folder) throws IOException {
    for (PodTemplate.Volume volume : job.template().volumes()) {
      Path root = folder.resolve("volumes").resolve(volume.name());
      if (Files.exists(root)) {
        continue;
      }
      Files.createDirectories(root);
      for (Map.Entry<String, byte[]> file : volume.files().entrySet()) {
        Path path = root.resolve(file.getKey());
        Files.createDirectories(path.resolve("..").normalize());
        Files.write(path, file.getValue());
      }
    }
  }

  /** Ends what a container has left behind, also what made itself a session of its own. */
  private void endRest(long session, String mark) {
    try {
      for (int round = 0; round < 100; round++) {
        if (!Sessions.hasLeftovers(session, session, Sessions.lastPid())) {
          break;
        }
        guard.kill(session);
        Thread.sleep(10);
      }
      int _ = Leftovers.end(mark, session);
      guard.remove(session);
    } catch (IOException e) {
      // The guard is gone, and has ended the session in going.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String markOf(Created pod, PodTemplate.Container container) {
    return pod.uid() + "/" + container.name();
  }

  @Override
  public void terminate(String pod, int container) {
    Process process = running.get(key(pod, container));
    if (process != null) {
      try {
        guard.terminate(process.pid());
      } catch (IOException e) {
        process.destroy();
      }
    }
  }

  @Override
  public void kill(String pod, int container) {
    Process process = running.get(key(pod, container));
    if (process != null) {
      try {
        guard.kill(process.pid());
      } catch (IOException e) {
        process.destroyForcibly();
      }
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

  void close() throws IOException {
    guard.close();
  }

  private static String key(String pod, int container) {
    return pod + "/" + container;
  }
}
