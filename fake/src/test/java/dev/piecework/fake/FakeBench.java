package dev.piecework.fake;

import dev.piecework.Bench;
import dev.piecework.Producer;
import dev.piecework.QueueBench;
import dev.piecework.QueueSettings;
import dev.piecework.Session;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A queue in memory under test. */
final class FakeBench implements QueueBench {

  private final FakeQueue first =
      FakeQueue.named("job-1", Bench.SETTINGS, () -> Instant.parse("2026-02-28T23:59:58.765Z"));
  private final List<WorkQueue> opened = new ArrayList<>();

  @Override
  public String name() {
    return first.name();
  }

  @Override
  public WorkQueue open() {
    return with(Bench.SETTINGS);
  }

  @Override
  public WorkQueue with(QueueSettings settings) {
    WorkQueue queue = first.another(settings);
    opened.add(queue);
    return queue;
  }

  @Override
  public void advance(Duration by) {
    first.advance(by);
  }

  @Override
  public void expireExcept(Session... alive) {
    first.crashAllBut(Arrays.asList(alive));
    first.advance(Bench.LEASE_TIMEOUT.plusMillis(4));
  }

  /** It is heard all the time. */
  @Override
  public void beat(Session session) {}

  @Override
  public void beat(Producer producer) {
    ((FakeProducer) producer).beat();
  }

  /** Whoever is dead is found at once. */
  @Override
  public int reap() {
    return 0;
  }

  @Override
  public void rpush(Object... payloads) {
    first.another().fill(Stream.of(payloads).map(p -> dev.piecework.Item.of(String.valueOf(p))));
  }

  @Override
  public void close() {
    opened.forEach(WorkQueue::close);
  }
}
