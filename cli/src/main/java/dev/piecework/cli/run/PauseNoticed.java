package dev.piecework.cli.run;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A loop of which it is heard when it pauses the queue itself, as it cannot start the command: that
 * is told from a pause by a person, which ends when that person likes.
 */
record PauseNoticed(SlotLoop loop, Consumer<String> paused) implements SlotLoop {

  @Override
  public void run(int slot, Supply supply) throws InterruptedException {
    loop.run(slot, new Heard(supply, paused));
  }

  private record Heard(Supply supply, Consumer<String> paused) implements Supply {

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
      return supply.isDropped(attempt);
    }

    @Override
    public boolean isEnding() {
      return supply.isEnding();
    }

    @Override
    public void pauseQueue(String reason) {
      supply.pauseQueue(reason);
      paused.accept(reason);
    }
  }
}
