package dev.piecework.job.process;

import static dev.piecework.job.process.JobOnThisMachine.manifest;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is removed at the begin and the end of a Job, and what is not. */
final class RunFolderTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path state;
  private final List<String> notices = new ArrayList<>();

  private RunFolder take(String job, int second) throws Exception {
    return RunFolder.take(
            state.resolve("jobs"), job, "uid-" + second, START.plusSeconds(second), notices::add)
        .orElseThrow();
  }

  private static Path log(RunFolder of) throws Exception {
    Files.createDirectories(of.logs());
    return Files.writeString(of.logs().resolve("pod.log"), "said");
  }

  /** Guards against: the time to live of the last run of a name removes what this one says. */
  @Test
  void theLogsOfARunningJobStayWhenAnotherBegins() throws Exception {
    try (RunFolder first = take("j", 0)) {
      first.expireLogs(START.plusSeconds(5), START);
    }
    try (RunFolder second = take("j", 1)) {
      Path log = log(second);
      take("other", 10).close();
      assertThat(log).hasContent("said");
    }
    take("other", 20).close();
    assertThat(state.resolve("jobs/j/logs/pod.log")).hasContent("said");
  }

  @Test
  void logsThatExpireGoWhenNobodyHoldsTheirFolder() throws Exception {
    Path log;
    try (RunFolder ending = take("j", 0)) {
      log = log(ending);
      ending.expireLogs(START.plusSeconds(5), START);
      take("other", 10).close();
      assertThat(log).exists();
    }
    take("other", 5).close();
    assertThat(log).exists();
    take("other", 6).close();
    assertThat(log).doesNotExist();
  }

  /** Guards against: a disk that was full once lets no Job begin any more. */
  @Test
  void aTimeThatWasWrittenInPartKeepsNoJobFromBeginning() throws Exception {
    take("j", 0).close();
    Files.writeString(state.resolve("jobs/j/expires"), "2026-0");
    take("other", 1).close();
    assertThat(state.resolve("jobs/j/expires")).doesNotExist();
  }

  /** Guards against: a Job that is Complete fails, and each one after it, for a folder in /tmp. */
  @Test
  void aMountPointThatCannotBeRemovedIsNoFaultOfAJob() throws Exception {
    String stays = "/proc/self/task";
    Path first = Files.createDirectory(state.resolve("first"));
    Path last = Files.createDirectory(state.resolve("last"));
    Path list = Files.createDirectories(state.resolve("jobs")).resolve("mountpoints");
    Files.writeString(list, first + "\0" + stays + "\0" + last + "\0");
    for (int i = 0; i < 2; i++) {
      JobOnThisMachine job = new JobOnThisMachine(state, manifest("", "Never", "true"));
      assertThat(job.finish().isComplete()).isTrue();
      assertThat(first).doesNotExist();
      assertThat(last).doesNotExist();
      assertThat(list).hasContent(stays + "\0");
    }
  }
}
