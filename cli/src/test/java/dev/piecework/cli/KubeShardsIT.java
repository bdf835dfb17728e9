package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Effort;
import dev.piecework.testrun.Needs;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A bag on a Cluster of three shards, whose masters are killed. */
@Needs({"redis-cli", "unshare"})
@Tag("cluster")
class KubeShardsIT extends BagOnRedisPods {

  @Test
  void mastersAreKilledAndAVolumeIsLostAndEachItemIsDoneOnce() throws Exception {
    int count = Effort.of(500);
    int kills = Effort.of(1) > 1 ? 10 : 2;
    var submit = started(submit(count, "--redis-shards", "3"));
    RedisPods pods = pods();
    assertThat(pods.ask(0, "cluster", "info")).contains("cluster_slots_assigned:16384");
    for (int i = 0; i < kills; i++) {
      awaitCopies(pods);
      int before = failovers(submit.err());
      int master = awaitMasters(pods, 3).get(i % 3);
      pods.hold(master);
      pods.kill(master, i == 0);
      awaitThat("a failover is told, of a pod", pods, () -> failovers(submit.err()) > before);
      pods.release(master);
      awaitThat("all are whole again", pods, pods::allReady);
      awaitMasters(pods, 3); // a replica for each
      assertCopied(pods);
    }
    go();
    assertThat(submit.end().expect(0).err())
        .contains(String.format(Locale.ROOT, "drained: %,d done, 0 dead", count + 1));
    assertEachOnce(count);
    assertThat(here("kube", "describe", "job2").expect(0).out())
        .contains("job2: drained", "partitions");
    here("kube", "attach", "job2").expect(0);
  }

  private static int failovers(String said) {
    return said.split("Redis failed over: now job2-redis-", -1).length;
  }

  /** A replica that has not copied yet cannot take over. */
  private static void assertCopied(RedisPods pods) {
    for (int i = 0; i < pods.count(); i++) {
      assertThat(pods.ask(i, "info", "replication").lines().map(String::strip))
          .as("what is ready is a master or has copied")
          .containsAnyOf("role:master", "master_link_status:up");
    }
  }
}
