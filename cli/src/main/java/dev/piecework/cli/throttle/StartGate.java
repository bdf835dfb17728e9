package dev.piecework.cli.throttle;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Supply;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets one slot after the other take an item, each when all rules allow a start. Who waits here has
 * asked for no item, so that none is leased for it: others may do it meanwhile.
 */
final class StartGate {

  /** How it is looked again whether something may start. */
  interface Pause {
    void await() throws InterruptedException;
  }

  private final ReentrantLock turn = new ReentrantLock(true);
  private final List<StartRule> rules;
  private final BooleanSupplier over;
  private final Consumer<String> notices;
  private final Pause pause;
  private boolean said;

  /**
   * @param over whether nothing more will come, so that a slot which waits would only hold up the
   *     end; asked now and then while one waits
   * @param notices is told why nothing starts, each time that it begins
   */
  StartGate(List<StartRule> rules, BooleanSupplier over, Consumer<String> notices, Pause pause) {
    this.rules = rules;
    this.over = over;
    this.notices = notices;
    this.pause = pause;
  }

  /** The next attempt, as {@link Supply#take}, when it may start. */
  @Nullable Attempt take(Supply supply) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      while (true) {
        awaitRules(supply);
        Attempt attempt = supply.take();
        if (attempt == null) {
          return null;
        }
        if (heldBack() == null) {
          rules.forEach(StartRule::started);
          return attempt;
        }
        // It came after a while, in which the machine has filled up.
        supply.finish(attempt, Outcome.release());
      }
    } finally {
      turn.unlock();
    }
  }

  private void awaitRules(Supply supply) throws InterruptedException {
    String why = heldBack();
    while (why != null && !supply.isEnding() && !over.getAsBoolean()) {
      if (!said && !why.isEmpty()) {
        said = true;
        notices.accept("no command starts for now: " + why);
      }
      pause.await();
      why = heldBack();
    }
    said = said && why != null;
  }

  private @Nullable String heldBack() {
    for (StartRule rule : rules) {
      String why = rule.heldBack();
      if (why != null) {
        return why;
      }
    }
    return null;
  }
}
