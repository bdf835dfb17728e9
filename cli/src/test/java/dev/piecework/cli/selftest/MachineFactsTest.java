package dev.piecework.cli.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFactsTest {

  @TempDir Path root;

  private Map<String, String> facts() {
    return new MachineFacts(
            root,
            Map.of("LANG", "de_DE.UTF-8", "PIECEWORK_REDIS_SERVER", "bundled"),
            InstantSource.fixed(Instant.EPOCH))
        .all();
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void whatTheSystemDoesNotTellIsUnknown() {
    assertThat(facts()).containsEntry("load", "unknown").containsEntry("limits", "unknown");
  }

  @Test
  void theLimitsOfAContainerAreTold() throws IOException {
    write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
    write("proc/self/cgroup", "0::/a.slice\n");
    write("sys/fs/cgroup/a.slice/cpu.max", "200000 100000\n");
    write("sys/fs/cgroup/a.slice/memory.max", "536870912\n");
    write("sys/fs/cgroup/a.slice/pids.max", "max\n");

    assertThat(facts())
        .containsEntry("cgroup", "v2, cpu 200000 100000, memory 536870912, processes unlimited");
  }

  @Test
  void theLimitsOfVersion1AreTold() throws IOException {
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

    assertThat(facts())
        .containsEntry("cgroup", "v1, cpu quota unlimited of 100000, memory unlimited");
  }

  @Test
  void theSoftLimitsOfTheProcessAreTold() throws IOException {
    write(
        "proc/self/limits",
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             96364                96364                processes
        Max open files            1024                 524288               files
        """);

    assertThat(facts()).containsEntry("limits", "processes 96364, open files 1024");
  }

  @Test
  void theBundledRedisIsTold() {
    assertThat(facts().get("redis")).matches("7\\.\\d+\\.\\d+ \\(bundled\\)");
  }
}
