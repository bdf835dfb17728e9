package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import dev.piecework.worker.internal.call.Verdict;
import dev.piecework.worker.internal.spawn.CommandSlot;
import dev.piecework.worker.internal.spawn.SharedRuntime;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Starts the command once for each item.
 *
 * <p>Exit code 0 is done with standard output as the result (none if it is empty), 65 buries, 75 is
 * not yet, anything else, a signal and the timeout are a failed attempt. A result above the limit
 * buries: it would be as long the next time. A command that cannot be started gives the item back
 * and pauses the queue, and so does a result that cannot be had whole; a system that starts nothing
 * at the moment is waited for.
 *
 * <p>The item ends when the command ends; what is then left of its process group is killed. (xargs
 * would let it run on; a pod that has finished would not: the same bag does the same in both. What
 * is meant to stay takes a session of its own, with setsid.)
 */
public final class CommandLoop implements SlotLoop {
  private final CommandConfig config;
  private final SharedRuntime runtime = new SharedRuntime();

  public CommandLoop(CommandConfig config) {
    this.config = config;
  }

  @Override
  public void run(int slot, Supply supply) throws InterruptedException {
    try (CommandSlot calls = new CommandSlot(runtime, config, slot + 1, false)) {
      Attempt attempt;
      while (!Thread.currentThread().isInterrupted() && (attempt = supply.take()) != null) {
        one(calls, attempt, supply);
      }
    }
  }

  private void one(CommandSlot calls, Attempt attempt, Supply supply) {
    try {
      Optional<Outcome> refusal = calls.builder().refusal(attempt, false);
      supply.finish(
          attempt,
          refusal.isPresent()
              ? refusal.get()
              : Verdict.of(
                  calls.run(calls.builder().call(List.of(attempt), false), supply), config));
    } catch (CommandUnusableException | IOException e) {
      calls.giveBack(e, List.of(attempt), supply);
    }
  }
}
