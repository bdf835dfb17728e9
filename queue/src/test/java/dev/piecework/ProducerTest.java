package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Invariants 7 and 8 on Redis. */
class ProducerTest extends ProducerContract {

  @Override
  protected Bench newBench() {
    return Bench.shared();
  }

  private Bench redis() {
    return (Bench) bench;
  }

  @Override
  void somebodyWasTold(String what) {
    assertThat(redis().notices).anyMatch(notice -> notice.contains(what));
  }

  // A queue that is filled for years kept a byte for each record of the last seven days.
  @Test
  void ofARecordOfASourceWithoutANameNothingIsKept() {
    queue.fill(Stream.of(Item.of("a")));
    assertThat(redis().keys()).noneMatch(key -> key.contains("prints"));
    Producer named = queue.produce(FillOptions.as("scan"));
    named.add(Item.of("a"));
    named.finish();
    assertThat(redis().keys()).anyMatch(key -> key.contains("prints"));
  }

  @Test
  void theResultsOfARunExpireAWeekAfterItsEndWhoeverSeesIt() {
    bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS)).fill(Bench.items("a", "b"));
    Session session = Bench.session(queue);
    List<Lease> leases = session.lease(2).leases();
    session.step(
        List.of(Settlement.complete(leases.get(0)), new Settlement.Bury(leases.get(1), "x")), 0);
    assertThat(bench.open().isDrained()).isTrue(); // one that had not known the run
    String results = "{" + redis().name + "}:results:" + queue.run().orElseThrow();
    assertThat((Long) redis().cli(redis.clients.jedis.Protocol.Command.TTL, results))
        .isBetween(604_700L, 604_800L);
    queue.admin().requeue(new DeadItems.All());
    assertThat(redis().cli(redis.clients.jedis.Protocol.Command.TTL, results)).isEqualTo(-1L);
  }
}
