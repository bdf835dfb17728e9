package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The way from nothing to a finished Job on a real cluster; run by {@code ./check --cluster}. It
 * needs PIECEWORK_KUBECONFIG, and PIECEWORK_LOAD_IMAGE: a command that brings the image in a tar to
 * the nodes, such as {@code minikube image load}; the tar is its last argument, or where {} is.
 * Every test has a namespace of its own.
 */
class ClusterFlow {

  @RegisterExtension final Piecework piecework = new Piecework();

  private RealCluster cluster;
  private KubernetesClient client;
  private String namespace;

  @BeforeEach
  void begin() throws Exception {
    cluster = new RealCluster(piecework);
    client = cluster.client();
    namespace = cluster.namespace();
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private static String[] job(String shape, int pods, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--with-redis",
                "-q",
                "job2",
                "-p",
                String.valueOf(pods),
                "--shape",
                shape,
                "--image",
                RealCluster.IMAGE,
                "--slots",
                "1"));
    all.addAll(List.of(more));
    all.addAll(List.of("--", "./worker.sh", "{}"));
    return all.toArray(String[]::new);
  }

  private void items(int count) throws Exception {
    piecework.write(
        "in.txt",
        String.join("\n", IntStream.rangeClosed(1, count).mapToObj(String::valueOf).toList())
            + "\n");
  }

  private void assertEachOnce(int count) throws Exception {
    List<String> lines = Files.readAllLines(piecework.file("out.jsonl"));
    assertThat(lines).hasSize(count);
    assertThat(lines.stream().map(line -> line.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1")))
        .doesNotHaveDuplicates()
        .allMatch(payload -> payload.matches("\\d+"));
  }

  private List<Pod> workers() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/component", "worker")
        .list()
        .getItems();
  }

  private List<Pod> running() {
    return workers().stream()
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pool", "queue"})
  void theTutorialInOneCommand(String shape) throws Exception {
    items(40);
    var ended =
        cluster.kube(
            "submit", job(shape, 2, "--from", "in.txt", "--results", "out.jsonl", "--logs"));
    assertThat(ended.expect(0).err()).contains("drained: 40 done, 0 dead");
    assertEachOnce(40);
    assertThat(cluster.kube("describe", "job2").expect(0).out())
        .contains("Pods Statuses:    0 Active (0 Ready) / 2 Succeeded / 0 Failed", "job2: drained");
    assertThat(cluster.kube("logs", "job2").expect(0).out()).contains("working on job2");
    assertThat(cluster.kube("submit", job(shape, 2, "--from", "in.txt")).expect(0).err())
        .contains("is Complete already");
    assertThat(cluster.kube("delete", "job2").expect(0).err())
        .contains("jobs.batch/job2 deleted", "persistentvolumeclaims/data-job2-redis-0 deleted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pool", "queue", "stream"})
  void manifestsAreAppliedAndFilledFromHere(String shape) throws Exception {
    var printed = cluster.kube("manifests", job(shape, 2)).expect(0);
    List<HasMetadata> objects =
        client
            .load(new ByteArrayInputStream(printed.out().getBytes(StandardCharsets.UTF_8)))
            .items();
    objects.forEach(object ->
        client
            .resource(object)
            .inNamespace(namespace)
            .fieldManager("kubectl")
            .forceConflicts()
            .serverSideApply());
    var redis =
        client
            .apps()
            .statefulSets()
            .inNamespace(namespace)
            .withName("job2-redis")
            .waitUntilReady(5, java.util.concurrent.TimeUnit.MINUTES);
    assertThat(redis.getStatus().getReadyReplicas()).isEqualTo(1);
    String url =
        new String(
            java.util.Base64.getDecoder()
                .decode(
                    client
                        .secrets()
                        .inNamespace(namespace)
                        .withName("job2-redis")
                        .get()
                        .getData()
                        .get("url")),
            StandardCharsets.UTF_8);
    try (var forward =
        client.pods().inNamespace(namespace).withName("job2-redis-0").portForward(6379)) {
      piecework.with("REDIS_URL", url.replaceFirst("@.*", "@127.0.0.1:" + forward.getLocalPort()));
      piecework.run("fill", "job2", "apple", "banana", "cherry").expect(0);
    }
    assertThat(cluster.kube("attach", "job2", "--results", "out.jsonl").expect(0).err())
        .contains("drained: 3 done, 0 dead");
    assertThat(Files.readAllLines(piecework.file("out.jsonl"))).hasSize(3);
  }

  @Test
  void aStreamIsFilledAgainAndScaled() throws Exception {
    items(10);
    cluster.kube("submit", job("stream", 1, "--from", "in.txt", "--as", "one")).expect(0);
    assertThat(cluster.kube("scale", "job2", "2").expect(0).err()).contains("2 pods, 1 before");
    await().atMost(RealCluster.LONG).until(() -> running().size() == 2);
    cluster.kube("submit", job("stream", 1, "--from", "in.txt", "--as", "two")).expect(0);
    cluster.kube("delete", "job2", "--keep-redis").expect(0);
    assertThat(client.secrets().inNamespace(namespace).withName("job2-redis").get()).isNotNull();
  }

  /** How a pod goes. */
  enum Loss {
    DELETED,
    EVICTED,
    KILLED
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void inThePoolShapeAPodThatGoesIsReplacedAndNothingIsLost(Loss loss) throws Exception {
    items(150);
    var submit =
        cluster.start(
            "submit",
            job("pool", 3, "--env", "PAUSE=1", "--from", "in.txt", "--results", "out.jsonl"));
    for (int i = 0; i < 3; i++) {
      await().atMost(RealCluster.LONG).until(() -> running().size() >= 2);
      Pod victim = running().getFirst();
      var pod = client.pods().inNamespace(namespace).withName(victim.getMetadata().getName());
      switch (loss) {
        case DELETED -> pod.delete();
        case EVICTED -> assertThat(pod.evict()).isTrue();
        case KILLED -> pod.withGracePeriod(0).delete();
      }
    }
    assertThat(RealCluster.end(submit).expect(0).err()).contains("drained: 150 done, 0 dead");
    assertEachOnce(150);
  }

  @Test
  void redisIsReplacedUnderTheRun() throws Exception {
    items(60);
    var submit =
        cluster.start(
            "submit",
            job("pool", 2, "--env", "PAUSE=1", "--from", "in.txt", "--results", "out.jsonl"));
    submit.awaitErr("Job 'job2' in namespace");
    await().atMost(RealCluster.LONG).until(() -> running().size() == 2);
    client.pods().inNamespace(namespace).withName("job2-redis-0").delete();
    assertThat(RealCluster.end(submit).expect(0).err()).contains("drained: 60 done, 0 dead");
    assertEachOnce(60);
  }

  @Test
  void aSubmitThatIsKilledGoesOn() throws Exception {
    items(60);
    String[] same = job("pool", 2, "--from", "in.txt", "--results", "out.jsonl");
    var first = cluster.start("submit", same);
    await()
        .atMost(RealCluster.LONG)
        .until(() -> client.secrets().inNamespace(namespace).withName("job2-redis").get() != null);
    first.signal("KILL");
    var second = cluster.start("submit", same);
    await()
        .atMost(RealCluster.LONG)
        .until(
            () -> client.batch().v1().jobs().inNamespace(namespace).withName("job2").get() != null);
    second.signal("KILL");
    var third = cluster.start("submit", same);
    third.awaitErr("is there already");
    third.signal("INT");
    assertThat(RealCluster.end(third).code()).isEqualTo(130);
    cluster.kube("submit", same).expect(0);
    assertEachOnce(60);
  }

  @Test
  void aFinishedRunIsKnownWhenItsJobIsGone() throws Exception {
    items(5);
    String[] same = job("pool", 1, "--ttl", "1s", "--from", "in.txt", "--results", "out.jsonl");
    cluster.kube("submit", same).expect(0);
    var job = client.batch().v1().jobs().inNamespace(namespace).withName("job2");
    await().atMost(RealCluster.LONG).until(() -> job.get() == null);
    assertThat(cluster.kube("submit", same).expect(0).err()).contains("is finished already");
    assertEachOnce(5);
    assertThat(job.get()).isNull();
    cluster.kube("submit", job("pool", 1, "--fresh", "--from", "in.txt")).expect(0);
    cluster.kube("delete", "job2", "--keep-redis").expect(0);
    var kept = cluster.kube("submit", job("pool", 1, "--from", "in.txt")).expect(0);
    assertThat(kept.err()).contains("is finished already");
  }

  @Test
  void whatKeepsAPodFromStartingIsSaid() throws Exception {
    items(1);
    String[] absent = {
      "--with-redis",
      "-q",
      "job2",
      "--image",
      "localhost:1/no-such:1",
      "--from",
      "in.txt",
      "--time-limit",
      "1m",
      "--delete-on-exit",
      "--",
      "true"
    };
    assertThat(cluster.kube("submit", absent).expect(5).err()).contains("of localhost:1/no-such:1");
    String[] huge = {
      "--with-redis",
      "-q",
      "huge",
      "--image",
      RealCluster.IMAGE,
      "--from",
      "in.txt",
      "--cpu",
      "900",
      "--time-limit",
      "1m",
      "--delete-on-exit",
      "--",
      "true"
    };
    assertThat(cluster.kube("submit", huge).expect(5).err())
        .contains("fits on no node", "Insufficient cpu");
    assertThat(client.secrets().inNamespace(namespace).list().getItems()).isEmpty();
  }

  @Test
  void aWrongNamespaceAndMissingRightsAreSaid() throws Exception {
    assertThat(piecework.run("kube", "describe", "x", "-n", "no-such-namespace").expect(2).err())
        .contains("there is no namespace 'no-such-namespace'");
    piecework.with("KUBERNETES_IMPERSONATE_USERNAME", "nobody");
    assertThat(cluster.kube("describe", "x").expect(2).err())
        .contains("no permission: user 'nobody' may not get jobs.batch in namespace '" + namespace);
  }
}
