package dev.piecework.worker.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.worker.process.EveryStarter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LastGuardTest {
  @TempDir Path folder;

  /** What each start has answered. */
  private final List<Integer> starts = new ArrayList<>();

  private boolean full;

  @BeforeEach
  void allowTheCLibrary() {
    EveryStarter.leaveToTheSystem();
  }

  private final class Watched extends ForwardingSystemCalls {
    @Override
    public Room room(List<byte[]> environment) {
      Room room = super.room(environment);
      return new Room() {
        @Override
        public void in(byte @Nullable [] folder) {
          room.in(folder);
        }

        @Override
        public int start(List<byte[]> arguments, List<byte[]> variables, int... streams) {
          int pid = full ? -Errno.EAGAIN : room.start(arguments, variables, streams);
          starts.add(pid);
          return pid;
        }

        @Override
        public int await(int millis, int first, int second, int third) {
          return room.await(millis, first, second, third);
        }

        @Override
        public int read(int descriptor, byte[] into) {
          return room.read(descriptor, into);
        }
      };
    }
  }

  @Test
  void aGuardWhoseRestartFailedIsStartedAgainAtTheNextLook() throws Exception {
    Watched system = new Watched();
    try (SessionTable table = new SessionTable(system)) {
      LastGuard guard = LastGuard.over(system, table, folder).orElseThrow();
      system.kill(starts.getFirst(), SystemCalls.SIGKILL);
      assertThat(system.awaitEnd(starts.getFirst())).isEqualTo(-SystemCalls.SIGKILL);
      full = true;
      guard.look();
      guard.look();
      full = false;
      guard.look();
      assertThat(starts).hasSize(4);
      assertThat(starts.getLast()).isPositive();
      assertThat(system.hasEnded(starts.getLast())).isFalse();

      guard.close();
      guard.look();
      assertThat(starts).as("starts after it was closed").hasSize(4);
    }
  }
}
