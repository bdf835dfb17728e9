package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Effort;
import dev.piecework.testrun.Needs;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A bag on a Redis with replicas, whose masters are killed. */
@Needs({"redis-cli", "unshare"})
@Tag("cluster")
class KubeReplicasIT extends BagOnRedisPods {

  private static final String FAILED_OVER = "Redis failed over: now ";

  @Test
  void mastersAreKilledAndAVolumeIsLostAndEachItemIsDoneOnce() throws Exception {
    int count = Effort.of(500);
    int kills = Effort.of(1) > 1 ? 10 : 2;
    var submit = started(submit(count, "--redis-replicas", "2"));
    RedisPods pods = pods();
    for (int i = 0; i < kills; i++) {
      awaitThat("all are whole again", pods, pods::allReady);
      awaitCopies(pods);
      int master = awaitMasters(pods, 1).getFirst();
      pods.kill(master, i == 1);
      awaitThat(
          "a failover is told, of a pod",
          pods,
          () -> {
            String last = lastFailover(submit.err());
            return !last.isEmpty() && !last.equals(pods.pod(master));
          });
    }
    go();
    var ended = submit.end().expect(0);
    assertThat(ended.err())
        .contains(String.format(Locale.ROOT, "drained: %,d done, 0 dead", count + 1))
        .contains("the 3 pods of Redis are on 1 node");
    assertEachOnce(count);
    assertThat(here("kube", "describe", "job2").expect(0).out()).contains("job2: drained");
    here("kube", "attach", "job2").expect(0);
    assertThat(here("kube", "delete", "job2").expect(0).err())
        .contains("statefulsets.apps/job2-redis deleted", "services/job2-redis deleted");
  }

  private static String lastFailover(String said) {
    int at = said.lastIndexOf(FAILED_OVER);
    return at < 0 ? "" : said.substring(at + FAILED_OVER.length()).split(" ", 2)[0];
  }
}
