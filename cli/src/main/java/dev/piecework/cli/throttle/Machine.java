package dev.piecework.cli.throttle;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is free of the machine, or of the container: as Linux tells it in files.
 *
 * @param root where those files are; / but in tests
 */
record Machine(Path root) {

  static final Machine HERE = new Machine(Path.of("/"));

  /**
   * How many processes want a processor: those that run or could now, but for this one, or the
   * average of the last minute if that is more.
   */
  double load() {
    try {
      String[] words = Files.readString(root.resolve("proc/loadavg")).split("[ /]", -1);
      return Math.max(Double.parseDouble(words[0]), Integer.parseInt(words[3]) - 1);
    } catch (IOException | RuntimeException elsewhere) {
      return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
  }

  /** Whether {@link #free} is known. */
  boolean tellsMemory() {
    return Files.isReadable(root.resolve("proc/meminfo"));
  }

  /** Bytes that programs can have without swapping: of the machine, of the container if less. */
  long free() {
    long machine = ofMachine();
    return Math.min(machine, ofGroup().orElse(machine));
  }

  private long ofMachine() {
    try {
      for (String line : Files.readAllLines(root.resolve("proc/meminfo"))) {
        if (line.startsWith("MemAvailable:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException | RuntimeException elsewhere) {
      // Then nothing is held back.
    }
    return Long.MAX_VALUE;
  }

  /** Of the group that limits this process: the file system of groups, version 2 or 1. */
  private OptionalLong ofGroup() {
    Path two = root.resolve("sys/fs/cgroup");
    OptionalLong own = ofGroup(own(two), "memory.max", "memory.current", "inactive_file");
    if (own.isPresent()) {
      return own;
    }
    return ofGroup(
        two.resolve("memory"),
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        "total_inactive_file");
  }

  /** In a container the own group is the root of what is seen. */
  private Path own(Path groups) {
    try {
      for (String line : Files.readAllLines(root.resolve("proc/self/cgroup"))) {
        if (line.startsWith("0::/")) {
          Path own = groups.resolve(line.substring("0::/".length()));
          return Files.isDirectory(own) ? own : groups;
        }
      }
    } catch (IOException | RuntimeException elsewhere) {
      // Then it is the root.
    }
    return groups;
  }

  private static OptionalLong ofGroup(Path group, String max, String used, String cached) {
    try {
      // "max" is no limit, and no number.
      long limit = Long.parseLong(Files.readString(group.resolve(max)).strip());
      long now = Long.parseLong(Files.readString(group.resolve(used)).strip());
      List<String> parts = Files.readAllLines(group.resolve("memory.stat"));
      long dropped =
          parts.stream()
              .filter(line -> line.startsWith(cached + " "))
              .mapToLong(line -> Long.parseLong(line.substring(cached.length() + 1).strip()))
              .sum();
      return OptionalLong.of(Math.max(0, limit - now + dropped));
    } catch (IOException | RuntimeException none) {
      return OptionalLong.empty();
    }
  }
}
