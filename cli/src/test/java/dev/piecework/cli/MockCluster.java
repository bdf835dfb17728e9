package dev.piecework.cli;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testkit.TestRedis;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A cluster as far as submit can tell: fabric8's API server, with a controller of ours that starts
 * a real Redis for a StatefulSet and real workers for the pods of a Job.
 */
@SuppressWarnings("NullAway.Init") // before each test
final class MockCluster implements BeforeEachCallback, AfterEachCallback {

  static final String NAMESPACE = "bags";

  // It logs every request otherwise. Loggers that nobody holds are forgotten.
  private static final Logger QUIET = Logger.getLogger("io.fabric8.mockwebserver");

  private KubernetesMockServer server;
  private KubernetesClient client;
  private ApiFront front;
  private Path folder;
  private ScriptedController controller;
  private final Map<String, TestRedis> redis = new HashMap<>();
  private final Map<String, RedisPods> sets = new ConcurrentHashMap<>();

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    QUIET.setLevel(Level.WARNING);
    server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            new HashMap<>(),
            new KubernetesCrudDispatcher(),
            false);
    server.init();
    // Its own patience, of ten seconds, ends where much else runs.
    try (KubernetesClient hasty = server.createClient()) {
      Config config =
          new ConfigBuilder(hasty.getConfiguration())
              .withRequestTimeout(Math.toIntExact(Piecework.TIMEOUT.toMillis()))
              .build();
      client = new KubernetesClientBuilder().withConfig(config).build();
    }
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    front = new ApiFront(server.getPort());
    folder = Files.createTempDirectory("piecework-cluster-");
    controller = new ScriptedController(this, folder);
    controller.start();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    controller.close();
    front.close();
    client.close();
    server.destroy();
    redis.values().forEach(TestRedis::close);
    sets.values().forEach(RedisPods::close);
    Piecework.remove(folder);
  }

  KubernetesClient client() {
    return client;
  }

  ApiFront front() {
    return front;
  }

  ScriptedController controller() {
    return controller;
  }

  /** A kubeconfig for this cluster, in a file. */
  Path kubeconfig() throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: test
          cluster: {server: "%s"}
        - name: away
          cluster: {server: "http://127.0.0.1:1/"}
        users:
        - name: bob
          user: {token: secret}
        contexts:
        - name: test
          context: {cluster: test, user: bob, namespace: %s}
        - name: away
          context: {cluster: away, user: bob}
        """
            .formatted(front.url(), NAMESPACE));
  }

  /** A verb of kube on this cluster, for {@link Piecework#here}, which has no KUBECONFIG. */
  String[] verb(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(2, List.of("--kubeconfig", kubeconfig().toString()));
    return all.toArray(String[]::new);
  }

  /** The Redis of a StatefulSet, once it was started. */
  @Nullable TestRedis redis(String name) {
    synchronized (redis) {
      return redis.get(name);
    }
  }

  /** The pods of a StatefulSet of several Redis, once they were started. */
  @Nullable RedisPods redisPods(String name) {
    return sets.get(name);
  }

  /** What a value of a Secret is. */
  String secret(String name, String key) {
    Secret secret = client.secrets().inNamespace(NAMESPACE).withName(name).get();
    if (secret.getStringData() != null && secret.getStringData().containsKey(key)) {
      return secret.getStringData().get(key);
    }
    return new String(
        Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
  }

  /** Starts a Redis with the password of its Secret, and a pod that stands for it. */
  void startRedis(StatefulSet set) throws IOException {
    String name = set.getMetadata().getName();
    if (set.getSpec().getReplicas() > 1) {
      Path volumes = Files.createDirectories(folder.resolve(name));
      sets.put(name, new RedisPods(this, set, volumes));
      return;
    }
    TestRedis started;
    synchronized (redis) {
      started =
          redis.computeIfAbsent(
              name,
              _ ->
                  TestRedis.startedAs(
                      PrivateRedis.builder().appendOnly(true).password(secret(name, "password"))));
    }
    addRedisPod(name, set.getSpec().getSelector().getMatchLabels(), started.port());
  }

  /** A Service of the namespace with a pod behind it, which listens on a port of this machine. */
  void addRedisService(String name, int port) {
    Map<String, String> selector = Map.of("app", name);
    addRedisPod(name, selector, port);
    client
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withSelector(selector)
                .addNewPort()
                .withPort(6379)
                .endPort()
                .endSpec()
                .build())
        .create();
  }

  Pod addRedisPod(String name, Map<String, String> labels, int port) {
    String podName = name + "-0";
    front.portOf(podName, port);
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(podName)
            .withNamespace(NAMESPACE)
            .withLabels(labels)
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("redis")
            .addNewPort()
            .withName("redis")
            .withContainerPort(6379)
            .endPort()
            .endContainer()
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .endStatus()
            .build();
    return client.resource(pod).create();
  }
}
