package dev.piecework.bag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.Keep;
import dev.piecework.QueueSettings;
import dev.piecework.RunLostException;
import dev.piecework.fake.FakeQueue;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Futures, results and handlers, on a queue in memory. */
class TypedQueueTest {

  private static final Codec<Integer> NUMBERS =
      Codec.text().map(Integer::parseInt, String::valueOf);

  private final FakeQueue fake =
      FakeQueue.named(
          "numbers",
          QueueSettings.DEFAULTS
              .withKeep(Keep.RESULTS)
              .withBackoff(Duration.ofHours(1), Duration.ofHours(1)));
  private final TypedQueue<Integer, String> queue = TypedQueue.of(fake, NUMBERS, Codec.text());

  @AfterEach
  void close() {
    queue.close();
  }

  private RunningWorker work(TypedHandler<Integer, String> handler) {
    return Worker.on(fake.another()).slots(2).start(queue.handler(handler));
  }

  private static <V> V get(CompletableFuture<V> future) throws Exception {
    return future.get(2, TimeUnit.MINUTES);
  }

  @Test
  void aFutureHasTheResultOfItsItem() throws Exception {
    CompletableFuture<String> first = queue.submit(20);
    CompletableFuture<String> second = queue.submit(21);
    try (RunningWorker worker = work((number, attempt) -> "twice is " + 2 * number)) {
      assertThat(get(first)).isEqualTo("twice is 40");
      assertThat(get(second)).isEqualTo("twice is 42");
      assertThat(get(queue.submit(1))).isEqualTo("twice is 2");
      queue.finishSubmitting();
      assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    }
    assertThatThrownBy(() -> queue.submit(3)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFutureFailsWithWhatItsItemDiedOf() {
    CompletableFuture<String> future = queue.submit(7);
    try (RunningWorker worker =
        work((number, attempt) -> {
          throw new BuryItemException(number + " is odd");
        })) {
      assertThatThrownBy(() -> get(future))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ItemDeadException.class)
          .hasMessage("7 is odd");
      assertThat(worker.counts().done()).isZero();
    }
  }

  @Test
  void aFutureOfADroppedItemIsToldThatItIsGone() throws Exception {
    fake.admin().pause("so that nobody takes it");
    CompletableFuture<String> future = queue.submit(7);
    awaitWaiting();
    String id = String.valueOf(fake.admin().items(ItemState.WAITING).toList().getFirst().id());
    assertThat(fake.admin().dropItem(id)).contains(ItemState.WAITING);
    assertThatThrownBy(() -> get(future)).cause().isInstanceOf(ItemGoneException.class);
  }

  @Test
  void aFutureOfAPurgedQueueIsTold() throws Exception {
    CompletableFuture<String> future = queue.submit(7);
    awaitWaiting();
    fake.another().admin().purge();
    assertThatThrownBy(() -> get(future)).cause().isInstanceOf(RunLostException.class);
  }

  /** The thread of the futures sends what is submitted; to look sends it too. */
  private void awaitWaiting() {
    assertThat(fake.admin().items(ItemState.WAITING)).hasSize(1);
  }

  @Test
  void toCancelAFutureDropsItsItemAndTellsItsHandler() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    CompletableFuture<String> future = queue.submit(7);
    try (RunningWorker worker =
        work((number, attempt) -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException interrupted) {
            seen.complete(attempt.isCancelled());
          }
          return "late";
        })) {
      begun.await();
      assertThat(future.cancel(true)).isTrue();
      assertThat(get(seen)).isTrue();
      queue.finishSubmitting();
      assertThat(worker.await())
          .isInstanceOfSatisfying(
              WorkerEnd.Drained.class, drained -> assertThat(drained.done()).isZero());
    }
  }

  @Test
  void aHandlerSaysWhenToTryAgain() throws Exception {
    queue.fill(Stream.of(5));
    CountDownLatch failed = new CountDownLatch(1);
    try (RunningWorker worker =
        work((number, attempt) -> {
          if (attempt.number() == 1) {
            failed.countDown();
            throw new RetryItemException("the lamp is off", Duration.ofMinutes(20));
          }
          return "on";
        })) {
      failed.await();
      while (fake.admin().status().counts().delayed() == 0) {
        fake.awaitEnd(Duration.ofMillis(5));
      }
      ItemView delayed = fake.admin().items(ItemState.DELAYED).toList().getFirst();
      assertThat(delayed.error()).isEqualTo("the lamp is off");
      fake.advance(Duration.ofMinutes(20));
      assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
    }
    assertThat(queue.results().map(TypedResult::result)).containsExactly("on");
  }

  @Test
  void whatCannotBeDecodedIsDeadAtOnce() throws Exception {
    fake.fill(Stream.of(dev.piecework.Item.of("seven")));
    assertThat(Bag.run(queue, (number, attempt) -> "never"))
        .isInstanceOfSatisfying(
            WorkerEnd.Drained.class, drained -> assertThat(drained.dead()).isEqualTo(1));
    assertThat(fake.admin().items(ItemState.DEAD).map(ItemView::error).toList().getFirst())
        .contains("cannot be decoded")
        .contains("seven");
  }

  @Test
  void resultsComeAsTheyAreMadeAndEndWhenTheBagIsDrained() {
    queue.fill(Stream.iterate(1, i -> i + 1).limit(1_200));
    try (RunningWorker worker = work((number, attempt) -> String.valueOf(number % 7));
        Stream<TypedResult<Integer, String>> results = queue.results()) {
      Iterator<TypedResult<Integer, String>> each = results.iterator();
      int seen = 0;
      for (; each.hasNext(); seen++) {
        TypedResult<Integer, String> result = each.next();
        assertThat(result.result()).isEqualTo(String.valueOf(result.item() % 7));
      }
      assertThat(seen).isEqualTo(1_200);
      assertThat(worker.counts().done()).isEqualTo(1_200);
    }
  }

  @Test
  void aQueueThatKeepsNoResultsSaysSo() {
    TypedQueue<Integer, String> forgetful =
        TypedQueue.of(FakeQueue.named("forgetful"), NUMBERS, Codec.text());
    assertThatThrownBy(() -> forgetful.submit(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("keep=results");
    assertThatThrownBy(forgetful::results).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aBagThatBrokeOffGoesOnWhereItStopped() throws Exception {
    try (var broken = fake.another().produce(dev.piecework.FillOptions.as("bag"))) {
      broken.add(dev.piecework.Item.of("1"));
    }
    WorkerEnd end = Bag.run(queue, Stream.of(1, 2, 3), (number, attempt) -> "" + number);
    assertThat(end)
        .isInstanceOfSatisfying(
            WorkerEnd.Drained.class, drained -> assertThat(drained.done()).isEqualTo(3));
  }
}
