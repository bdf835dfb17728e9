package dev.piecework.fake;

import dev.piecework.StopEarly;
import org.jspecify.annotations.Nullable;

/**
 * What a bag is stopped early by.
 *
 * @param unburied items that are not dead
 */
record StopReason(long done, long dead, long unburied, boolean open) {
  @Nullable String by(StopEarly rule, FailureLog failures) {
    boolean stops =
        switch (rule) {
          case StopEarly.Off off -> false;
          case StopEarly.Auto auto -> done == 0 && failures.isInVain();
          case StopEarly.DeadItems(long most) -> dead > most;
          case StopEarly.DeadShare(double percent) -> {
            long known = dead + unburied;
            long of = open ? Math.max(known, StopEarly.DeadShare.KNOWN_WHILE_OPEN) : known;
            yield dead * 100.0 > percent * (double) of;
          }
        };
    return stops
        ? rule instanceof StopEarly.Auto ? "all fail for one cause" : dead + " items are dead"
        : null;
  }
}
