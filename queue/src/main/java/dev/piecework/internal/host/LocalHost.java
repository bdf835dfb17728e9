package dev.piecework.internal.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What tells this running system, and its process numbers, from every other. */
public final class LocalHost {

  private static final String NAME = readName();
  private static final String IDENTITY = readIdentity();

  private LocalHost() {}

  public static String name() {
    return NAME;
  }

  /** Host name, boot and process-number space: a container shares the first two with its host. */
  public static String identity() {
    return IDENTITY;
  }

  /** When it started, to the millisecond; the epoch if that cannot be found out. */
  public static Instant started(ProcessHandle process) {
    return process
        .info()
        .startInstant()
        .map(start -> start.truncatedTo(ChronoUnit.MILLIS))
        .orElse(Instant.EPOCH);
  }

  private static String readName() {
    String name = System.getenv("HOSTNAME");
    if (name == null || name.isBlank()) {
      name = firstLine(Path.of("/proc/sys/kernel/hostname"));
    }
    return name.isBlank() ? "localhost" : name;
  }

  private static String readIdentity() {
    String pids;
    try {
      pids = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException | SecurityException absent) {
      pids = "";
    }
    String kernelName = firstLine(Path.of("/proc/sys/kernel/hostname"));
    return kernelName + "/" + firstLine(Path.of("/proc/sys/kernel/random/boot_id")) + "/" + pids;
  }

  private static String firstLine(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException | SecurityException absent) {
      return "";
    }
  }
}
