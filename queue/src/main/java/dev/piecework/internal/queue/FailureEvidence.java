package dev.piecework.internal.queue;

import dev.piecework.StopEarly;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the failures of a run since it began, or was resumed last, and what {@link
 * StopEarly} means by that. A value; pure.
 *
 * @param bag the items at this instant
 * @param done since then
 * @param attempts how many failed since then; 0 once something was done
 * @param items of how many different items, up to {@link #ITEMS}
 * @param causes how many attempts failed of each cause, of the first causes
 */
record FailureEvidence(Bag bag, long done, long attempts, int items, Map<String, Long> causes) {

  /** So many attempts are needed, on so many different items, for one cause in so large a part. */
  static final int ATTEMPTS = 30;

  static final int ITEMS = 20;
  static final double SHARE = 0.95;

  /**
   * The items of a run.
   *
   * @param total as far as they are known
   * @param left that are in no final state
   * @param dead since the run began or was resumed
   * @param open whether a source may give more
   */
  record Bag(long total, long left, long dead, boolean open) {}

  FailureEvidence {
    causes = Map.copyOf(causes);
  }

  /** Of all partitions of a queue. */
  static FailureEvidence sum(List<FailureEvidence> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    Map<String, Long> causes = new HashMap<>();
    long total = 0;
    long left = 0;
    long dead = 0;
    boolean open = false;
    long done = 0;
    long attempts = 0;
    int items = 0;
    for (FailureEvidence part : parts) {
      total += part.bag.total;
      left += part.bag.left;
      dead += part.bag.dead;
      open |= part.bag.open;
      done += part.done;
      attempts += part.attempts;
      items += part.items;
      part.causes.forEach((cause, count) -> causes.merge(cause, count, Long::sum));
    }
    return new FailureEvidence(new Bag(total, left, dead, open), done, attempts, items, causes);
  }

  /** Why the run is to be stopped, in one sentence; empty while it is to go on. */
  Optional<String> against(StopEarly rule) {
    if (bag.left == 0 && !bag.open) {
      return Optional.empty(); // it has ended by itself
    }
    return switch (rule) {
      case StopEarly.Off off -> Optional.empty();
      case StopEarly.Auto auto -> allFails();
      case StopEarly.DeadItems dead -> tooMany(dead.most(), Long.toString(dead.most()));
      case StopEarly.DeadShare share ->
          tooMany(
              (long)
                  Math.floor(
                      share.percent()
                          / 100
                          * (bag.open
                              ? Math.max(bag.total, StopEarly.DeadShare.KNOWN_WHILE_OPEN)
                              : bag.total)),
              share.text() + " of " + bag.total + " items");
    };
  }

  private Optional<String> allFails() {
    if (done > 0 || attempts < ATTEMPTS || items < ITEMS) {
      return Optional.empty();
    }
    Optional<Map.Entry<String, Long>> most =
        causes.entrySet().stream().max(Map.Entry.comparingByValue());
    return most.filter(cause -> cause.getValue() >= SHARE * attempts)
        .map(cause ->
            (cause.getValue() == attempts ? "all " : cause.getValue() + " of the ")
                + attempts
                + " attempts so far failed for one cause and none succeeded: "
                + cause.getKey());
  }

  private Optional<String> tooMany(long borne, String rule) {
    return bag.dead <= borne
        ? Optional.empty()
        : Optional.of(
            bag.dead
                + (bag.dead == 1 ? " item is" : " items are")
                + " dead, more than stop-early bears ("
                + rule
                + ")");
  }
}
