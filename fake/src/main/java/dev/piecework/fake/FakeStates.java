package dev.piecework.fake;

import dev.piecework.QueueState;
import java.util.List;

/** In which state a bag is. Guarded by it. */
final class FakeStates {

  private static final long DEFAULT_RESULTS_MAX = 1L << 30;

  private final FakeBag bag;

  FakeStates(FakeBag bag) {
    this.bag = bag;
  }

  QueueState state(RunSeen seen) {
    bag.sources.lookAtAll();
    String asked = seen.run;
    if (asked != null && !asked.equals(bag.run)) {
      EndedRuns.Ended last = bag.runs.get(asked);
      if (last == null) {
        return new QueueState.Lost(lostRun(asked) + " is not known: its data was lost");
      }
      switch (last.how()) {
        case PURGED -> {
          return new QueueState.Lost(lostRun(asked) + " was purged");
        }
        case DRAINED -> {
          if (!seen.options.followsRuns() || bag.run == null) {
            return drained(seen, asked, last);
          }
          seen.run = bag.run;
        }
        case EMPTY -> seen.run = bag.run;
      }
    }
    String current = bag.run;
    if (current == null) {
      return new QueueState.NeverFilled();
    }
    seen.run = current;
    boolean nothingLeft =
        bag.waiting.waiting() + bag.waiting.delayed() + bag.leased() == 0
            && !bag.sources.isAnyOpen();
    if (nothingLeft && bag.ended == null) {
      List<String> vanished = bag.sources.vanished();
      if (!vanished.isEmpty()) {
        return new QueueState.Incomplete(vanished);
      }
      bag.end(current);
    }
    if (bag.ended != null) {
      return drained(
          seen,
          current,
          new EndedRuns.Ended(EndedRuns.How.DRAINED, bag.done, bag.dead.size(), bag.withdrawn));
    }
    return stateOfWork();
  }

  private QueueState stateOfWork() {
    if (bag.pausedFor != null) {
      return new QueueState.Paused(bag.pausedFor);
    }
    long most =
        bag.settings().resultsMax() == 0 ? DEFAULT_RESULTS_MAX : bag.settings().resultsMax();
    if (bag.results.bytes() >= most) {
      return new QueueState.ResultsFull(bag.results.bytes(), most);
    }
    boolean due = bag.waiting.nextDue().filter(next -> !next.isAfter(bag.now())).isPresent();
    return bag.waiting.waiting() > 0 || due ? new QueueState.Ready() : bag.sources.waitingFor();
  }

  private String lostRun(String asked) {
    return "run " + asked + " of queue '" + bag.name + "'";
  }

  private static QueueState drained(RunSeen seen, String run, EndedRuns.Ended last) {
    long finished = last.done() + last.dead();
    long expected = seen.options.expect();
    return finished + last.withdrawn() < expected
        ? new QueueState.Lost(
            "the run has " + finished + " items, but " + expected + " were expected")
        : new QueueState.Drained(run, last.done(), last.dead());
  }
}
