package dev.piecework.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.SessionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStatesTest {

  @TempDir Path proc;

  private ProcessStates states;

  @BeforeEach
  void someProcesses() throws IOException {
    states = new ProcessStates(proc);
    process(1, "1 (init) S 0 1 1 0");
  }

  @Test
  void aZombieIsDeadWhateverItsNameSays() throws IOException {
    process(7, "7 (a) S (b) Z 1 7 7 0");
    process(8, "8 (java) X 1 8 8 0");
    process(9, "9 (a) Z ) S 1 9 9 0");
    assertThat(states.isDead(7)).isTrue();
    assertThat(states.isDead(8)).isTrue();
    assertThat(states.isDead(9)).isFalse();
  }

  @Test
  void whatIsNotThereIsDead() {
    assertThat(states.isDead(7)).isTrue();
  }

  @Test
  void whatThisUserMayNotReadOfIsNotTakenForDead() throws IOException {
    Files.createDirectories(proc.resolve("7/stat")); // hidepid=1: it is there and cannot be read
    assertThat(states.isDead(7)).isFalse();
  }

  @Test
  void whatThisUserMayNotSeeIsNotTakenForDead() throws IOException {
    Files.delete(proc.resolve("1/stat")); // hidepid=2: neither this one nor 7 is to be seen
    Files.delete(proc.resolve("1"));
    assertThat(states.isDead(7)).isFalse();
  }

  @Test
  void aLaterProcessOfTheSameNumberIsNotTheOneThatHeldTheSession() {
    SessionInfo self = SessionInfo.local("me", 1);
    assertThat(self.isKnownDead()).isFalse();
    assertThat(startedEarlier(self, 60_000).isKnownDead()).isTrue();
    assertThat(startedEarlier(self, self.started().toEpochMilli()).isKnownDead())
        .as("start not known")
        .isFalse();
  }

  private static SessionInfo startedEarlier(SessionInfo self, long millis) {
    return new SessionInfo("me", 1, self.host(), self.pid(), self.started().minusMillis(millis));
  }

  private void process(int pid, String stat) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    Files.writeString(folder.resolve("stat"), stat + "\n");
  }
}
