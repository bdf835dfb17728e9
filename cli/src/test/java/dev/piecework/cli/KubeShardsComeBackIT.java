package dev.piecework.cli;

import dev.piecework.testrun.Needs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A bag on a Cluster of three shards, whose pods come back as soon as they are gone. */
@Needs({"redis-cli", "unshare"})
@Tag("cluster")
class KubeShardsComeBackIT extends BagOnRedisPods {

  @Test
  void aMasterThatComesBackAtOnceWithoutItsVolumeIsReplacedByItsReplica() throws Exception {
    var submit = started(submit(200, "--redis-shards", "3"));
    RedisPods pods = pods();
    awaitCopies(pods);
    int master = awaitMasters(pods, 3).getFirst();
    pods.kill(master, true);
    awaitThat(
        "its replica has taken over, and it is a replica",
        pods,
        () -> pods.allReady() && masters(pods).size() == 3 && !masters(pods).contains(master));
    go();
    submit.end().expect(0);
    assertEachOnce(200);
  }

  @Test
  void allPodsThatGoAndComeBackHaveWhatTheyHad() throws Exception {
    assertAllComeBackWithWhatTheyHad("--redis-shards", "3");
  }
}
