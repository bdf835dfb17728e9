package dev.piecework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.session.SingleSession;
import dev.piecework.testkit.OutageProxy;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Guards against: the answer to "what do I hold?" was on its way while the session was lost, and
 * its items were handed out once more. Found by the campaign.
 */
@RedisPerTest
class LateRecoveryTest {

  @Test
  void whatALostSessionHeldIsNotHandedOutAgain(TestRedis redis) {
    try (OutageProxy network = OutageProxy.to(redis);
        Bench bench = new Bench(network.uri())) {
      AtomicReference<@Nullable SingleSession> mine = new AtomicReference<>();
      AtomicBoolean recovered = new AtomicBoolean();
      WorkQueue queue =
          WorkQueue.open(
              bench.config(),
              call -> {
                if (!call.script().equals("recover")) {
                  return CallListener.Answered.NOBODY;
                }
                return new CallListener.Answered() {
                  @Override
                  public void answered(List<?> reply) {
                    recovered.set(true);
                    bench.expireExcept();
                    bench.reap(); // a grace, since nobody was heard
                    bench.advance(Bench.LEASE_TIMEOUT);
                    assertThat(bench.reap()).isEqualTo(1);
                    assertThat(requireNonNull(mine.get()).beat()).isTrue();
                  }

                  @Override
                  public void failed(boolean mayHaveRun, String why) {}
                };
              });
      try (queue) {
        queue.fill(Bench.numbers(3));
        SingleSession session = (SingleSession) Bench.session(queue);
        mine.set(session);
        session.reapNobody(); // its look could take the cut
        List<Lease> held = session.lease(3).leases();
        assertThat(held).hasSize(3);
        network.cutInReply(1);

        LeaseBatch batch = session.step(Bench.complete(held.subList(0, 1)), 0);

        assertThat(recovered).isTrue();
        assertThat(batch.leases()).as("they are under the lease of a lost session").isEmpty();
        assertThat(session.holds()).isZero();
      }
    }
  }
}
