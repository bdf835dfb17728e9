package dev.piecework.cli.run;

import dev.piecework.worker.process.OwnProcesses;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Background actor of a JVM that is process 1 of a container: waits for the dead orphans that the
 * kernel has given it, which else would stay as zombies until no process can be started any more.
 *
 * <p>The JVM waits for its own children by itself, each by its number, and for no others.
 */
public final class OrphanReaper {

  private static final long PAUSE_MILLIS = 500;
  private static final int WNOHANG = 1;

  private final MethodHandle waitpid;

  @SuppressWarnings("restricted") // a number in, a number out: no memory is touched
  private OrphanReaper() {
    Linker linker = Linker.nativeLinker();
    this.waitpid =
        linker.downcallHandle(
            linker.defaultLookup().find("waitpid").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
  }

  /** Starts it where this process is process 1. */
  public static void startAsInit() {
    if (ProcessHandle.current().pid() == 1 && Files.isDirectory(Path.of("/proc/1"))) {
      Thread.ofPlatform().daemon().name("piecework-orphans").start(() -> new OrphanReaper().run());
    }
  }

  private void run() {
    try {
      while (true) {
        if (!deadChildren().isEmpty()) {
          OwnProcesses.whileNoneStarts(
              own -> deadChildren().stream().filter(pid -> !own.test(pid)).forEach(this::reap));
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private void reap(long pid) {
    try {
      int _ = (int) waitpid.invokeExact((int) pid, MemorySegment.NULL, WNOHANG);
    } catch (Throwable never) { // what a handle of a C function is declared to throw
      throw new IllegalStateException(never);
    }
  }

  private static List<Long> deadChildren() {
    List<Long> dead = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        if (isDeadChild(process)) {
          dead.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    } catch (IOException unreadable) {
      return List.of();
    }
    return dead;
  }

  private static boolean isDeadChild(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      // pid (name) state ppid ...; the name may hold anything, also ") ".
      String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3);
      return rest[0].equals("Z") && rest[1].equals("1");
    } catch (IOException | RuntimeException gone) {
      return false;
    }
  }
}
