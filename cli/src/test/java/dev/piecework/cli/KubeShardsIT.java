package dev.piecework.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.Effort;
import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A bag on a Cluster of three shards, from a laptop to a finished Job: its nodes, and what keeps
 * them together, are real processes with the command lines of the manifest, and are killed.
 */
@Needs({"redis-cli", "unshare"})
@Tag("cluster")
class KubeShardsIT {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String REDIS = "job2-redis";

  @RegisterExtension final Piecework piecework = new Piecework().patient(Duration.ofMinutes(20));
  @RegisterExtension final MockCluster cluster = new MockCluster();

  @BeforeEach
  void point() throws Exception {
    piecework.with("KUBECONFIG", cluster.kubeconfig().toString());
  }

  private Piecework.Started submit(int items) throws Exception {
    String numbers =
        IntStream.rangeClosed(1, items).mapToObj(i -> i + "\n").collect(Collectors.joining());
    piecework.write("in.txt", numbers + "last\n");
    var submit =
        piecework.start(
            "kube",
            "submit",
            "--with-redis",
            "--redis-shards",
            "3",
            "-q",
            "job2",
            "-p",
            "2",
            "--slots",
            "4",
            "--image",
            "registry.example/job2:1",
            "--from",
            piecework.file("in.txt").toString(),
            "--results",
            piecework.file("out.jsonl").toString(),
            "--sh",
            // The last item is there until the test has done all it wants to.
            "sleep 0.04; [ $1 != last ] || until [ -e "
                + piecework.file("go")
                + " ]; do sleep 0.1; done");
    submit.awaitErr("Job 'job2' in namespace");
    return submit;
  }

  private RedisPods awaitPods() {
    await().atMost(LONG).until(() -> cluster.redisPods(REDIS) != null);
    RedisPods pods = requireNonNull(cluster.redisPods(REDIS));
    await("all are whole").atMost(LONG).until(pods::allReady);
    return pods;
  }

  private void assertEachOnce(int count) throws Exception {
    List<String> lines = Files.readAllLines(piecework.file("out.jsonl"));
    assertThat(lines.stream().map(line -> line.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1")))
        .hasSize(count + 1)
        .doesNotHaveDuplicates();
  }

  private static List<Integer> masters(RedisPods pods) throws Exception {
    List<Integer> masters = new ArrayList<>();
    for (int i = 0; i < pods.count(); i++) {
      if (pods.ask(i, "role").startsWith("master")) {
        masters.add(i);
      }
    }
    return masters;
  }

  @Test
  void mastersAreKilledAndAVolumeIsLostAndEachItemIsDoneOnce() throws Exception {
    int count = Effort.of(1_000);
    int kills = Effort.of(1) > 1 ? 10 : 3;
    var submit = submit(count);
    RedisPods pods = awaitPods();
    assertThat(pods.ask(0, "cluster", "info")).contains("cluster_slots_assigned:16384");
    for (int i = 0; i < kills; i++) {
      int before = lines(submit.err());
      int master = masters(pods).get(i % 3);
      pods.hold(master);
      pods.kill(master, i == 1);
      await("a failover is told, of a pod").atMost(LONG).until(() -> lines(submit.err()) > before);
      pods.release(master);
      await("all are whole again").atMost(LONG).until(() -> pods.allReady());
      assertThat(masters(pods)).as("a replica for each").hasSize(3);
    }
    Files.createFile(piecework.file("go"));
    assertThat(submit.end().expect(0).err())
        .contains(String.format(Locale.ROOT, "drained: %,d done, 0 dead", count + 1));
    assertEachOnce(count);
    assertThat(piecework.here(cluster.verb("kube", "describe", "job2")).expect(0).out())
        .contains("job2: drained", "partitions");
    piecework.here(cluster.verb("kube", "attach", "job2")).expect(0);
  }

  private static int lines(String said) {
    return said.split("Redis failed over: now job2-redis-", -1).length;
  }

  @Test
  void aMasterThatComesBackAtOnceWithoutItsVolumeIsReplacedByItsReplica() throws Exception {
    var submit = submit(200);
    RedisPods pods = awaitPods();
    int master = masters(pods).getFirst();
    pods.kill(master, true);
    await("its replica has taken over, and it is a replica")
        .atMost(LONG)
        .until(
            () -> pods.allReady() && masters(pods).size() == 3 && !masters(pods).contains(master));
    Files.createFile(piecework.file("go"));
    submit.end().expect(0);
    assertEachOnce(200);
  }

  @Test
  void allPodsThatGoAndComeBackHaveWhatTheyHad() throws Exception {
    var submit = submit(200);
    RedisPods pods = awaitPods();
    for (int i = 0; i < pods.count(); i++) {
      pods.kill(i, false);
    }
    await().atMost(LONG).until(pods::allReady);
    Files.createFile(piecework.file("go"));
    submit.end().expect(0);
    assertEachOnce(200);
  }
}
