package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A Redis of several pods on a real cluster, which are deleted under the run; run by {@code ./check
 * --cluster}, as {@link ClusterFlow} is.
 */
class ClusterRedis {

  private static final int ITEMS = 20_000;
  private static final Duration LONG = Duration.ofMinutes(20);
  private static final String FAILED_OVER = "Redis failed over: now ";

  @RegisterExtension final Piecework piecework = new Piecework().patient(LONG);

  private RealCluster cluster;
  private KubernetesClient client;

  @BeforeEach
  void begin() throws Exception {
    cluster = new RealCluster(piecework);
    client = cluster.client();
    piecework.write(
        "in.txt",
        IntStream.rangeClosed(1, ITEMS).mapToObj(i -> i + "\n").collect(Collectors.joining()));
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private Piecework.Started submit(String redis) throws Exception {
    String[] several = redis.split(" ", -1);
    Piecework.Started submit =
        cluster.start(
            "submit",
            "--with-redis",
            several[0],
            several[1],
            "-q",
            "job2",
            "-p",
            "3",
            "--image",
            RealCluster.IMAGE,
            "--slots",
            "8",
            "--env",
            "PAUSE=0.3",
            "--from",
            "in.txt",
            "--results",
            "out.jsonl",
            "--",
            "./worker.sh",
            "{}");
    submit.awaitErr("Job 'job2' in namespace");
    return submit;
  }

  private PodResource pod(String name) {
    return client.pods().inNamespace(cluster.namespace()).withName(name);
  }

  private List<Pod> pods() {
    return client
        .pods()
        .inNamespace(cluster.namespace())
        .withLabel("app.kubernetes.io/component", "redis")
        .list()
        .getItems();
  }

  private void awaitAllReady() {
    await("all pods of Redis are ready")
        .atMost(LONG)
        .until(() -> {
          var set =
              client
                  .apps()
                  .statefulSets()
                  .inNamespace(cluster.namespace())
                  .withName("job2-redis")
                  .get();
          return Objects.equals(set.getStatus().getReadyReplicas(), set.getSpec().getReplicas())
              && pods().stream().allMatch(one -> one.getMetadata().getDeletionTimestamp() == null);
        });
  }

  private void delete(String name, boolean volume) {
    String uid = pod(name).get().getMetadata().getUid();
    if (volume) {
      client
          .persistentVolumeClaims()
          .inNamespace(cluster.namespace())
          .withName("data-" + name)
          .delete();
    }
    pod(name).withGracePeriod(0).delete();
    await("another pod is in its place")
        .atMost(LONG)
        .until(() -> {
          Pod there = pod(name).get();
          return there != null && !there.getMetadata().getUid().equals(uid);
        });
  }

  private void assertEachOnce() throws Exception {
    List<String> lines = Files.readAllLines(piecework.file("out.jsonl"));
    assertThat(lines.stream().map(line -> line.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1")))
        .hasSize(ITEMS)
        .doesNotHaveDuplicates();
  }

  /** The pod that was named last, or the first: that is master of a new set. */
  private static String master(Piecework.Started submit) throws Exception {
    String said = submit.err();
    int at = said.lastIndexOf(FAILED_OVER);
    return at < 0 ? "job2-redis-0" : said.substring(at + FAILED_OVER.length()).split(" ", 2)[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"--redis-replicas 2", "--redis-shards 3"})
  void theMasterIsDeletedTenTimesAndItsVolumeLostOnce(String redis) throws Exception {
    var submit = submit(redis);
    for (int i = 0; i < 10; i++) {
      awaitAllReady();
      delete(master(submit), i == 4);
    }
    assertThat(RealCluster.end(submit).expect(0).err()).contains("drained: 20,000 done, 0 dead");
    assertEachOnce();
    assertThat(cluster.kube("describe", "job2").expect(0).out()).contains("job2: drained");
    assertThat(cluster.kube("delete", "job2").expect(0).err())
        .contains("persistentvolumeclaims/data-job2-redis-2 deleted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--redis-replicas 2", "--redis-shards 3"})
  void theNodeOfTheMasterIsDrained(String redis) throws Exception {
    List<Node> nodes = client.nodes().list().getItems();
    assumeThat(nodes).as("nodes").hasSizeGreaterThan(1);
    var submit = submit(redis);
    awaitAllReady();
    String node = pod(master(submit)).get().getSpec().getNodeName();
    client.nodes().withName(node).edit(one -> unschedulable(one, true));
    try {
      for (Pod there : client.pods().inNamespace(cluster.namespace()).list().getItems()) {
        if (node.equals(there.getSpec().getNodeName())) {
          await("the eviction is permitted")
              .atMost(LONG)
              .until(() -> pod(there.getMetadata().getName()).evict());
        }
      }
      assertThat(RealCluster.end(submit).expect(0).err()).contains("drained: 20,000 done, 0 dead");
      assertEachOnce();
    } finally {
      client.nodes().withName(node).edit(one -> unschedulable(one, false));
    }
  }

  private static Node unschedulable(Node node, boolean so) {
    node.getSpec().setUnschedulable(so);
    return node;
  }
}
