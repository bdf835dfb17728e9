package dev.piecework.fake;

import dev.piecework.Item;
import dev.piecework.QueueStatus.ProducerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A source as the queue knows it. Guarded by its bag. */
final class FakeSource {

  final String name;

  /** Of each record that was taken, what tells it from another. */
  final List<Integer> prints = new ArrayList<>();

  long added;
  long skipped;
  boolean closedBefore;

  /** Null when it is closed. */
  @Nullable ProducerState state;

  Instant silentSince = Instant.EPOCH;
  @Nullable FakeProducer producer;

  FakeSource(String name) {
    this.name = name;
  }

  static int print(Item item) {
    return 31 * Arrays.hashCode(item.payload()) + Objects.hashCode(item.id());
  }

  boolean isOpen() {
    return state != null && state != ProducerState.VANISHED;
  }

  void silent(Instant now) {
    if (state == ProducerState.OPEN) {
      state = ProducerState.SILENT;
      silentSince = now;
    }
  }
}
