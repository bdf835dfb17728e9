package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Starts the command once for each item.
 *
 * <p>Exit code 0 is done with standard output as the result (none if it is empty), 65 buries, 75 is
 * not yet, 126 and 127 give the item back and pause the queue, anything else, a signal and the
 * timeout are a failed attempt. A result above the limit buries: it would be as long the next time.
 * The item ends when the command ends; what is then left of its process group is killed. (xargs
 * would let it run on; a pod that has finished would not: the same bag does the same in both. What
 * is meant to stay takes a session of its own, with setsid.)
 */
public final class CommandLoop implements SlotLoop {
  private final CommandConfig config;
  private final Lifeline lifeline = new Lifeline();

  public CommandLoop(CommandConfig config) {
    this.config = config;
  }

  @Override
  public void run(int slot, Supply supply) throws InterruptedException {
    try (Slot calls = new Slot(lifeline, config, slot, false)) {
      Attempt attempt;
      while (!Thread.currentThread().isInterrupted() && (attempt = supply.take()) != null) {
        one(calls, attempt, supply);
      }
    }
  }

  private void one(Slot calls, Attempt attempt, Supply supply) {
    Outcome outcome;
    try {
      Optional<Outcome> refusal = calls.caller().refusal(attempt, false);
      if (refusal.isPresent()) {
        outcome = refusal.get();
      } else {
        Ending ending = calls.run(calls.caller().call(List.of(attempt), false));
        outcome = Verdict.of(ending, config);
        if (ending.notStarted()) {
          supply.pauseQueue(Verdict.cannotStart(ending, config));
        }
      }
    } catch (CommandUnusableException e) {
      outcome = Outcome.release();
      supply.pauseQueue(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      outcome = Outcome.retry("the command could not be run: " + e.getMessage());
    }
    supply.finish(attempt, outcome);
  }
}
