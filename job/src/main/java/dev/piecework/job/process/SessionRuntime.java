package dev.piecework.job.process;

import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.worker.process.ExactEnvironment;
import dev.piecework.worker.process.Guard;
import dev.piecework.worker.process.Sessions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container is its command, as the leader of a session, with a scratch folder of its own; one
 * with volumes besides in a mount namespace of its own.
 */
final class SessionRuntime implements ContainerRuntime {
  /** In the environment of every process of a container, by which what is left is found. */
  private static final String MARK = "PIECEWORK_JOB_CONTAINER";

  private final PodEnvironment environment;
  private final PodVolumes volumes;
  private final @Nullable MountNamespace namespace;
  private final RunFolder run;
  private final Guard guard;

  /**
   * @param namespace null where no container has mounts
   */
  SessionRuntime(
      PodEnvironment environment,
      PodVolumes volumes,
      @Nullable MountNamespace namespace,
      RunFolder run,
      Guard guard) {
    this.environment = environment;
    this.volumes = volumes;
    this.namespace = namespace;
    this.run = run;
    this.guard = guard;
  }

  @Override
  public Process begin(Life life) throws IOException {
    PodTemplate.Container container = life.container();
    volumes.make(life.pod(), life.volumes());
    // A container that begins again has lost its files; its pod's volumes stay.
    Path temporary = life.folder().resolve("tmp-" + container.name() + "-" + life.number());
    Files.createDirectories(temporary);
    Map<String, String> variables = environment.of(life.pod(), container);
    List<String> command = new ArrayList<>();
    for (List<String> words : List.of(container.command(), container.args())) {
      words.forEach(word -> command.add(Expansion.of(word, variables)));
    }
    Map<String, String> all = new HashMap<>();
    all.put("TMPDIR", temporary.toString());
    all.putAll(variables);
    all.put(MARK, mark(life));
    if (!container.mounts().isEmpty()) {
      return withVolumes(life, temporary, command, all);
    }
    ExactEnvironment exact = surroundings(life, all);
    String working = container.workingDir();
    return GuardedStart.of(
        guard, exact.restored(command), exact, working == null ? null : new File(working));
  }

  private Process withVolumes(
      Life life, Path temporary, List<String> command, Map<String, String> variables)
      throws IOException {
    if (namespace == null) {
      throw new IllegalStateException("no way to mount was looked for");
    }
    List<PodVolumes.Mounted> mounts = new ArrayList<>();
    for (PodTemplate.Mount mount : life.container().mounts()) {
      mounts.add(volumes.mounted(mount, life.volumes(), variables));
    }
    MountPlan plan = MountPlan.of(mounts);
    if (MountPoints.make(run.jobs(), plan)) {
      plan = MountPlan.of(mounts);
    }
    if (plan.hides(temporary)) {
      variables.replace("TMPDIR", temporary.toString(), "/tmp");
    }
    String working = life.container().workingDir();
    Path folder = Path.of(working == null ? "" : working).toAbsolutePath();
    if (working == null && plan.isBelowAVolume(folder.toRealPath())) {
      // Who runs a Job in a folder of /tmp means that folder, though the Job has a /tmp of its own.
      mounts.add(new PodVolumes.Mounted(folder.toRealPath(), folder.toRealPath(), false));
      plan = MountPlan.of(mounts);
    }
    ExactEnvironment exact = surroundings(life, variables);
    return GuardedStart.of(
        guard,
        namespace.command(
            temporary,
            new MountNamespace.WorkingFolder(folder, working != null),
            plan.words(),
            exact.restored(command)),
        exact,
        null);
  }

  private static ExactEnvironment surroundings(Life life, Map<String, String> variables) {
    ExactEnvironment all = ExactEnvironment.ofCaller().without(SessionRuntime::leadsOutside);
    String working = life.container().workingDir();
    return (working == null ? all : all.in(Path.of(working))).with(variables);
  }

  /** Variables of the launcher that would lead a pod to another Redis than it is given. */
  private static boolean leadsOutside(String name) {
    return name.equals("PIECEWORK_REDIS") || name.startsWith("REDIS_SERVICE_");
  }

  private static String mark(Life life) {
    return life.pod().uid() + "/" + life.container().name();
  }

  @Override
  public void terminate(Life life, Process process) {
    try {
      guard.terminate(process.pid());
    } catch (IOException e) {
      process.destroy();
    }
  }

  @Override
  public void kill(Life life, Process process) {
    try {
      guard.kill(process.pid());
    } catch (IOException e) {
      process.destroyForcibly();
    }
  }

  /** Also what has made itself a session of its own. */
  @Override
  public void ended(Life life, Process process) {
    long session = process.pid();
    try {
      for (int round = 0; round < 100; round++) {
        if (!Sessions.hasLeftovers(session, session, Sessions.lastPid())) {
          break;
        }
        guard.kill(session);
        Thread.sleep(10);
      }
      int _ = Leftovers.end(MARK + "=" + mark(life), session);
      guard.remove(session);
    } catch (IOException e) {
      // The guard is gone, and has ended the session in going.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {}
}
