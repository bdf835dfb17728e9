package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import dev.piecework.worker.internal.call.CallEnd;
import dev.piecework.worker.internal.call.Records;
import dev.piecework.worker.internal.call.Verdict;
import dev.piecework.worker.internal.spawn.CommandSlot;
import dev.piecework.worker.internal.spawn.SharedRuntime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the command for up to N items at once. If a call with several fails, it is split in
 * halves, each a call of its own, until the failing item is alone; only a call with one item
 * charges an attempt. Items of a failed call are done again: a command that takes batches must bear
 * that, as any command must bear a second attempt.
 *
 * <p>Standard output of exactly as many lines (or NUL-terminated records) as items is split over
 * them, without the terminators; other output is kept once, with the first item, for all of them. A
 * batch is as large as its members, but a result above the limit fails the call.
 */
public final class BatchLoop implements SlotLoop {
  private final CommandConfig config;
  private final int size;
  private final boolean nul;
  private final SharedRuntime runtime = new SharedRuntime();

  /**
   * @param size the most items in one call, 1 to 1,000
   * @param nul records end with NUL instead of newline, in output and on standard input
   */
  public BatchLoop(CommandConfig config, int size, boolean nul) {
    if (size < 1 || size > 1000) {
      throw new IllegalArgumentException("batch: " + size + " is not in 1..1000");
    }
    this.config = config;
    this.size = size;
    this.nul = nul;
  }

  @Override
  public void run(int slot, Supply supply) throws InterruptedException {
    try (CommandSlot calls = new CommandSlot(runtime, config, slot + 1, nul)) {
      Attempt attempt;
      while (!Thread.currentThread().isInterrupted() && (attempt = supply.take()) != null) {
        List<Attempt> batch = new ArrayList<>(size);
        batch.add(attempt);
        if (size > 1) {
          batch.addAll(supply.more(size - 1));
        }
        batch(calls, batch, supply);
      }
    }
  }

  private void batch(CommandSlot calls, List<Attempt> batch, Supply supply) {
    try {
      List<Attempt> usable = new ArrayList<>(batch.size());
      for (Attempt attempt : batch) {
        Optional<Outcome> refusal = calls.builder().refusal(attempt, true);
        if (refusal.isPresent()) {
          supply.finish(attempt, refusal.get());
        } else {
          usable.add(attempt);
        }
      }
      if (!usable.isEmpty()) {
        call(calls, usable, supply);
      }
    } catch (CommandUnusableException e) {
      // It was found unusable before anything ran, so none of these was finished.
      calls.giveBack(e, batch, supply);
    }
  }

  private void call(CommandSlot calls, List<Attempt> batch, Supply supply)
      throws CommandUnusableException {
    if (Thread.currentThread().isInterrupted()) {
      batch.forEach(a -> supply.finish(a, Outcome.release()));
      return;
    }
    if (batch.size() > 1 && !calls.builder().fits(batch)) {
      halves(calls, batch, supply);
      return;
    }
    CallEnd ending;
    try {
      ending = calls.run(calls.builder().call(batch, true), supply);
    } catch (CommandUnusableException | IOException e) {
      calls.giveBack(e, batch, supply);
      return;
    }
    if (ending.cut() == CallEnd.Cut.INTERRUPT || ending.cut() == CallEnd.Cut.DROPPED) {
      batch.forEach(a -> supply.finish(a, Outcome.release()));
    } else if (ending.ok() && ending.output() != null) {
      done(batch, ending.output(), supply);
    } else if (batch.size() == 1) {
      supply.finish(batch.getFirst(), Verdict.of(ending, config));
    } else {
      halves(calls, batch, supply);
    }
  }

  private void halves(CommandSlot calls, List<Attempt> batch, Supply supply)
      throws CommandUnusableException {
    if (supply.isEnding()) {
      // Above all where everything fails, and so each of them would be charged.
      batch.forEach(a -> supply.finish(a, Outcome.release()));
      return;
    }
    int middle = (batch.size() + 1) / 2;
    call(calls, batch.subList(0, middle), supply);
    call(calls, batch.subList(middle, batch.size()), supply);
  }

  private void done(List<Attempt> batch, byte[] output, Supply supply) {
    Optional<List<byte[]>> records = Records.split(output, batch.size(), (byte) (nul ? 0 : '\n'));
    if (output.length == 0) {
      batch.forEach(a -> supply.finish(a, Outcome.done()));
    } else if (FileResult.isReference(output)) {
      // Of one item: what several have printed is not put into a file.
      supply.finish(batch.getFirst(), Outcome.done(output));
    } else if (records.isPresent()) {
      for (int i = 0; i < batch.size(); i++) {
        supply.finish(batch.get(i), Verdict.done(records.get().get(i)));
      }
    } else if (batch.size() == 1) {
      supply.finish(batch.getFirst(), Outcome.done(output));
    } else {
      String batchId = batch.getFirst().id();
      for (int i = 0; i < batch.size(); i++) {
        supply.finish(batch.get(i), new Outcome.Done(i == 0 ? output : null, batchId));
      }
    }
  }
}
