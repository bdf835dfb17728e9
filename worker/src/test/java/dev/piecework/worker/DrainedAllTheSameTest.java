package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.Keep;
import dev.piecework.WorkQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bars leasing does not keep a worker whose last item has ended. */
@Tag("slow")
class DrainedAllTheSameTest extends OnRedis {

  private static final byte[] RESULT = new byte[4_000];

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aWorkerThatIsPausedDuringItsLastItemExits(int partitions) throws InterruptedException {
    WorkQueue queue = open(QUICK.withPartitions(partitions));
    fill(queue, 1);
    WorkerEnd end =
        Worker.on(queue)
            .run(attempt -> {
              queue.admin().pause("lunch");
              return Outcome.done();
            });
    assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aWorkerWhoseLastCompletionFillsTheResultsExits(int partitions) throws InterruptedException {
    WorkQueue queue =
        open(
            QUICK
                .withKeep(Keep.RESULTS)
                .withResultsMax(10_000L * partitions)
                .withPartitions(partitions));
    fill(queue, 3 * partitions);
    WorkerEnd end = Worker.on(queue).run(attempt -> Outcome.done(RESULT));
    assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
  }

  @Test
  void whoWaitsForOthersInAPausedQueueExitsWithThem() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 1);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    RunningWorker holder =
        running(
            Worker.on(queue)
                .start(attempt -> {
                  held.countDown();
                  goOn.await();
                  return Outcome.done();
                }));
    held.await();
    queue.admin().pause("lunch");
    RunningWorker idle = running(Worker.on(quick()).start(attempt -> Outcome.done()));
    await().until(() -> queue.admin().status().sessions().size() == 2);
    goOn.countDown();
    assertThat(holder.await()).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(idle.await()).isInstanceOf(WorkerEnd.Drained.class);
  }

  @Test
  void whoMayLeaveEarlyLeavesAPausedQueueWhoseLastItemIsHeld() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 1);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    RunningWorker holder =
        running(
            Worker.on(queue)
                .start(attempt -> {
                  held.countDown();
                  goOn.await();
                  return Outcome.done();
                }));
    held.await();
    queue.admin().pause("lunch");
    assertThat(Worker.on(quick()).leaveEarly().run(attempt -> Outcome.done()))
        .isEqualTo(new WorkerEnd.LeftEarly());
    goOn.countDown();
    assertThat(holder.await()).isInstanceOf(WorkerEnd.Drained.class);
  }

  @Test
  void whatIsDelayedIsNotDrainedHoweverLongThePause() throws InterruptedException {
    WorkQueue queue = quick();
    fill(queue, 1);
    RunningWorker worker =
        running(
            Worker.on(quick())
                .start(attempt -> {
                  if (attempt.number() == 1) {
                    queue.admin().pause("lunch");
                    return Outcome.retry("once");
                  }
                  return Outcome.done();
                }));
    await().until(() -> counts(queue).delayed() == 1);
    assertThat(worker.await(java.time.Duration.ofMillis(100))).isEmpty();
    queue.admin().resume();
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
  }
}
