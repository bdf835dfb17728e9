package dev.piecework.cli.run;

import dev.piecework.cli.verb.Signals;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop whose commands do not run on when the worker ends: they are ended, and their items given
 * back. Who is told to stop by a signal has the grace period all the same.
 */
record EndsAtOnce(SlotLoop loop) implements SlotLoop {

  @Override
  public void run(int slot, Supply supply) throws InterruptedException {
    loop.run(slot, new Ended(supply));
  }

  private record Ended(Supply supply) implements Supply {

    @Override
    public @Nullable Attempt take() throws InterruptedException {
      return supply.take();
    }

    @Override
    public List<Attempt> more(int max) throws InterruptedException {
      return supply.more(max);
    }

    @Override
    public void finish(Attempt attempt, Outcome outcome) {
      supply.finish(attempt, outcome);
    }

    @Override
    public boolean isDropped(Attempt attempt) {
      return supply.isDropped(attempt) || (supply.isEnding() && !Signals.received());
    }

    @Override
    public boolean isEnding() {
      return supply.isEnding();
    }

    @Override
    public void pauseQueue(String reason) {
      supply.pauseQueue(reason);
    }
  }
}
