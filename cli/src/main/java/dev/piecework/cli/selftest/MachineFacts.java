package dev.piecework.cli.selftest;

import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.Version;
import dev.piecework.embedded.EmbeddedRedis;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What this machine, or this container, is and allows.
 *
 * @param root where the system's files are; / but in tests
 */
record MachineFacts(Path root, Map<String, String> environment, InstantSource clock) {

  private static final List<String> LIMITS =
      List.of("Max open files", "Max processes", "Max address space", "Max file size");

  /** By name, in the order in which they are shown. */
  Map<String, String> all() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", Version.text());
    facts.put("commit", Version.commit());
    facts.put("java", Version.java());
    facts.put("redis", Version.redis(environment));
    facts.put("system", system());
    facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", memory());
    facts.put("load", first("proc/loadavg", "unknown"));
    facts.put("cgroup", cgroup());
    facts.put("limits", limits());
    facts.put("shm", space(root.resolve("dev/shm")));
    facts.put("tmp", space(Path.of(System.getProperty("java.io.tmpdir", "/tmp"))));
    facts.put("state", space(EmbeddedRedis.stateFolder(environment)));
    facts.put("locale", locale());
    facts.put("clock", clock.instant() + " (" + ZoneId.systemDefault() + ")");
    return facts;
  }

  private String system() {
    String name = "";
    for (String line : lines("etc/os-release")) {
      if (line.startsWith("PRETTY_NAME=")) {
        name = ", " + line.substring("PRETTY_NAME=".length()).replace("\"", "");
      }
    }
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch")
        + name;
  }

  private String memory() {
    String all = "unknown";
    String available = "unknown";
    for (String line : lines("proc/meminfo")) {
      String figure = line.replaceAll("\\D", "");
      if (line.startsWith("MemTotal:")) {
        all = Figures.bytes(Long.parseLong(figure) << 10);
      } else if (line.startsWith("MemAvailable:")) {
        available = Figures.bytes(Long.parseLong(figure) << 10);
      }
    }
    return all
        + ", "
        + available
        + " available; Java's heap at most "
        + Figures.bytes(Runtime.getRuntime().maxMemory());
  }

  /** As a container sees them: its own group is the root of what is mounted. */
  private String cgroup() {
    Path groups = root.resolve("sys/fs/cgroup");
    boolean two = Files.exists(groups.resolve("cgroup.controllers"));
    String own = "";
    for (String line : lines("proc/self/cgroup")) {
      if (line.startsWith("0::/")) {
        own = line.substring("0::/".length());
      }
    }
    String in = Files.isDirectory(groups.resolve(own)) && !own.isEmpty() ? own + "/" : "";
    return two
        ? "v2"
            + limit(", cpu ", in + "cpu.max")
            + limit(", memory ", in + "memory.max")
            + limit(", processes ", in + "pids.max")
        : "v1"
            + limit(", cpu quota ", "cpu/cpu.cfs_quota_us")
            + limit(" of ", "cpu/cpu.cfs_period_us")
            + limit(", memory ", "memory/memory.limit_in_bytes")
            + limit(", processes ", "pids/pids.max");
  }

  private String limit(String name, String file) {
    String value = first("sys/fs/cgroup/" + file, "");
    // Version 1 writes the largest number of pages for none.
    boolean none = value.equals("-1") || value.equals("max") || value.length() == 19;
    return value.isEmpty() ? "" : name + (none ? "unlimited" : value);
  }

  private String limits() {
    StringBuilder text = new StringBuilder();
    for (String line : lines("proc/self/limits")) {
      for (String name : LIMITS) {
        if (line.startsWith(name)) {
          String soft = line.substring(name.length()).strip().split(" +", -1)[0];
          text.append(text.isEmpty() ? "" : ", ")
              .append(name.substring("Max ".length()))
              .append(' ')
              .append(soft);
        }
      }
    }
    return text.isEmpty() ? "unknown" : text.toString();
  }

  private static String space(Path folder) {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      FileStore store = Files.getFileStore(there);
      return folder
          + " on "
          + store.type()
          + ", "
          + Figures.bytes(store.getUsableSpace())
          + " free of "
          + Figures.bytes(store.getTotalSpace());
    } catch (IOException unknown) {
      return folder + ": " + unknown.getMessage();
    }
  }

  private String locale() {
    // The launcher sets another for Java, and keeps what it found.
    String caller = System.getProperty("piecework.caller.locale", "");
    String found =
        caller.isEmpty()
            ? "LC_ALL=" + environment.getOrDefault("LC_ALL", "")
            : caller.contains("=") ? caller : "LC_ALL not set";
    return found
        + ", LANG="
        + environment.getOrDefault("LANG", "")
        + "; "
        + Locale.getDefault()
        + ", file names in "
        + System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name());
  }

  private String first(String file, String otherwise) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? otherwise : lines.getFirst().strip();
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(root.resolve(file));
    } catch (IOException | RuntimeException elsewhere) {
      return List.of();
    }
  }
}
