package dev.piecework.fake;

import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import dev.piecework.journal.SlotTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is read of a bag for people. Guarded by it. */
final class FakeReadings {

  private final FakeBag bag;

  FakeReadings(FakeBag bag) {
    this.bag = bag;
  }

  QueueStatus status(QueueState state, QueueSettings own) {
    return new QueueStatus(
        bag.name,
        bag.run,
        new QueueStatus.Counts(
            bag.waiting.waiting(),
            bag.leased(),
            bag.waiting.delayed(),
            bag.done,
            bag.dead.size(),
            0),
        state,
        bag.pausedFor,
        bag.sources.views(),
        bag.sessions.stream().map(FakeSession::view).toList(),
        new QueueStatus.Pace(
            bag.began,
            bag.ended,
            0,
            Optional.empty(),
            Optional.empty(),
            bag.waiting.lastDue().map(due -> Duration.between(bag.now(), due))),
        bag.settings(own),
        List.of());
  }

  Journal journal() {
    Instant began = bag.began;
    List<FailureGroup> groups =
        bag.failures.groups(
            group -> bag.dead.values().stream().filter(i -> group.equals(i.group)).count());
    Duration useful = bag.results.useful();
    List<ProgressPoint> points =
        began == null
            ? List.of()
            : List.of(
                new ProgressPoint(
                    bag.now(),
                    bag.done,
                    bag.dead.size(),
                    bag.failures.failures(),
                    bag.failures.losses(),
                    useful,
                    useful));
    return new Journal(
        bag.run,
        began,
        points,
        bag.results.times(),
        Map.of(),
        List.of(),
        bag.done + bag.failures.failures() + bag.failures.losses(),
        List.of(),
        groups,
        new SlotTime(useful, Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }
}
