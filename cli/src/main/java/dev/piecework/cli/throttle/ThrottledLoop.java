package dev.piecework.cli.throttle;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A loop whose slots take what they work on through a gate. */
final class ThrottledLoop implements SlotLoop {

  private final SlotLoop loop;
  private final StartGate gate;
  private final YoungestFirst held;

  /**
   * @param held knows what runs, so that some of it can be given back
   */
  ThrottledLoop(SlotLoop loop, StartGate gate, YoungestFirst held) {
    this.loop = loop;
    this.gate = gate;
    this.held = held;
  }

  @Override
  public void run(int slot, Supply supply) throws InterruptedException {
    loop.run(slot, new GatedSupply(supply));
  }

  private final class GatedSupply implements Supply {

    private final Supply supply;

    GatedSupply(Supply supply) {
      this.supply = supply;
    }

    @Override
    public @Nullable Attempt take() throws InterruptedException {
      Attempt attempt = gate.take(supply);
      if (attempt != null) {
        held.begun(attempt);
      }
      return attempt;
    }

    /** They belong to the call that was let through, or go to a child that runs. */
    @Override
    public List<Attempt> more(int max) throws InterruptedException {
      return supply.more(max);
    }

    @Override
    public void finish(Attempt attempt, Outcome outcome) {
      held.ended(attempt);
      supply.finish(attempt, outcome);
    }

    @Override
    public boolean isDropped(Attempt attempt) {
      return supply.isDropped(attempt) || held.isGivenBack(attempt);
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
