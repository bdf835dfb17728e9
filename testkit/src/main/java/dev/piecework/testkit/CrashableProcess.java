package dev.piecework.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process for a test to watch, freeze and kill. It runs in a session of its own where the system
 * has {@code setsid}; at {@link #close}, and when this JVM ends in whatever way, its process group
 * is killed.
 *
 * <pre>{@code
 * try (CrashableProcess worker = CrashableProcess.java(WorkerMain.class, redis.uri()).start()) {
 *   worker.awaitLine("leased 7");
 *   worker.kill();
 * }
 * }</pre>
 */
public final class CrashableProcess implements AutoCloseable {
  private static final Duration LIMIT = Await.LIMIT;

  /** For what is in the pipes; a child of its own that lives on may hold them open. */
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(10);

  private final Process process;
  private final boolean ownGroup;
  private final List<String> lines = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private int openStreams = 2;
  private int looked;

  private CrashableProcess(Process process, boolean ownGroup) {
    this.process = process;
    this.ownGroup = ownGroup;
    read(process.inputReader(StandardCharsets.UTF_8), lines);
    read(process.errorReader(StandardCharsets.UTF_8), errors);
  }

  /** Any command. */
  public static Builder command(String... command) {
    return new Builder(List.of(command));
  }

  /** The main method of a class of this class path, on this JVM's Java. */
  public static Builder java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new Builder(command);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it has written to standard output so far. */
  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** What it has written to standard error so far. */
  public List<String> errors() {
    synchronized (lines) {
      return List.copyOf(errors);
    }
  }

  /**
   * Waits for a line of standard output with this text in it; see {@link #awaitLine(Predicate)}.
   */
  public String awaitLine(String text) {
    return awaitLine(line -> line.contains(text), "a line with '" + text + "'");
  }

  /**
   * Waits for the next such line of standard output after the last one awaited, and returns it.
   *
   * @throws IllegalStateException when it ends without, or after three minutes; with all it said
   */
  public String awaitLine(Predicate<String> isIt) {
    return awaitLine(isIt, "the awaited line");
  }

  private String awaitLine(Predicate<String> isIt, String what) {
    long limit = System.nanoTime() + LIMIT.toNanos();
    synchronized (lines) {
      while (true) {
        while (looked < lines.size()) {
          String line = lines.get(looked++);
          if (isIt.test(line)) {
            return line;
          }
        }
        long left = millisUntil(limit);
        if (openStreams == 0 || left <= 0) {
          throw new IllegalStateException(
              (openStreams == 0 ? "ended without " : "did not say in time ")
                  + what
                  + "; it said "
                  + lines
                  + " and, on standard error, "
                  + errors);
        }
        await(left, what);
      }
    }
  }

  /** Writes a line to its standard input. */
  public void writeLine(String line) {
    try {
      OutputStream out = process.getOutputStream();
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends its standard input. */
  public void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL to the process alone. Returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGKILL to its whole process group: itself and what it started. Returns when it is gone. */
  public void killGroup() {
    if (ownGroup) {
      Signals.toGroup(pid(), "KILL");
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    kill();
  }

  /** SIGTERM. */
  public void terminate() {
    Signals.toProcess(pid(), "TERM");
  }

  /** SIGINT, as Ctrl-C sends it, to its whole process group. */
  public void interrupt() {
    if (ownGroup) {
      Signals.toGroup(pid(), "INT");
    } else {
      Signals.toProcess(pid(), "INT");
    }
  }

  /** SIGSTOP: it does nothing more until {@link #thaw}. */
  public void freeze() {
    Signals.toProcess(pid(), "STOP");
  }

  /** SIGCONT. */
  public void thaw() {
    Signals.toProcess(pid(), "CONT");
  }

  /** Waits for its end and for all its output, and returns the exit code: 128 + n for signal n. */
  public int awaitExit() {
    int code = awaitEnd();
    synchronized (lines) {
      long limit = System.nanoTime() + LAST_OUTPUT.toNanos();
      while (openStreams > 0 && millisUntil(limit) > 0) {
        await(millisUntil(limit), "the last output of process " + pid());
      }
    }
    return code;
  }

  private int awaitEnd() {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "process " + pid() + " still runs after " + LIMIT + "; it said " + lines());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for process " + pid(), e);
    }
  }

  private static long millisUntil(long limit) {
    return TimeUnit.NANOSECONDS.toMillis(limit - System.nanoTime());
  }

  /** Until a line comes, or a stream ends. */
  private void await(long millis, String what) {
    try {
      lines.wait(Math.max(1, millis)); // for ever is 0
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
  }

  /** Kills its process group, unless that is gone. */
  @Override
  public void close() {
    killGroup();
    ExitCleanup.remove(pid());
  }

  private void read(BufferedReader stream, List<String> into) {
    Thread.ofVirtual()
        .name("output of " + pid())
        .start(() -> {
          try (stream) {
            for (String line = stream.readLine(); line != null; line = stream.readLine()) {
              synchronized (lines) {
                into.add(line);
                lines.notifyAll();
              }
            }
          } catch (IOException e) {
            // Closed by its end.
          } finally {
            synchronized (lines) {
              openStreams--;
              lines.notifyAll();
            }
          }
        });
  }

  /** What to start. */
  public static final class Builder {
    private final List<String> command;
    private final Map<String, String> environment = new TreeMap<>();
    private @Nullable Path folder;

    private Builder(List<String> command) {
      this.command = command;
    }

    /** Adds a variable to the environment it inherits from this process. */
    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Its working folder; by default this process's. */
    public Builder folder(Path path) {
      this.folder = path;
      return this;
    }

    public CrashableProcess start() {
      Path setsid =
          Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
              .map(path -> Path.of(path, "setsid"))
              .filter(Files::isExecutable)
              .findFirst()
              .orElse(null);
      List<String> all = new ArrayList<>();
      if (setsid != null) {
        all.add(setsid.toString()); // it becomes the command: the same process id
      }
      all.addAll(command);
      ProcessBuilder builder = new ProcessBuilder(all);
      builder.environment().putAll(environment);
      if (folder != null) {
        builder.directory(folder.toFile());
      }
      try {
        Process started = builder.start();
        ExitCleanup.add(started.pid());
        return new CrashableProcess(started, setsid != null);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot start " + command, e);
      }
    }
  }
}
