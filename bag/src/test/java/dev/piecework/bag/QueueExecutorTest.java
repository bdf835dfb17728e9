package dev.piecework.bag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.Keep;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.bag.json.JsonTasks;
import dev.piecework.fake.FakeQueue;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the JDK says of an ExecutorService, and what cannot be had. */
class QueueExecutorTest {

  record Answer(String question, int value) {}

  record Square(int number) implements Callable<Answer> {
    @Override
    public Answer call() {
      return new Answer("square", number * number);
    }
  }

  record Fails(String why) implements Callable<String> {
    @Override
    public String call() {
      throw new IllegalStateException(why);
    }
  }

  record Unknown() implements Callable<String> {
    @Override
    public String call() {
      return "?";
    }
  }

  private static final JsonTasks TASKS = JsonTasks.of(Square.class, Fails.class);

  private final FakeQueue queue =
      FakeQueue.named("tasks", QueueSettings.DEFAULTS.withKeep(Keep.RESULTS).withAttempts(1));
  private final QueueExecutor executor = QueueExecutor.on(queue, TASKS);

  private RunningWorker work() {
    return Worker.on(queue.another()).slots(2).start(QueueExecutor.handler(TASKS));
  }

  @Test
  void tasksAreCalledByAWorkerAndTheirAnswersComeBack() throws Exception {
    try (RunningWorker worker = work()) {
      assertThat(executor.submit(new Square(12)).get(2, TimeUnit.MINUTES))
          .isEqualTo(new Answer("square", 144));
      List<Future<Answer>> all =
          executor.invokeAll(IntStream.range(0, 50).mapToObj(Square::new).toList());
      assertThat(all).hasSize(50).allMatch(Future::isDone);
      assertThat(all.get(7).get().value()).isEqualTo(49);
      assertThat(executor.invokeAny(List.of(new Square(2), new Square(3))).value()).isIn(4, 9);
      executor.shutdown();
      assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
      assertThat(executor.isTerminated()).isTrue();
      assertThat(worker.counts().failed()).isZero();
    }
    assertThatThrownBy(() -> executor.submit(new Square(1)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void whatATaskThrowsFailsItsFuture() {
    try (RunningWorker worker = work()) {
      Future<String> future = executor.submit(new Fails("out of paper"));
      assertThatThrownBy(() -> future.get(2, TimeUnit.MINUTES))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .hasMessageContaining("out of paper");
      executor.shutdown();
      assertThat(worker.counts().done()).isZero();
    }
  }

  @Test
  void whatCannotLeaveThisProcessIsRefusedWithTheReason() {
    assertThatThrownBy(() -> executor.submit(() -> "a lambda"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("lambda");
    assertThatThrownBy(() -> executor.submit(new Unknown()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("[Square, Fails]");
    Runnable runnable = () -> {};
    assertThatThrownBy(() -> executor.execute(runnable))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Runnable");
    assertThatThrownBy(() -> executor.submit(runnable))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> executor.submit(runnable, "done"))
        .isInstanceOf(UnsupportedOperationException.class);
    executor.shutdown();
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void shutdownNowDropsWhatWaitsAndGivesItBack() throws Exception {
    queue.admin().pause("nobody is to begin");
    Future<Answer> first = executor.submit(new Square(1));
    Future<Answer> second = executor.submit(new Square(2));
    assertThat(queue.admin().items(ItemState.WAITING)).hasSize(2);
    assertThat(executor.shutdownNow()).hasSize(2).allSatisfy(Runnable::run);
    assertThat(List.of(first, second)).allMatch(Future::isCancelled);
    assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    queue.admin().resume();
    assertThat(queue.awaitEnd(Duration.ofMinutes(1))).isInstanceOf(QueueState.Drained.class);
    assertThat(queue.admin().status().counts().total()).isZero();
  }

  @Test
  void aTaskThatTheWorkerDoesNotKnowIsDead() throws Exception {
    queue.fill(Stream.of(Item.of("{\"task\":\"Runtime\",\"of\":{}}")));
    try (RunningWorker worker = work()) {
      assertThat(worker.await()).isNotNull();
    }
    assertThat(queue.admin().items(ItemState.DEAD).toList().getFirst().error())
        .contains("'Runtime' is none of [Square, Fails]");
    executor.shutdown();
  }
}
