package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.Item;
import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RedisPerTest
@Timeout(120)
class QueueWatchTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private TestRedis redis;
  private WorkQueue queue;

  @BeforeEach
  void fill(TestRedis given) {
    redis = given;
    queue = WorkQueue.open(redis.uri(), "q");
    queue.fill(Stream.of(Item.of("one")));
  }

  @AfterEach
  void close() {
    queue.close();
  }

  private QueueWatch watch(Duration period) {
    return new QueueWatch(
        patience -> WorkQueue.open(QueueConfig.of(redis.uri(), "q").withRedisTimeout(patience)),
        new QueueWatch.Config("1", InstantSource.system(), period));
  }

  @Test
  void tenPagesCostOneReading() {
    try (QueueWatch watch = watch(Duration.ofHours(1))) {
      for (int i = 0; i < 10; i++) {
        Listener _ = watch.listen();
        Snapshot _ = watch.snapshot();
      }

      assertThat(watch.readings()).isEqualTo(1);
    }
  }

  /** It was two for each worker: 412 with 200 of them. */
  @Test
  void aReadingTakesAFewRoundTripsHoweverManyWorkersThereAre() {
    int workers = 40;
    queue.fill(IntStream.range(0, workers).mapToObj(i -> Item.of("item " + i)));
    QueueConfig config = QueueConfig.of(redis.uri(), "q");
    List<WorkQueue> all = new ArrayList<>();
    try (QueueWatch watch = watch(Duration.ofNanos(1))) {
      for (int i = 0; i < workers; i++) {
        all.add(WorkQueue.open(config));
        assertThat(all.getLast().lease(LONG)).isPresent();
      }
      assertThat(watch.snapshot().status().sessions()).hasSize(workers);

      // Heartbeats of the workers come in between, but not as many in each of these.
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        long before = reads();
        Snapshot _ = watch.snapshot();
        least = Math.min(least, reads() - before);
      }

      assertThat(least).isLessThan(workers);
    } finally {
      all.forEach(WorkQueue::close);
    }
  }

  /** What Redis has read from its connections: a pipeline of calls is one or two. */
  private long reads() {
    return redis
        .jedis()
        .info("stats")
        .lines()
        .filter(line -> line.startsWith("total_reads_processed:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .sum();
  }

  @Test
  void itReadsWhileSomebodyListensAndNoLonger() throws Exception {
    try (QueueWatch watch = watch(Duration.ofMillis(20))) {
      List<Listener> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(watch.listen());
        assertThat(all.get(i).next(LONG)).map(Listener.Event::name).hasValue("block");
      }
      queue.admin().pause("look");
      for (Listener one : all) {
        awaitText(one, "\"pausedFor\":\"look\"");
      }

      all.forEach(watch::leave);

      await().atMost(LONG).until(() -> !watch.isReading());
      long read = watch.readings();
      assertThat(watch.readings()).isEqualTo(read);
    }
  }

  @Test
  void oneThatHasReadTheWholeIsToldAtOnceWhatMayHaveChanged() throws Exception {
    try (QueueWatch watch = watch(Duration.ofHours(1))) {
      Listener.Event first = watch.listenOn().next(LONG).orElseThrow();

      assertThat(first.name()).isEqualTo("status");
      assertThat(first.data()).contains("\"waiting\":1").doesNotContain("\"points\"");
    }
  }

  /** One that never reads holds the newest of each name, and nothing up. */
  @Test
  void aSlowListenerHoldsUpNobody() throws Exception {
    try (QueueWatch watch = watch(Duration.ofMillis(20))) {
      Listener slow = watch.listen();
      Listener quick = watch.listen();
      for (int i = 0; i < 5; i++) {
        queue.fill(Stream.of(Item.of("more")));
        awaitText(quick, "\"total\":" + (i + 2));
      }

      int held = 0;
      List<String> names = new ArrayList<>();
      for (var event = slow.next(Duration.ZERO);
          event.isPresent() && held < 10;
          event = slow.next(Duration.ZERO)) {
        names.add(event.get().name());
        held++;
      }

      assertThat(names).hasSizeLessThanOrEqualTo(4).contains("block", "status");
    }
  }

  @Test
  void aQueueThatBeganAnewIsSeen() {
    try (QueueWatch watch = watch(Duration.ofMillis(1))) {
      String first = watch.status().run();
      long _ = queue.admin().purge();
      queue.close();
      queue = WorkQueue.open(redis.uri(), "q");
      queue.fill(Stream.of(Item.of("two"), Item.of("three")));

      await()
          .atMost(LONG)
          .untilAsserted(() -> {
            assertThat(watch.status().run()).isNotNull().isNotEqualTo(first);
            assertThat(watch.status().counts().waiting()).isEqualTo(2);
            assertThat(watch.status().state().word()).isEqualTo("ready");
          });
    }
  }

  @Test
  void whoeverListensIsReleasedAtTheEnd() throws Exception {
    QueueWatch watch = watch(Duration.ofHours(1));
    Listener listener = watch.listen();
    Optional<Listener.Event> _ = listener.next(LONG);

    watch.close();

    assertThat(listener.next(LONG)).isEmpty();
    assertThat(listener.hasEnded()).isTrue();
  }

  private static void awaitText(Listener listener, String text) throws InterruptedException {
    while (true) {
      Optional<Listener.Event> event = listener.next(LONG);
      assertThat(event).as(text).isPresent();
      if (event.get().data().contains(text)) {
        return;
      }
    }
  }
}
