package dev.piecework.cli.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Linux tells, and what people write. */
class MachineTest {

  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void theLoadIsWhatRunsNowOrRanInTheLastMinute() throws IOException {
    write("proc/loadavg", "0.50 2.00 3.00 4/812 12345\n");
    assertThat(new Machine(root).load()).isEqualTo(3);
    write("proc/loadavg", "7.25 2.00 3.00 4/812 12345\n");
    assertThat(new Machine(root).load()).isEqualTo(7.25);
  }

  @Test
  void freeIsWhatTheMachineHasOrTheContainerIfLess() throws IOException {
    assertThat(new Machine(root).tellsMemory()).isFalse();
    write("proc/meminfo", "MemTotal: 16000 kB\nMemFree: 100 kB\nMemAvailable:    8000 kB\n");
    assertThat(new Machine(root).tellsMemory()).isTrue();
    assertThat(new Machine(root).free()).isEqualTo(8_000 << 10);
    write("proc/self/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/a/b/memory.max", "max\n");
    write("sys/fs/cgroup/a/b/memory.current", "900000\n");
    write("sys/fs/cgroup/a/b/memory.stat", "anon 5\ninactive_file 200000\n");
    assertThat(new Machine(root).free()).isEqualTo(8_000 << 10);
    write("sys/fs/cgroup/a/b/memory.max", "1000000\n");
    assertThat(new Machine(root).free()).isEqualTo(300_000);
  }

  @Test
  void theOlderGroupsAreReadToo() throws IOException {
    write("proc/meminfo", "MemAvailable: 8000 kB\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "600000\n");
    write("sys/fs/cgroup/memory/memory.stat", "total_inactive_file 100000\n");
    assertThat(new Machine(root).free()).isEqualTo(500_000);
  }

  @Test
  void slotsAreANumberAShareOrMoreThanTheProcessors() {
    assertThat(SlotsOption.count("auto", 8)).isEqualTo(8);
    assertThat(SlotsOption.count("3", 8)).isEqualTo(3);
    assertThat(SlotsOption.count("50%", 8)).isEqualTo(4);
    assertThat(SlotsOption.count("10%", 2)).isEqualTo(1);
    assertThat(SlotsOption.count("+2", 8)).isEqualTo(10);
    for (String wrong : new String[] {"0", "0%", "-1", "+2%", "x", "", "99999999", "1.5"}) {
      assertThatThrownBy(() -> SlotsOption.count(wrong, 8)).isInstanceOf(Refusal.class);
    }
  }

  @Test
  void aLoadIsANumberOrAShareOfTheProcessors() {
    assertThat(ThrottleOptions.most("8", 2)).isEqualTo(8);
    assertThat(ThrottleOptions.most("80%", 4)).isEqualTo(3.2);
    for (String wrong : new String[] {"0", "0%", "-1", "x", ""}) {
      assertThatThrownBy(() -> ThrottleOptions.most(wrong, 8)).isInstanceOf(Refusal.class);
    }
  }
}
