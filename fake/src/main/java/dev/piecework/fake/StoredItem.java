package dev.piecework.fake;

import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One item, wherever it is. Guarded by its bag. */
final class StoredItem {

  final byte[] payload;
  final Priority priority;
  @Nullable String id;
  int failed;
  int losses;
  int notYet;

  /** When a delayed one is due, or since when one is leased or dead. */
  Instant since = Instant.EPOCH;

  @Nullable String worker;
  @Nullable String error;
  @Nullable String group;
  private final List<ItemView.PastAttempt> history = new ArrayList<>();

  StoredItem(Item item) {
    this.payload = item.payload();
    this.priority = item.priority();
    this.id = item.id();
  }

  String knownId() {
    String known = id;
    if (known == null) {
      throw new IllegalStateException("an item that was never leased has no id yet");
    }
    return known;
  }

  /** Which attempt the next one is. */
  int nextAttempt() {
    return failed + losses + notYet + 1;
  }

  void freshBudgets() {
    failed = 0;
    losses = 0;
    notYet = 0;
  }

  void remember(Instant now, String how, String why) {
    error = why;
    history.add(
        new ItemView.PastAttempt(
            now, Integer.toString(nextAttempt() - 1), worker == null ? "?" : worker, how, why));
  }

  ItemView view(ItemState state, Instant now) {
    Duration age =
        switch (state) {
          case LEASED, DELAYED, DEAD -> Duration.between(since, now);
          case WAITING, DONE -> null;
        };
    int begun = state == ItemState.LEASED ? nextAttempt() : nextAttempt() - 1;
    return new ItemView(
        id,
        state,
        payload,
        new ItemView.Attempts(begun, failed, losses),
        worker,
        age,
        error,
        List.copyOf(history),
        state == ItemState.DEAD ? group : null);
  }
}
