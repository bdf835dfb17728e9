package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.cli.Piecework.Ended;
import dev.piecework.testkit.TlsRedis;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a real cluster lacks, refuses and says of its pods; run by {@code ./check --cluster}, see
 * {@link ClusterFlow}.
 */
class ClusterAnswers {

  /** One that somebody else has made, with a Service by a name that its certificate has not. */
  private static final String REDIS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: cache, labels: {app: cache}}
      spec:
        securityContext: {runAsNonRoot: true, runAsUser: 999, fsGroup: 999, seccompProfile: {type: RuntimeDefault}}
        containers:
        - name: redis
          image: redis:7-alpine
          imagePullPolicy: IfNotPresent
          args: [--port, "0", --tls-port, "6379", --tls-cert-file, /tls/ca.pem, --tls-key-file, /tls/key.pem,
            --tls-ca-cert-file, /tls/ca.pem, --tls-auth-clients, "no", --requirepass, s3cret, --save, ""]
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
          ports: [{name: redis, containerPort: 6379}]
          readinessProbe: {tcpSocket: {port: redis}, periodSeconds: 1}
          volumeMounts: [{name: tls, mountPath: /tls}]
        volumes: [{name: tls, secret: {secretName: cache-tls, defaultMode: 0440}}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: cache}
      spec: {selector: {app: cache}, ports: [{port: 6379}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: other}
      spec: {selector: {app: cache}, ports: [{port: 6379}]}
      """;

  @RegisterExtension final Piecework piecework = new Piecework();

  private RealCluster cluster;
  private KubernetesClient client;
  private String namespace;

  @BeforeEach
  void begin() throws Exception {
    cluster = new RealCluster(piecework);
    client = cluster.client();
    namespace = cluster.namespace();
    piecework.write("in.txt", "1\n2\n3\n");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private static String[] job(String... more) {
    List<String> all = new ArrayList<>(List.of("-q", "job2", "--image", RealCluster.IMAGE));
    all.addAll(List.of("--from", "in.txt", "--slots", "1"));
    all.addAll(List.of(more));
    all.addAll(List.of("--", "./worker.sh", "{}"));
    return all.toArray(String[]::new);
  }

  @Test
  void aRedisWithTlsThatIsAServiceIsReachedByItsNameOrNothingIsMade() throws Exception {
    String name = "cache." + namespace + ".svc";
    try (TlsRedis keys = TlsRedis.named(name, "s3cret")) {
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName("cache-tls")
                  .withNamespace(namespace)
                  .endMetadata()
                  .addToStringData("ca.pem", Files.readString(keys.caFile()))
                  .addToStringData(
                      "key.pem", Files.readString(keys.caFile().resolveSibling("key.pem")))
                  .build())
          .create();
      cluster.kubectl(REDIS, "apply", "-f", "-");
      cluster.kubectl("", "wait", "--for=condition=Ready", "--timeout=5m", "pod/cache");
      piecework.write("password", "s3cret\n");
      List<String> before = cluster.made();
      String[] tls = {"--redis-password-file", "password", "--redis-ca-file"};
      String authority = keys.caFile().toString();
      Ended other =
          cluster.kube(
              "submit",
              job(with(tls, authority, "--redis", "rediss://other:6379", "--redis-timeout", "5s")));
      assertThat(other.expect(4).err()).contains("no trusted TLS connection");
      assertThat(cluster.made()).isEqualTo(before);
      String[] same = job(with(tls, authority, "--redis", "rediss://" + name + ":6379", "-p", "2"));
      assertThat(cluster.kube("submit", same).expect(0).err()).contains("drained: 3 done, 0 dead");
      assertThat(cluster.kube("describe", "job2").expect(0).out()).contains("job2: drained");
      assertThat(cluster.kube("attach", "job2").expect(0).err()).contains("drained: 3 done");
    }
  }

  private static String[] with(String[] first, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(first));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|redis|there is no Service 'redis' in namespace",
        "--with-redis --shape stream --keda|keda.sh|--keda: this cluster has no KEDA",
        "--with-redis --kueue-queue main|kueue.x-k8s.io|--kueue-queue: this cluster has no Kueue",
      })
  void whatTheClusterLacksIsSaidBeforeAnythingIsMade(
      @Nullable String options, String lacking, String said) throws Exception {
    assumeThat(client.hasApiGroup(lacking, true)).as(lacking + " is installed there").isFalse();
    List<String> before = cluster.made();
    String[] more = options == null ? new String[0] : options.split(" ");
    Ended ended = cluster.kube("submit", job(more)).expect(2);
    assertThat(ended.err()).contains(said).doesNotContain("Exception", "Failed to create socket");
    assertThat(cluster.made()).isEqualTo(before);
  }

  /** Of a Redis with a new volume the scheduler complains in its first second, each time. */
  @Test
  void whatHoldsNoLongerIsNotSaid() throws Exception {
    var submit =
        cluster.start("submit", job("--with-redis", "--env-from", "secret/late", "-p", "2"));
    submit.awaitErr("secret \"late\" not found");
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("late")
                .withNamespace(namespace)
                .endMetadata()
                .addToStringData("A", "b")
                .build())
        .create();
    Ended ended = RealCluster.end(submit).expect(0);
    assertThat(ended.err())
        .contains("drained: 3 done, 0 dead")
        .doesNotContain("fits on no node", "unbound immediate", "persistentvolumeclaim \"");
    assertThat(cluster.kube("attach", "job2").expect(0).err())
        .doesNotContain("late", "unbound", "persistentvolumeclaim");
  }

  /** Its lines up to the events, whose ages are those of another second. */
  @Test
  void describesAsKubectlDoes() throws Exception {
    cluster
        .kube(
            "submit", job("--with-redis", "-p", "2", "--metrics", "--timeout", "1m", "--ttl", "1h"))
        .expect(0);
    String theirs = cluster.kubectl("", "describe", "job", "job2");
    String ours = cluster.kube("describe", "job2").expect(0).out();
    if (!theirs.contains("TCP (health)")) {
      ours = ours.replaceAll("/TCP \\([a-z]+\\)", "/TCP"); // kubectl before it names ports
    }
    assertThat(untilEvents(ours)).isEqualTo(untilEvents(theirs));
  }

  private static List<String> untilEvents(String described) {
    return described
        .lines()
        .takeWhile(line -> !line.startsWith("Events:"))
        .map(line -> line.strip().replaceAll(" {2,}", "  "))
        .toList();
  }

  @Test
  void underAQuotaOnLimitsRedisTakesOne() throws Exception {
    client
        .resource(
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("limits")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withHard(
                    Map.of("limits.cpu", new Quantity("8"), "limits.memory", new Quantity("8Gi")))
                .endSpec()
                .build())
        .create();
    Ended without = cluster.kube("submit", job("--with-redis", "--redis-timeout", "10s"));
    assertThat(without.expect(4).err()).contains("must specify limits.cpu for: redis");
    Ended with = cluster.kube("submit", job("--with-redis", "--redis-cpu", "100m..1"));
    assertThat(with.expect(0).err()).contains("drained: 3 done, 0 dead");
  }

  /** Also where Redis is away, and it waits for that: 137 would count as a failure of the Job. */
  @Test
  void aWorkerThatIsToldToStopEndsWithinItsGrace() throws Exception {
    piecework.write("in.txt", "1\n".repeat(200));
    var submit = cluster.start("submit", job("--with-redis", "--env", "PAUSE=1", "-p", "2"));
    await().atMost(RealCluster.LONG).until(() -> !runningWorkers().isEmpty());
    scaleRedis(0);
    var victim =
        client
            .pods()
            .inNamespace(namespace)
            .withName(runningWorkers().getFirst().getMetadata().getName());
    CompletableFuture<Integer> code = new CompletableFuture<>();
    try (var _ =
        victim.watch(
            new Watcher<Pod>() {
              @Override
              public void eventReceived(Action action, Pod pod) {
                pod.getStatus().getContainerStatuses().stream()
                    .map(ContainerStatus::getState)
                    .filter(state -> state.getTerminated() != null)
                    .forEach(state -> code.complete(state.getTerminated().getExitCode()));
              }

              @Override
              public void onClose(WatcherException lost) {
                if (lost != null) {
                  code.completeExceptionally(lost);
                }
              }
            })) {
      victim.delete();
      await().atMost(RealCluster.LONG).until(code::isDone);
    }
    assertThat(code.get()).isEqualTo(143);
    scaleRedis(1);
    submit.signal("INT");
    assertThat(RealCluster.end(submit).code()).isEqualTo(130);
  }

  private void scaleRedis(int replicas) {
    client.apps().statefulSets().inNamespace(namespace).withName("job2-redis").scale(replicas);
    await()
        .atMost(RealCluster.LONG)
        .until(() ->
            (client.pods().inNamespace(namespace).withName("job2-redis-0").get() == null)
                == (replicas == 0));
  }

  private List<Pod> runningWorkers() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/component", "worker")
        .list()
        .getItems()
        .stream()
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .toList();
  }
}
