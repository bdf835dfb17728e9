package dev.piecework.worker.internal.spawn;

import static dev.piecework.worker.process.CommandTrial.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.call.Call;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.internal.session.SystemText;
import dev.piecework.worker.internal.session.Watch;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandTemplate;
import dev.piecework.worker.process.SessionControl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shells of whose start nobody can be told. */
@Timeout(60)
class ShellStartsTest {

  /** A guard that cannot be had, for want of processes. */
  private static final class NoGuard implements SessionControl {
    private final List<Long> asked = new ArrayList<>();

    @Override
    public void add(long session) throws IOException {
      asked.add(session);
      throw new IOException("no process");
    }

    @Override
    public void remove(long session) {}

    @Override
    public void terminate(long session) {}

    @Override
    public void kill(long session) {}

    @Override
    public boolean hasLeftovers(long session) {
      return false;
    }

    @Override
    public void close() {}
  }

  private final NoGuard control = new NoGuard();

  private void awaitNoShell() {
    assertThat(control.asked).hasSize(1);
    await().until(() -> ProcessHandle.of(control.asked.getFirst()).isEmpty());
  }

  @Test
  void aShellOfWhichTheGuardDoesNotKnowIsEnded() throws Exception {
    try (Scratch scratch = Scratch.open();
        Watch watch = new Watch()) {
      SharedRuntime.Shared shared =
          new SharedRuntime.Shared(new Starter.ByShell(control), scratch, watch);
      CommandConfig config = config(CommandTemplate.of(List.of("true")));
      Call call =
          new Call(
              List.of(SystemText.bytes("/bin/true")),
              List.of(new Attempt("1", new byte[0], 1, 1)),
              1,
              null,
              null,
              () -> false);
      assertThatThrownBy(() -> new ShellSpawner(shared, config, 1).run(call))
          .isInstanceOf(NotStartedException.class);
    }
    awaitNoShell();
  }

  @Test
  void aShellForAChildOfWhichTheGuardDoesNotKnowIsEnded() {
    assertThatThrownBy(() -> ShellChild.start(control, List.of("true"), "jobs", 1, "key"))
        .as("passing trouble, for which no queue is paused")
        .isInstanceOf(NotStartedException.class);
    awaitNoShell();
  }
}
