package dev.piecework.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of ours that may be killed and frozen. It ends when this one ends, in whatever way: its
 * standard input closes then.
 */
final class JavaProcess {

  private final String name;
  private final Process process;
  private volatile boolean frozen;

  private JavaProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  static JavaProcess start(
      String name, DrillEnvironment where, Path log, Class<?> main, List<String> arguments) {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The files of a JVM that is killed stay: better in our folder than in everybody's.
    java.add("-Djava.io.tmpdir=" + log.toAbsolutePath().getParent());
    java.add("-XX:-UsePerfData");
    java.addAll(
        List.of("-Xmx96m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp"));
    java.add(System.getProperty("java.class.path"));
    java.add(main.getName());
    java.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(where.command(name, java));
    builder.environment().putAll(where.place(name).environment());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.redirectErrorStream(true);
    try {
      return new JavaProcess(name, builder.start());
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException("cannot start " + name, failed);
    }
  }

  /** The main method's part of ending with the parent. */
  static void endWithParent() {
    Thread.ofPlatform()
        .daemon()
        .name("parent")
        .start(() -> {
          try {
            while (System.in.read() >= 0) {}
          } catch (IOException gone) {
            // just that
          }
          Runtime.getRuntime().halt(1);
        });
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  boolean isFrozen() {
    return frozen;
  }

  /** SIGKILL. Returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGSTOP, and SIGCONT after a while: by a shell, so that it wakes even if we are killed. */
  void freeze(Duration time) throws IOException {
    frozen = true;
    String seconds = String.format(java.util.Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
    String script = "kill -STOP $0 && sleep $1; kill -CONT $0";
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", script, Long.toString(pid()), seconds)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    var _ = shell.onExit().thenRun(() -> frozen = false);
  }

  /** Its exit code, or -1 when it still runs after that time. */
  int awaitExit(Duration atMost) throws InterruptedException {
    return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
  }
}
