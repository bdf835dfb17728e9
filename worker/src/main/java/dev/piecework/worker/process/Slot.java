package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Supply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One slot's spawner and what it shares with the others, from its first item to its last. */
final class Slot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Slot.class);

  private final Lifeline lifeline;
  private final Spawner spawner;
  private final Caller caller;
  private final Patience patience;
  private final CommandConfig config;

  Slot(Lifeline lifeline, CommandConfig config, boolean nul) {
    this.lifeline = lifeline;
    this.config = config;
    caller = new Caller(config, nul);
    patience = new Patience(lifeline, config.stderr());
    try {
      Lifeline.Shared shared = lifeline.join();
      spawner = shared.starter().spawner(shared, config);
    } catch (IOException e) {
      throw new UncheckedIOException("commands cannot be run here: " + e.getMessage(), e);
    }
  }

  Caller caller() {
    return caller;
  }

  /** A call all of whose items were dropped is ended. */
  Ending run(Call call, Supply supply) throws IOException, CommandUnusableException {
    Ending ending =
        spawner.run(call.until(() -> call.attempts().stream().allMatch(supply::isDropped)));
    patience.started();
    return ending;
  }

  /** Releases items whose call failed so that none of them is at fault. */
  void giveBack(Exception failure, List<Attempt> attempts, Supply supply) {
    boolean passes = failure instanceof NotStartedException;
    try {
      // What is said is said first, or they would be leased again at once.
      if (failure instanceof ResultFileException unwritable) {
        config.results().unwritable().accept(unwritable);
      } else if (!passes) {
        supply.pauseQueue(
            failure instanceof CommandUnusableException
                ? String.valueOf(failure.getMessage())
                : "a result of the command cannot be had whole: " + failure.getMessage());
      }
    } finally {
      // Also when the pause cannot be written: what is left in hand is charged.
      attempts.forEach(attempt -> supply.finish(attempt, Outcome.release()));
    }
    if (passes) {
      // Empty-handed: another machine may do them meanwhile.
      patience.await(String.valueOf(failure.getMessage()));
    }
  }

  @Override
  public void close() {
    try {
      lifeline.leave();
    } catch (IOException e) {
      log.warn("cleaning up after commands: {}", e.getMessage());
    }
  }
}
