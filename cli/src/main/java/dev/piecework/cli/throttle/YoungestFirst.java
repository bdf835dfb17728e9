package dev.piecework.cli.throttle;

import dev.piecework.worker.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What runs, in the order of its start, so that the youngest can be ended and given back. */
final class YoungestFirst {

  private final List<Attempt> running = new ArrayList<>();
  private final List<Attempt> givenBack = new ArrayList<>();

  synchronized void begun(Attempt attempt) {
    running.add(attempt);
  }

  synchronized void ended(Attempt attempt) {
    remove(running, attempt);
    remove(givenBack, attempt);
  }

  /** One equals another of the same item. */
  @SuppressWarnings("ReferenceEquality")
  private static void remove(List<Attempt> from, Attempt attempt) {
    from.removeIf(one -> one == attempt);
  }

  /**
   * Has the youngest ended, and its item given back. The last one goes on: an item that needs more
   * than there is would else never end. One that is still ending frees something soon.
   *
   * @return the one that is ended
   */
  synchronized Optional<Attempt> giveBackYoungest() {
    if (running.size() < 2 || !givenBack.isEmpty()) {
      return Optional.empty();
    }
    Attempt youngest = running.getLast();
    givenBack.add(youngest);
    return Optional.of(youngest);
  }

  /** Asked now and then by whoever runs it. */
  @SuppressWarnings("ReferenceEquality")
  synchronized boolean isGivenBack(Attempt attempt) {
    return givenBack.stream().anyMatch(one -> one == attempt);
  }
}
