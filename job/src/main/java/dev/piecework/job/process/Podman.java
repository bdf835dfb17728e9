package dev.piecework.job.process;

import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command podman of this machine.
 *
 * @param words with which every call begins: the program, and the OCI runtime if it is not podman's
 *     own choice
 * @param limits options of {@code run}, where its own choice is more than this user is allowed
 */
record Podman(List<String> words, List<String> limits) {
  /** On every container of a run, with the run's uid. */
  static final String LABEL = "dev.piecework.run";

  private static final String PROBE = "/piecework-probe";
  private static final Pattern OPEN_FILES =
      Pattern.compile("(?m)^Max open files\\s+\\d+\\s+(\\d+)");
  private static final int FEWER_PROCESSES = 16_384;

  Podman {
    words = List.copyOf(words);
    limits = List.copyOf(limits);
  }

  /** What a call has answered. */
  record Answer(int code, String out, String err) {
    /** The line that says why, without podman's own prefix. */
    String why() {
      List<String> lines = err.lines().filter(line -> !line.isBlank()).toList();
      String last = lines.isEmpty() ? "exit code " + code : lines.getLast();
      return last.replaceFirst("^Error: ", "").strip();
    }
  }

  static Optional<Podman> find() {
    return Shell.find("podman").map(path -> new Podman(List.of(path), List.of()));
  }

  List<String> command(List<String> more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(more);
    return all;
  }

  Answer ask(String... more) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command(List.of(more)))
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return read(process.getErrorStream().readAllBytes());
              } catch (IOException e) {
                return String.valueOf(e.getMessage());
              }
            },
            task -> Thread.ofVirtual().start(task));
    String out = read(process.getInputStream().readAllBytes());
    try {
      return new Answer(process.waitFor(), out, err.get());
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  private static String read(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * The same podman, so that it can run this image here: with its own choice of OCI runtime or with
   * runc, as crun fails on machines with both generations of cgroups; and with its own limits or
   * with ours.
   */
  Podman thatRuns(String image) throws IOException, InterruptedException, PodRuntimeException {
    List<List<String>> runtimes = new ArrayList<>(List.of(words));
    if (Shell.find("runc").isPresent()) {
      runtimes.add(List.of(words.getFirst(), "--runtime", "runc"));
    }
    String why = "";
    for (List<String> runtime : runtimes) {
      for (List<String> limited : List.of(List.<String>of(), ownLimits())) {
        Podman candidate = new Podman(runtime, limited);
        Answer answer = candidate.probe(image);
        if (answer.err().contains(PROBE)) {
          return candidate;
        }
        why = why.isEmpty() ? answer.why() : why;
      }
    }
    throw new PodRuntimeException("podman cannot run containers here: " + why);
  }

  /** Asks for a program that is in no image: a runtime that gets so far would have run another. */
  private Answer probe(String image) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("run", "--rm", "--pull", "never"));
    all.addAll(surroundings());
    all.addAll(List.of("--entrypoint", "[\"" + PROBE + "\"]", image));
    return ask(all.toArray(new String[0]));
  }

  /**
   * What all containers have in common. They share the network of this machine, as the Redis on its
   * loopback address is to be reached.
   */
  List<String> surroundings() {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--network", "host", "--log-driver", "none", "--security-opt", "label=disable"));
    all.addAll(limits);
    return all;
  }

  private static List<String> ownLimits() throws IOException {
    List<String> all =
        new ArrayList<>(List.of("--ulimit", "nproc=" + FEWER_PROCESSES + ":" + FEWER_PROCESSES));
    Path limits = Path.of("/proc/self/limits");
    if (Files.isReadable(limits)) {
      Matcher files = OPEN_FILES.matcher(Files.readString(limits));
      if (files.find()) {
        all.addAll(List.of("--ulimit", "nofile=" + files.group(1) + ":" + files.group(1)));
      }
    }
    return all;
  }

  /** Removes every container of a run that is left, running or not; how many there were. */
  int removeAllOf(String run) throws IOException, InterruptedException {
    List<String> ids =
        ask("ps", "--all", "--quiet", "--filter", "label=" + LABEL + "=" + run)
            .out()
            .lines()
            .toList();
    if (!ids.isEmpty()) {
      List<String> remove = new ArrayList<>(List.of("rm", "--force", "--time", "0"));
      remove.addAll(ids);
      Answer answer = ask(remove.toArray(new String[0]));
      if (answer.code() != 0) {
        throw new IOException("podman cannot remove containers of a killed run: " + answer.why());
      }
    }
    return ids.size();
  }
}
