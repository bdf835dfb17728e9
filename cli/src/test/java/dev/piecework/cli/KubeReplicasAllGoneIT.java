package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A bag on a Redis with replicas, of which none is left for a while, or for good. */
@Needs({"redis-cli", "unshare"})
@Tag("cluster")
class KubeReplicasAllGoneIT extends BagOnRedisPods {

  @Test
  void withAllVolumesLostTheRunIsLostAndThatIsSaid() throws Exception {
    var submit = started(submit(200, "--redis-replicas", "2"));
    pods().killAll();
    assertThat(submit.end().expect(3).err()).contains("lost");
  }

  @Test
  void allPodsThatGoAndComeBackHaveWhatTheyHad() throws Exception {
    assertAllComeBackWithWhatTheyHad("--redis-replicas", "2");
  }

  @Test
  void anotherKindOfRedisThanIsThereIsRefused() throws Exception {
    cluster.controller().ignoreJobs();
    var first = started(submit(1, "--redis-replicas", "0"));
    first.signal("INT");
    assertThat(here(submit(1, "--redis-replicas", "2")).expect(2).err())
        .contains("is of another kind or size", "Nothing was made");
  }
}
