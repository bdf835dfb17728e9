package dev.piecework.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.Lease;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueUnusableException;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A real worker on it, as a user's unit test has it. */
class WorkerOnFakeTest {

  private final FakeQueue queue = FakeQueue.named("numbers");

  @Test
  void aWorkerDrainsIt() throws Exception {
    queue.fill(IntStream.range(0, 5_000).mapToObj(i -> Item.of("n" + i)));
    WorkerEnd end =
        Worker.on(queue)
            .slots(4)
            .run(attempt -> attempt.text().endsWith("7") ? Outcome.bury("seven") : Outcome.done());
    assertThat(end).isEqualTo(new WorkerEnd.Drained(queue.run().orElseThrow(), 4_500, 500));
    assertThat(queue.admin().journal().groups())
        .singleElement()
        .matches(group -> group.cause().equals("seven") && group.dead() == 500);
  }

  @Test
  void timePassesWhenTheTestSaysSo() throws Exception {
    queue.fill(Stream.of(Item.of("later").withDelay(Duration.ofDays(3))));
    RunningWorker worker = Worker.on(queue).start(attempt -> Outcome.done());
    assertThat(queue.state()).isInstanceOf(QueueState.NotYet.class);
    queue.advance(Duration.ofDays(3));
    assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
  }

  @Test
  void whatACrashedWorkerHeldIsDoneByAnother() throws Exception {
    queue.fill(Stream.of(Item.of("a"), Item.of("b")));
    Session dead = queue.another().session(SessionInfo.local("dies", 1));
    assertThat(dead.lease(2).leases()).hasSize(2);
    queue.crash(dead);
    WorkerEnd end = Worker.on(queue).run(attempt -> Outcome.done());
    assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
  }

  @Test
  void anItemThatKillsItsWorkersIsDeadInTheEnd() {
    queue.fill(Stream.of(Item.of("poison"), Item.of("good")));
    for (int i = 0; i < QueueSettings.DEFAULTS.losses(); i++) {
      Session session = queue.another().session(SessionInfo.local("w" + i, 1));
      for (Lease lease : session.lease(1).leases()) {
        assertThat(lease.text()).isEqualTo("poison");
      }
      queue.crash(session);
    }
    assertThat(queue.admin().items(ItemState.DEAD).map(ItemView::id)).containsExactly("1");
    assertThat(queue.lease(Duration.ZERO)).map(Lease::text).contains("good");
  }

  @Test
  void aClosedOneSaysSo() {
    queue.close();
    assertThatThrownBy(queue::state)
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> FakeQueue.named("x", QueueSettings.DEFAULTS.withPartitions(2)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
