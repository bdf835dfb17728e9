package dev.piecework.worker.internal.spawn;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Supply;
import dev.piecework.worker.internal.call.Call;
import dev.piecework.worker.internal.call.CallBuilder;
import dev.piecework.worker.internal.call.CallEnd;
import dev.piecework.worker.internal.output.NotRecordedException;
import dev.piecework.worker.internal.output.ResultFileException;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandPlaces;
import dev.piecework.worker.process.CommandUnusableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One slot's spawner and what it shares with the others, from its first item to its last. */
public final class CommandSlot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CommandSlot.class);

  private final SharedRuntime runtime;
  private final Spawner spawner;
  private final CallBuilder builder;
  private final StartBackoff backoff;
  private final CommandConfig config;

  /**
   * @param slot from 1
   * @param nul records on standard input end with NUL
   */
  public CommandSlot(SharedRuntime runtime, CommandConfig config, int slot, boolean nul) {
    this.runtime = runtime;
    this.config = config;
    builder = new CallBuilder(config, slot, nul);
    backoff = new StartBackoff(runtime, config.stderr());
    try {
      SharedRuntime.Shared shared = runtime.join();
      spawner = shared.starter().spawner(shared, config, slot);
    } catch (IOException e) {
      throw new UncheckedIOException("commands cannot be run here: " + e.getMessage(), e);
    }
  }

  public CallBuilder builder() {
    return builder;
  }

  /** A call all of whose items were dropped is ended. */
  public CallEnd run(Call call, Supply supply) throws IOException, CommandUnusableException {
    CommandPlaces.CommandPlace place = place(call);
    boolean done = false;
    try {
      CallEnd ending =
          spawner.run(
              call.at(place).until(() -> call.attempts().stream().allMatch(supply::isDropped)));
      backoff.started();
      done = ending.ok();
      return ending;
    } finally {
      if (place != null) {
        place.after(done);
      }
    }
  }

  private CommandPlaces.@Nullable CommandPlace place(Call call) throws NotRecordedException {
    try {
      return config.places().before(call.attempts().getFirst(), call.slot());
    } catch (IOException full) {
      throw new NotRecordedException(full);
    }
  }

  /** Releases items whose call failed so that none of them is at fault. */
  public void giveBack(Exception failure, List<Attempt> attempts, Supply supply) {
    boolean passes = failure instanceof NotStartedException;
    try {
      // What is said is said first, or they would be leased again at once.
      if (failure instanceof ResultFileException unwritable) {
        config.results().unwritable().accept(unwritable);
      } else if (!passes && !(failure instanceof NotRecordedException)) {
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
      backoff.await(String.valueOf(failure.getMessage()));
    }
  }

  @Override
  public void close() {
    try {
      runtime.leave();
    } catch (IOException e) {
      log.warn("cleaning up after commands: {}", e.getMessage());
    }
  }
}
