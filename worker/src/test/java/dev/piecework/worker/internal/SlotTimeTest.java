package dev.piecework.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Session.SlotTimes;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.WorkerConfig;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.exchange.FakeQueuePort;
import dev.piecework.worker.internal.exchange.Ticker;
import dev.piecework.worker.internal.slot.HeartbeatReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a heartbeat tells of the slots' time: no moment of a slot is told twice. */
@Timeout(60)
class SlotTimeTest {

  private final AtomicLong nanos = new AtomicLong();
  private final WorkerAssembly assembly =
      new WorkerAssembly(
          FakeQueuePort.holding(4),
          WorkerConfig.DEFAULTS,
          new Ticker(nanos::get, InstantSource.system()));
  private final List<SlotTimes> told = new ArrayList<>();

  private void pass() {
    nanos.addAndGet(Duration.ofMillis(10).toNanos());
  }

  @Test
  void itemsThatAreInHandTogetherShareTheTime() throws Exception {
    HeartbeatReport report = assembly.heartbeatReport();
    WorkerEnd end =
        assembly
            .loops((slot, supply) -> {
              List<Attempt> all = new ArrayList<>();
              Attempt first = supply.take();
              while (first != null) {
                all.add(first);
                all.addAll(supply.more(4 - all.size()));
                if (all.size() == 4) {
                  pass();
                  supply.finish(all.get(0), Outcome.done());
                  pass();
                  told.add(report.slots());
                  all.subList(1, 4).forEach(attempt -> supply.finish(attempt, Outcome.done()));
                  told.add(report.slots());
                }
                first = supply.take();
              }
            })
            .await();
    assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(told.get(0).all()).isEqualTo(Duration.ofMillis(20));
    assertThat(told.get(0).busy()).isEqualTo(Duration.ofMillis(20));
    assertThat(told.get(1).all()).isZero();
    assertThat(told.get(1).busy()).isZero();
    assertThat(told.get(1).useful()).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void whatHasEndedIsNotUnderWayAnyMore() throws Exception {
    HeartbeatReport report = assembly.heartbeatReport();
    WorkerEnd end =
        assembly
            .handlers(attempt -> {
              told.add(report.slots());
              pass();
              return Outcome.done();
            })
            .await();
    told.add(report.slots());
    assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(told.stream().map(SlotTimes::busy).reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.ofMillis(40));
    assertThat(told).allSatisfy(one -> assertThat(one.busy()).isEqualTo(one.all()));
  }
}
