package dev.piecework.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.Effort;
import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A bag on a Redis with replicas, from a laptop to a finished Job: its servers and Sentinels are
 * real processes with the command lines of the manifest, and are killed.
 */
@Needs({"redis-cli", "unshare"})
@Tag("cluster")
class KubeReplicasIT {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String REDIS = "job2-redis";
  private static final String FAILED_OVER = "Redis failed over: now ";

  @RegisterExtension final Piecework piecework = new Piecework().patient(Duration.ofMinutes(20));
  @RegisterExtension final MockCluster cluster = new MockCluster();

  @BeforeEach
  void point() throws Exception {
    piecework.with("KUBECONFIG", cluster.kubeconfig().toString());
  }

  private String[] submit() {
    return new String[] {
      "kube",
      "submit",
      "--with-redis",
      "--redis-replicas",
      "2",
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
      "sleep 0.04; [ $1 != last ] || until [ -e " + piecework.file("go") + " ]; do sleep 0.1; done"
    };
  }

  private RedisPods awaitPods() {
    await().atMost(LONG).until(() -> cluster.redisPods(REDIS) != null);
    return requireNonNull(cluster.redisPods(REDIS));
  }

  private void items(int count) throws Exception {
    String numbers =
        IntStream.rangeClosed(1, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
    piecework.write("in.txt", numbers + "last\n");
  }

  private void assertEachOnce(int count) throws Exception {
    List<String> lines = Files.readAllLines(piecework.file("out.jsonl"));
    assertThat(lines.stream().map(line -> line.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1")))
        .hasSize(count + 1)
        .doesNotHaveDuplicates();
  }

  /** The number of the pod that the Sentinels of a majority name. */
  private static int master(RedisPods pods) throws Exception {
    for (int i = 0; i < pods.count(); i++) {
      if (pods.ask(i, "role").startsWith("master")) {
        return i;
      }
    }
    throw new AssertionError("no master: " + pods.logs());
  }

  @Test
  void mastersAreKilledAndAVolumeIsLostAndEachItemIsDoneOnce() throws Exception {
    int count = Effort.of(1_000);
    int kills = Effort.of(1) > 1 ? 10 : 3;
    items(count);
    var submit = piecework.start(submit());
    submit.awaitErr("Job 'job2' in namespace");
    RedisPods pods = awaitPods();
    for (int i = 0; i < kills; i++) {
      await("all are whole again").atMost(LONG).until(pods::allReady);
      int master = master(pods);
      pods.kill(master, i == 1);
      await("a failover is told, of a pod")
          .atMost(LONG)
          .until(() -> {
            String last = lastFailover(submit.err());
            return !last.isEmpty() && !last.equals(pods.pod(master));
          });
    }
    Files.createFile(piecework.file("go"));
    var ended = submit.end().expect(0);
    assertThat(ended.err())
        .contains(String.format(Locale.ROOT, "drained: %,d done, 0 dead", count + 1))
        .contains("the 3 pods of Redis are on 1 node");
    assertEachOnce(count);
    assertThat(piecework.here(cluster.verb("kube", "describe", "job2")).expect(0).out())
        .contains("job2: drained");
    piecework.here(cluster.verb("kube", "attach", "job2")).expect(0);
    assertThat(piecework.here(cluster.verb("kube", "delete", "job2")).expect(0).err())
        .contains("statefulsets.apps/job2-redis deleted", "services/job2-redis deleted");
  }

  private static String lastFailover(String said) {
    int at = said.lastIndexOf(FAILED_OVER);
    return at < 0 ? "" : said.substring(at + FAILED_OVER.length()).split(" ", 2)[0];
  }

  @Test
  void withAllVolumesLostTheRunIsLostAndThatIsSaid() throws Exception {
    items(200);
    var submit = piecework.start(submit());
    submit.awaitErr("Job 'job2' in namespace");
    RedisPods pods = awaitPods();
    await().atMost(LONG).until(pods::allReady);
    pods.killAll();
    assertThat(submit.end().expect(3).err()).contains("lost");
  }

  @Test
  void allPodsThatGoAndComeBackHaveWhatTheyHad() throws Exception {
    items(200);
    var submit = piecework.start(submit());
    submit.awaitErr("Job 'job2' in namespace");
    RedisPods pods = awaitPods();
    await().atMost(LONG).until(pods::allReady);
    for (int i = 0; i < pods.count(); i++) {
      pods.kill(i, false);
    }
    await().atMost(LONG).until(pods::allReady);
    Files.createFile(piecework.file("go"));
    submit.end().expect(0);
    assertEachOnce(200);
  }

  @Test
  void anotherKindOfRedisThanIsThereIsRefused() throws Exception {
    cluster.controller().ignoreJobs();
    piecework.write("in.txt", "a\n");
    var single = submit();
    single[4] = "0";
    var first = piecework.start(single);
    first.awaitErr("Job 'job2' in namespace");
    first.signal("INT");
    assertThat(piecework.here(cluster.verb(submit())).expect(2).err())
        .contains("is of another kind or size", "Nothing was made");
  }
}
