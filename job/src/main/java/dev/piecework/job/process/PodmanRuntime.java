package dev.piecework.job.process;

import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.worker.process.ExactEnvironment;
import dev.piecework.worker.process.Guard;
import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A container is one of podman's, from the image of the manifest; the process that stands for it is
 * the {@code podman run} that is attached to it.
 *
 * <p>What runs in it is no child of ours and would live on after a kill of the launcher. So a shell
 * beside us removes every container of this run when its input ends without a word.
 */
final class PodmanRuntime implements ContainerRuntime {
  private static final String SWEEPER =
      """
      trap '' HUP INT QUIT TERM
      read -r _ && exit 0
      label=$1
      shift
      empty=0
      while [ "$empty" -lt 3 ]; do
        left=$("$@" ps --all --quiet --filter "label=$label")
        empty=$((empty + 1))
        [ -z "$left" ] || { empty=0; "$@" rm --force --time 0 $left; }
        sleep 1
      done
      """;

  /**
   * Variables that would change what podman itself does, or with a name that is a pattern to it;
   * such names hold no secrets.
   */
  private static final Pattern OF_PODMAN =
      Pattern.compile(
          "PATH|HOME|TMPDIR|(LD|XDG|CONTAINERS?|STORAGE|DBUS|PODMAN)_.*|.*[^A-Za-z0-9_.-].*");

  private final PodmanImages images;
  private final PodEnvironment environment;
  private final PodVolumes volumes;
  private final Guard guard;
  private final String run;
  private final Process sweeper;

  PodmanRuntime(
      PodmanImages images, PodEnvironment environment, PodVolumes volumes, Guard guard, String run)
      throws IOException {
    this.images = images;
    this.environment = environment;
    this.volumes = volumes;
    this.guard = guard;
    this.run = run;
    List<String> words =
        new ArrayList<>(List.of(Shell.path(), "-c", SWEEPER, "sweeper", Podman.LABEL + "=" + run));
    words.addAll(images.podman().words());
    sweeper =
        new ProcessBuilder(Shell.inOwnSession(words))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
  }

  @Override
  public Process begin(Life life) throws IOException {
    PodTemplate.Container container = life.container();
    volumes.make(life.pod(), life.volumes());
    Map<String, String> variables = environment.of(life.pod(), container);
    List<String> all = new ArrayList<>(List.of("run", "--rm", "--pull", "never"));
    all.addAll(images.podman().surroundings());
    all.addAll(List.of("--name", name(life), "--hostname", life.pod().name()));
    all.addAll(List.of("--label", Podman.LABEL + "=" + run));
    variables.forEach((name, value) -> {
      all.add("--env");
      all.add(OF_PODMAN.matcher(name).matches() ? name + "=" + value : name);
    });
    for (PodTemplate.Mount mount : container.mounts()) {
      all.addAll(List.of("--volume", volume(volumes.mounted(mount, life.volumes(), variables))));
    }
    String working = container.workingDir();
    if (working != null) {
      all.addAll(List.of("--workdir", working));
    }
    if (!container.command().isEmpty()) {
      List<String> expanded = expanded(container.command(), variables);
      all.addAll(List.of("--entrypoint", JsonMapper.shared().writeValueAsString(expanded)));
    }
    all.add(images.get(container).name());
    all.addAll(expanded(container.args(), variables));
    // By way of the environment, where other users do not see it.
    variables.keySet().removeIf(name -> OF_PODMAN.matcher(name).matches());
    ExactEnvironment exact = ExactEnvironment.ofCaller().with(variables);
    return GuardedStart.of(guard, exact.restored(images.podman().command(all)), exact, null);
  }

  private static List<String> expanded(List<String> words, Map<String, String> variables) {
    return words.stream().map(word -> Expansion.of(word, variables)).toList();
  }

  private static String volume(PodVolumes.Mounted mounted) throws IOException {
    Path source = mounted.source();
    if (Files.isDirectory(source)) {
      // As in a cluster, where the user of the image may write there too.
      Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    return source + ":" + mounted.path() + (mounted.readOnly() ? ":ro" : "");
  }

  private static String name(Life life) {
    return life.pod().name()
        + "-"
        + life.container().name()
        + "-"
        + life.number()
        + "-"
        + life.pod().uid().substring(0, 8);
  }

  @Override
  public void terminate(Life life, Process process) {
    String signal = images.get(life.container()).stopSignal();
    insist(process, "kill", "--signal", signal, name(life));
  }

  @Override
  public void kill(Life life, Process process) {
    insist(process, "rm", "--force", "--time", "0", name(life));
  }

  /** Says it until podman has done it: in its first moments a container is not there to be told. */
  private void insist(Process process, String... words) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (process.isAlive() && images.podman().ask(words).code() != 0) {
              Thread.sleep(100);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Whoever killed {@code podman run} has left the container running. */
  @Override
  public void ended(Life life, Process process) {
    try {
      if (process.exitValue() >= 125) {
        Podman.Answer _ = images.podman().ask("rm", "--force", "--time", "0", name(life));
      }
      guard.remove(process.pid());
    } catch (IOException e) {
      // The guard is gone, or podman is; the sweeper is there.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    try (OutputStream word = sweeper.getOutputStream()) {
      word.write("done\n".getBytes(StandardCharsets.US_ASCII));
    }
  }
}
