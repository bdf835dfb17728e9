package dev.piecework.worker.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("process")
class SessionMembersTest {

  @Test
  void leftoversAreFoundWhereTheLastProcessIdThatTheSystemTellsIsNotOurs() throws Exception {
    Process leader =
        new ProcessBuilder("setsid", "/bin/sh", "-c", "sleep 1000 & echo $!; exec sleep 1000")
            .start();
    long member = 0;
    try (BufferedReader said = leader.inputReader(StandardCharsets.US_ASCII)) {
      member = Long.parseLong(said.readLine());
      long session = leader.pid();
      // As behind lxcfs: a count that stands still, or is of other processes.
      for (long told : new long[] {1, session + 1_000_000}) {
        assertThat(SessionMembers.hasLeftovers(session, told, told)).as("told %s", told).isTrue();
        assertThat(SessionMembers.hasLeftovers(session, told, told + 10))
            .as("told %s", told)
            .isTrue();
      }
      assertThat(SessionMembers.isRange(session, session - 1, session + 1, 64)).isTrue();
      assertThat(SessionMembers.isRange(session, session - 1, session + 100, 64)).isFalse();
      assertThat(SessionMembers.isRange(session, session, session + 1, 64)).isFalse();
    } finally {
      ProcessHandle.of(member).ifPresent(ProcessHandle::destroyForcibly);
      leader.destroyForcibly();
      assertThat(leader.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
