package dev.piecework.bag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.CallListener;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.bag.json.JsonCodec;
import dev.piecework.bag.json.JsonTasks;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The whole, on a real Redis. */
@RedisPerTest
class BagOnRedisTest {

  record Image(String path, int width) {}

  record Thumbnail(String path, int width) {}

  private static TypedQueue<Image, Thumbnail> open(TestRedis redis) {
    return TypedQueue.open(
        redis.uri(), "images", JsonCodec.of(Image.class), JsonCodec.of(Thumbnail.class));
  }

  @Test
  void aBagOfRecordsIsRunFromTheFirstToTheLast(TestRedis redis) throws Exception {
    try (TypedQueue<Image, Thumbnail> images = open(redis)) {
      Stream<Image> all = IntStream.range(0, 500).mapToObj(i -> new Image(i + ".png", i));
      WorkerEnd end =
          Bag.run(
              images,
              all,
              (image, attempt) -> new Thumbnail("t" + image.path(), image.width() / 2));
      assertThat(end)
          .isInstanceOfSatisfying(
              WorkerEnd.Drained.class, drained -> assertThat(drained.done()).isEqualTo(500));
      try (Stream<TypedResult<Image, Thumbnail>> results = images.results()) {
        List<TypedResult<Image, Thumbnail>> list = results.toList();
        assertThat(list).hasSize(500);
        assertThat(list)
            .allMatch(
                r -> r.result().equals(new Thumbnail("t" + r.item().path(), r.item().width() / 2)));
      }
    }
  }

  /** It looks for items that are gone several times a second, also while more are on their way. */
  @Test
  void whatIsOnItsWayIsNotTakenForGone(TestRedis redis) throws Exception {
    try (TypedQueue<Image, Thumbnail> images = open(redis);
        TypedQueue<Image, Thumbnail> elsewhere = open(redis);
        RunningWorker worker =
            Worker.on(elsewhere.queue())
                .slots(8)
                .start(elsewhere.handler((image, attempt) -> new Thumbnail(image.path(), 0)))) {
      for (int i = 0; i < 10_000; i++) {
        CompletableFuture<Thumbnail> future = images.submit(new Image(i + ".png", i));
        if (i % 20 == 0) {
          future.join(); // nothing else is unfinished then
        }
      }
      images.finishSubmitting();
      assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    }
  }

  @Test
  void futuresAreCompletedByWorkersOnVirtualThreads(TestRedis redis) throws Exception {
    try (TypedQueue<Image, Thumbnail> images = open(redis);
        TypedQueue<Image, Thumbnail> elsewhere = open(redis)) {
      List<CompletableFuture<Thumbnail>> futures =
          IntStream.range(0, 300)
              .mapToObj(i -> images.submit(new Image(i + ".png", 2 * i)))
              .toList();
      RunningWorker worker =
          Worker.on(elsewhere.queue())
              .slots(64)
              .virtual()
              .start(
                  elsewhere.handler((image, attempt) -> {
                    assertThat(Thread.currentThread().isVirtual()).isTrue();
                    return new Thumbnail(image.path(), image.width() / 2);
                  }));
      for (int i = 0; i < 300; i++) {
        assertThat(futures.get(i).get(2, TimeUnit.MINUTES)).isEqualTo(new Thumbnail(i + ".png", i));
      }
      assertThat(images.queue().isDrained()).as("more may be submitted").isFalse();
      images.finishSubmitting();
      assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    }
  }

  record Square(int number) implements Callable<Integer> {
    @Override
    public Integer call() {
      return number * number;
    }
  }

  /** Whoever ran it did so twice: it was looked at first, and dropped later. */
  @Test
  void aTaskThatIsBegunDuringAShutdownIsNotGivenBack(TestRedis redis) throws Exception {
    QueueConfig config =
        QueueConfig.of(redis.uri(), "tasks")
            .withSettings(QueueSettings.DEFAULTS.withKeep(Keep.RESULTS));
    AtomicBoolean begun = new AtomicBoolean();
    try (WorkQueue elsewhere = WorkQueue.open(config)) {
      CallListener beginsIt =
          call -> {
            if (call.script().equals("drop") && begun.compareAndSet(false, true)) {
              assertThat(elsewhere.lease(Duration.ofMinutes(1))).isPresent();
            }
            return CallListener.Answered.NOBODY;
          };
      try (WorkQueue queue = WorkQueue.open(config, beginsIt)) {
        QueueExecutor executor = QueueExecutor.on(queue, JsonTasks.of(Square.class));
        Future<Integer> task = executor.submit(new Square(2));

        assertThat(executor.shutdownNow()).isEmpty();

        assertThat(begun).isTrue();
        assertThat(task.isCancelled()).isTrue();
      }
    }
  }
}
