package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Containers under podman, with images and containers of their own that are gone at the end. */
final class Containers implements AutoCloseable {

  /** How a program ended, and what it printed on both streams. */
  record Said(int code, String text) {
    Said expect(int wanted) {
      assertThat(code).as(text).isEqualTo(wanted);
      return this;
    }
  }

  // Where a container may not raise limits, podman's own defaults are too high.
  private static final List<String> LIMITS =
      List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=2048:2048", "--network", "host");

  private final Path folder;

  Containers() throws IOException {
    folder = Files.createTempDirectory("pw-"); // podman takes no long one
  }

  /** Makes an image of a worker as {@code kube image} does, on this base, with a folder added. */
  void make(String image, String base, Path added) throws Exception {
    Piecework builder = new Piecework().patient(KubeImageIT.LONGEST);
    builder.prepare();
    try {
      load(imageMadeBy(builder, image, base, added));
    } finally {
      builder.removeAll();
    }
  }

  private Path imageMadeBy(Piecework builder, String image, String base, Path added)
      throws Exception {
    Path tar = folder.resolve("worker.tar");
    builder
        .with("XDG_CACHE_HOME", KubeImageIT.CACHE.toString())
        .run(
            "kube",
            "image",
            "--tar",
            tar.toString(),
            "--name",
            image,
            "--base",
            base,
            "--add",
            added.toString())
        .expect(0);
    return tar;
  }

  void load(Path tar) throws Exception {
    podman("load", "-q", "-i", tar.toString()).expect(0);
  }

  /** Runs one to its end. */
  Said run(String... arguments) throws Exception {
    return podman(withLimits(List.of("run", "--rm"), arguments));
  }

  /** Starts one that goes on by itself. */
  void start(String name, String... arguments) throws Exception {
    podman(withLimits(List.of("run", "-d", "--name", name), arguments)).expect(0);
  }

  private static String[] withLimits(List<String> first, String... arguments) {
    List<String> all = new ArrayList<>(first);
    all.addAll(LIMITS);
    all.addAll(Arrays.asList(arguments));
    return all.toArray(String[]::new);
  }

  String logs(String name) throws Exception {
    return podman("logs", name).text();
  }

  /** Waits for its end. */
  int exitCode(String name) throws Exception {
    return Integer.parseInt(podman("wait", name).expect(0).text().strip());
  }

  Said podman(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "podman",
                "--root",
                folder.resolve("root").toString(),
                "--runroot",
                folder.resolve("run").toString(),
                "--runtime",
                "runc",
                "--cgroup-manager",
                "cgroupfs"));
    command.addAll(Arrays.asList(arguments));
    return program(command.toArray(String[]::new));
  }

  /** Runs any program to its end. */
  static Said program(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }

  @Override
  public void close() throws IOException {
    try {
      podman("rm", "-af", "-t", "0");
      podman("rmi", "-af");
      // Layers belong to users of the container.
      program("rm", "-rf", folder.toString());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
