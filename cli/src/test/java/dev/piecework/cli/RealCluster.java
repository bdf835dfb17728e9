package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A namespace of its own on a real cluster, where the Pod Security Standard <i>restricted</i> is
 * enforced, and the worker of the tutorial in an image on its nodes.
 */
final class RealCluster implements AutoCloseable {

  static final String IMAGE = "piecework-worker:local";
  static final Duration LONG = Duration.ofMinutes(10);
  private static final Path KUBECONFIG = Path.of(variable("PIECEWORK_KUBECONFIG"));
  private static boolean loaded;

  private final Piecework piecework;
  private final String namespace = "piecework-" + UUID.randomUUID().toString().substring(0, 8);
  private final KubernetesClient client;

  RealCluster(Piecework piecework) throws Exception {
    this.piecework = piecework;
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(KUBECONFIG.toFile()))
            .build();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                .endMetadata()
                .build())
        .create();
    piecework.with("KUBECONFIG", KUBECONFIG.toAbsolutePath().toString());
    load();
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    assertThat(value).as(name + " (see ./check --help)").isNotBlank();
    return value;
  }

  /** What brings the image in a tar to the nodes: a command of a shell, the tar is its $1. */
  static String loading() {
    String wish = variable("PIECEWORK_LOAD_IMAGE");
    return wish.contains("{}") ? wish.replace("{}", "\"$1\"") : wish + " \"$1\"";
  }

  /** Once: the image with the worker of the tutorial, on a base that no registry is asked for. */
  private void load() throws Exception {
    if (loaded) {
      return;
    }
    Path folder = Files.createDirectories(piecework.file("tutorial"));
    Path worker =
        Files.writeString(
            folder.resolve("worker.sh"),
            "#!/bin/sh\necho \"Working on $1\"\nsleep ${PAUSE:-0.2}\n");
    Files.setPosixFilePermissions(worker, PosixFilePermissions.fromString("rwxr-xr-x"));
    piecework
        .run(
            "kube",
            "image",
            "--tar",
            "tutorial.tar",
            "--add",
            "tutorial",
            "--base",
            base(piecework))
        .expect(0);
    var load = piecework.startProgram("sh", "-c", loading(), "sh", "tutorial.tar");
    assertThat(end(load).code()).as(load.err()).isZero();
    loaded = true;
  }

  static String base(Piecework piecework) throws Exception {
    return TestBases.plain().tar(piecework.file("base.tar").toAbsolutePath());
  }

  static Piecework.Ended end(Piecework.Started started) throws Exception {
    await().atMost(LONG).until(() -> !started.isAlive());
    return started.end();
  }

  String namespace() {
    return namespace;
  }

  /** What {@code kubectl} says to these words, with this on its standard input. */
  String kubectl(String input, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("kubectl", "-n", namespace));
    all.addAll(List.of(words));
    var started = piecework.startProgram(all.toArray(String[]::new));
    started.say(input);
    started.endInput();
    return end(started).expect(0).out();
  }

  /** A kubeconfig with the credentials of a ServiceAccount of the namespace. */
  Path kubeconfigOf(String account) throws Exception {
    String token =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(account)
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    Config config = client.getConfiguration();
    return piecework.write(
        "kubeconfig-" + account,
        """
        apiVersion: v1
        kind: Config
        current-context: it
        clusters:
        - name: it
          cluster: {server: "%s", certificate-authority-data: "%s"}
        users:
        - name: it
          user: {token: "%s"}
        contexts:
        - name: it
          context: {cluster: it, user: it, namespace: %s}
        """
            .formatted(config.getMasterUrl(), config.getCaCertData(), token, namespace));
  }

  /** All that a submit makes, as {@code KIND/NAME}. */
  List<String> made() {
    return Stream.of(
            client.batch().v1().jobs(),
            client.apps().deployments(),
            client.apps().statefulSets(),
            client.pods(),
            client.secrets(),
            client.services(),
            client.serviceAccounts(),
            client.persistentVolumeClaims(),
            client.network().v1().networkPolicies(),
            client.policy().v1().podDisruptionBudget())
        .flatMap(kind -> kind.inNamespace(namespace).list().getItems().stream())
        .filter(object -> !object.getMetadata().getName().equals("default"))
        .map(object -> object.getKind() + "/" + object.getMetadata().getName())
        .toList();
  }

  KubernetesClient client() {
    return client;
  }

  /** Runs a verb of kube in the namespace to its end. */
  Piecework.Ended kube(String verb, String... words) throws Exception {
    return end(start(verb, words));
  }

  /** Starts a verb of kube in the namespace. */
  Piecework.Started start(String verb, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("kube", verb, "-n", namespace));
    all.addAll(List.of(words));
    return piecework.start(all.toArray(String[]::new));
  }

  @Override
  public void close() {
    client.namespaces().withName(namespace).delete();
    client.close();
  }
}
