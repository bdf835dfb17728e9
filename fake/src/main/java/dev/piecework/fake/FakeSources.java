package dev.piecework.fake;

import dev.piecework.FillOptions;
import dev.piecework.FillRefusedException;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus.ProducerState;
import dev.piecework.QueueStatus.ProducerView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The sources of the current run. Guarded by its bag. */
final class FakeSources {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final FakeBag bag;
  private final Map<String, FakeSource> byName = new LinkedHashMap<>();

  FakeSources(FakeBag bag) {
    this.bag = bag;
  }

  FakeSource open(FillOptions options) {
    String given = options.source();
    String wanted = given == null ? "fill-" + UUID.randomUUID().toString().substring(0, 12) : given;
    String name = wanted;
    for (int number = 2; isPassedBy(byName.get(name), options); number++) {
      name = wanted + "#" + number;
    }
    FakeSource source = byName.computeIfAbsent(name, FakeSource::new);
    if (source.state == ProducerState.OPEN) {
      throw new FillRefusedException(
          "source '"
              + name
              + "' is being filled by process "
              + FakeBag.self().pid()
              + " on "
              + FakeBag.self().worker()
              + "; wait for it, or choose another name");
    }
    source.closedBefore = source.state == null && !source.prints.isEmpty();
    source.state = ProducerState.OPEN;
    return source;
  }

  private static boolean isPassedBy(@Nullable FakeSource source, FillOptions options) {
    return options.continueOnlyBroken()
        && source != null
        && (source.state == null || source.state == ProducerState.OPEN);
  }

  void close(FakeSource source, boolean hold) {
    source.producer = null;
    source.state = hold ? ProducerState.HELD : null;
    if (hold) {
      source.prints.clear();
      source.added = 0;
      source.skipped = 0;
    }
    bag.changed();
  }

  /**
   * A producer gives up.
   *
   * @param refused nobody waits for it to come back
   */
  void breakOff(FakeSource source, boolean refused) {
    source.producer = null;
    if (!refused) {
      source.silent(bag.now());
    } else if (source.closedBefore) {
      source.state = null;
    } else if (source.prints.isEmpty()) {
      byName.remove(source.name);
      bag.forgetIfEmpty();
    } else {
      source.state = ProducerState.VANISHED;
    }
    bag.changed();
  }

  boolean closeByHand(String name) {
    FakeSource source = byName.get(name);
    if (source == null || source.state == null) {
      return false;
    }
    close(source, false);
    return true;
  }

  /** Takes what producers have not sent yet, and sees which of them did not come back. */
  void lookAtAll() {
    Instant now = bag.now();
    for (FakeSource source : List.copyOf(byName.values())) {
      FakeProducer producer = source.producer;
      if (producer != null) {
        producer.sendQuietly();
      }
      if (source.state == ProducerState.SILENT
          && !source.silentSince.plus(bag.settings().producerGrace()).isAfter(now)) {
        source.state = ProducerState.VANISHED;
        bag.changed();
      }
    }
  }

  /** Of each that is open none is heard any more. */
  void silenceAll() {
    byName.values().forEach(source -> source.silent(bag.now()));
  }

  boolean isAnyOpen() {
    return byName.values().stream().anyMatch(FakeSource::isOpen);
  }

  List<String> vanished() {
    return byName.values().stream()
        .filter(source -> source.state == ProducerState.VANISHED)
        .map(source -> source.name)
        .toList();
  }

  QueueState.NotYet waitingFor() {
    List<QueueState.WaitReason> reasons = new ArrayList<>();
    if (bag.leased() > 0) {
      reasons.add(new QueueState.WaitReason.Leased(bag.leased(), bag.sessions.size()));
    }
    if (bag.waiting.delayed() > 0) {
      reasons.add(new QueueState.WaitReason.Delayed(bag.waiting.delayed()));
    }
    byName.values().stream()
        .filter(FakeSource::isOpen)
        .forEach(source -> reasons.add(new QueueState.WaitReason.ProducerOpen(source.name)));
    Duration next =
        bag.waiting
            .nextDue()
            .map(due -> Duration.between(bag.now(), due))
            .filter(left -> !left.isNegative() && left.compareTo(LOOK_AGAIN) < 0)
            .orElse(LOOK_AGAIN);
    return new QueueState.NotYet(next, List.of(new QueueState.WaitingFor(reasons)));
  }

  List<ProducerView> views() {
    List<ProducerView> views = new ArrayList<>();
    for (FakeSource source : byName.values()) {
      ProducerState state = source.state;
      if (state != null) {
        Duration silent =
            source.silentSince.equals(Instant.EPOCH)
                ? Duration.ZERO
                : Duration.between(source.silentSince, bag.now());
        views.add(new ProducerView(source.name, state, source.added, silent));
      }
    }
    return views;
  }

  void clear() {
    byName.clear();
  }
}
