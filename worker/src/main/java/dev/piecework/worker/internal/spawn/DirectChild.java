package dev.piecework.worker.internal.spawn;

import dev.piecework.worker.internal.call.CallerEnvironment;
import dev.piecework.worker.internal.call.ProgramFile;
import dev.piecework.worker.internal.session.DirectControl;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.internal.session.SystemCalls;
import dev.piecework.worker.internal.session.SystemText;
import dev.piecework.worker.process.CommandUnusableException;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A long-lived child that the C library has started, with a thread that waits for its end and then
 * says what {@link Starter#child} promises: it holds an end of the child's output to say it, and
 * one of its input to count what is left there.
 */
final class DirectChild extends Process {
  private static final List<String> NAMES =
      List.of("PIECEWORK_QUEUE", "PIECEWORK_SLOT", "PIECEWORK_CHILD");

  private final SystemCalls system;
  private final int pid;
  private final Ends ends;
  private final CompletableFuture<Process> end = new CompletableFuture<>();
  private volatile int status;

  /** Our ends of the three pipes, and two more: of the child's input and of its output. */
  private record Ends(
      OutputStream input,
      InputStream unread,
      InputStream output,
      OutputStream last,
      InputStream errors) {

    /** Of these pipes, each end opened once more as a stream of Java's own. */
    static Ends open(int[] input, int[] output, int[] errors) throws IOException {
      List<Closeable> all = new ArrayList<>();
      try {
        all.add(new FileOutputStream(file(input[1])));
        all.add(new FileInputStream(file(input[0])));
        all.add(new FileInputStream(file(output[0])));
        all.add(new FileOutputStream(file(output[1])));
        all.add(new FileInputStream(file(errors[0])));
      } catch (IOException e) {
        close(all);
        throw e;
      }
      return new Ends(
          (OutputStream) all.get(0),
          (InputStream) all.get(1),
          (InputStream) all.get(2),
          (OutputStream) all.get(3),
          (InputStream) all.get(4));
    }

    void close() {
      close(List.of(input, unread, output, last, errors));
    }

    private static void close(List<Closeable> all) {
      for (Closeable one : all) {
        try {
          one.close();
        } catch (IOException e) {
          // Nothing was written to it.
        }
      }
    }
  }

  private DirectChild(SystemCalls system, int pid, Ends ends) {
    this.system = system;
    this.pid = pid;
    this.ends = ends;
  }

  static Process start(
      SystemCalls system,
      DirectControl control,
      List<String> command,
      String queue,
      int slot,
      String key)
      throws IOException, CommandUnusableException {
    List<byte[]> arguments = command.stream().map(SystemText::bytes).toList();
    String file = control.nextFile();
    List<byte[]> variables =
        List.of(
            SystemText.bytes("PIECEWORK_QUEUE=" + queue),
            SystemText.bytes("PIECEWORK_SLOT=" + slot),
            SystemText.bytes("PIECEWORK_CHILD=" + control.path(file)));
    SystemCalls.Room room = system.room(CallerEnvironment.from(system.environment(), NAMES));
    List<Integer> open = new ArrayList<>();
    int pid = 0;
    Ends ends = null;
    control.beginStart();
    try {
      int[] input = pipe(system, open);
      int[] output = pipe(system, open);
      int[] errors = pipe(system, open);
      ends = Ends.open(input, output, errors);
      int[] streams = {input[0], output[1], errors[1]};
      pid = control.start(file, () -> room.start(arguments, variables, streams));
      Optional<List<byte[]>> script = ProgramFile.asScript(arguments, -pid);
      if (script.isPresent()) {
        pid = control.start(file, () -> room.start(script.get(), variables, streams));
      }
    } catch (IOException e) {
      throw new NotStartedException(String.valueOf(e.getMessage()));
    } finally {
      open.forEach(system::close);
      if (pid <= 0 && ends != null) {
        ends.close();
      }
      control.endStart();
    }
    if (pid < 0) {
      ProgramFile.refuse(arguments, -pid);
    }
    DirectChild child = new DirectChild(system, pid, ends);
    Thread.ofPlatform().daemon().name("piecework-child-end").start(() -> child.awaitEnd(key));
    return child;
  }

  private static int[] pipe(SystemCalls system, List<Integer> open) throws IOException {
    int[] both = system.pipe();
    open.add(both[0]);
    open.add(both[1]);
    return both;
  }

  private static String file(int descriptor) {
    return "/proc/self/fd/" + descriptor;
  }

  private void awaitEnd(String key) {
    status = SystemCalls.status(system.awaitEnd(pid));
    try (OutputStream last = ends.last();
        InputStream unread = ends.unread()) {
      last.write(("\n" + key + " " + status + "\n").getBytes(StandardCharsets.US_ASCII));
      long count = 0;
      byte[] buffer = new byte[8192];
      int read;
      while ((read = unread.read(buffer)) > 0) {
        count += read;
      }
      last.write((key + " " + count + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException nobodyListens) {
      // Its output was closed on our side: what it did is known by then.
    } finally {
      end.complete(this);
    }
  }

  @Override
  public OutputStream getOutputStream() {
    return ends.input();
  }

  @Override
  public InputStream getInputStream() {
    return ends.output();
  }

  @Override
  public InputStream getErrorStream() {
    return ends.errors();
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public boolean isAlive() {
    return !end.isDone();
  }

  @Override
  public CompletableFuture<Process> onExit() {
    return end.copy();
  }

  @Override
  public int waitFor() {
    end.join();
    return status;
  }

  @Override
  public int exitValue() {
    if (isAlive()) {
      throw new IllegalThreadStateException("process " + pid + " has not ended");
    }
    return status;
  }

  @Override
  public void destroy() {
    system.kill(pid, SystemCalls.SIGTERM);
  }
}
