package dev.piecework.job.process;

import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.worker.process.Guard;
import dev.piecework.worker.process.Sessions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A container is its command, as the leader of a session, with a scratch folder of its own. */
final class SessionRuntime implements ContainerRuntime {
  /** In the environment of every process of a container, by which what is left is found. */
  private static final String MARK = "PIECEWORK_JOB_CONTAINER";

  private final PodEnvironment environment;
  private final Guard guard;

  SessionRuntime(PodEnvironment environment, Guard guard) {
    this.environment = environment;
    this.guard = guard;
  }

  @Override
  public Process begin(Life life) throws IOException {
    PodTemplate.Container container = life.container();
    Mounts mounts = new Mounts(container.mounts(), life.volumes());
    // A container that begins again has lost its files; its pod's volumes stay.
    Path temporary = life.folder().resolve("tmp-" + container.name() + "-" + life.number());
    Files.createDirectories(temporary);
    Map<String, String> variables = environment.of(life.pod(), container, mounts);
    List<String> command = new ArrayList<>();
    for (List<String> words : List.of(container.command(), container.args())) {
      words.forEach(word -> command.add(mounts.in(Expansion.of(word, variables))));
    }
    return GuardedStart.of(
        guard,
        command,
        process -> {
          process.environment().keySet().removeIf(SessionRuntime::leadsElsewhere);
          process.environment().put("TMPDIR", temporary.toString());
          process.environment().putAll(variables);
          process.environment().put(MARK, mark(life));
          String working = container.workingDir();
          if (working != null) {
            process.directory(new File(mounts.in(working)));
          }
        });
  }

  /** Variables of the launcher that would lead a pod to another Redis than it is given. */
  private static boolean leadsElsewhere(String name) {
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
