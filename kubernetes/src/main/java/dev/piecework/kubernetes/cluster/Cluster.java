package dev.piecework.kubernetes.cluster;

import dev.piecework.kubernetes.cluster.ClusterException.Kind;
import dev.piecework.kubernetes.rights.Right;
import dev.piecework.kubernetes.rights.Rights;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One namespace of a cluster. Whatever goes wrong is a {@link ClusterException} whose message is
 * one line for people.
 */
public final class Cluster implements AutoCloseable {

  /** Under this name our fields are known to server-side apply. */
  static final String FIELD_MANAGER = "piecework";

  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(20);

  private final KubernetesClient client;
  private final String namespace;
  private final Explained explained;

  private Cluster(KubernetesClient client, String namespace, String shown) {
    this.client = client;
    this.namespace = namespace;
    this.explained = new Explained(shown);
  }

  /** Reads the kubeconfig; asks nobody. */
  public static Cluster open(ClusterAddress address) {
    Config config = config(address);
    List<String> contexts = Contexts.names(config);
    String current = Contexts.current(config);
    String wanted = address.context();
    if (wanted != null && !contexts.contains(wanted)) {
      throw new ClusterException(
          Kind.REFUSED,
          "there is no context '"
              + Explained.oneLine(wanted)
              + "' in the kubeconfig"
              + (contexts.isEmpty() ? "" : "; there are " + String.join(", ", contexts)));
    }
    if (contexts.isEmpty() && !Contexts.insideACluster(config)) {
      throw new ClusterException(
          Kind.REFUSED, "no cluster: neither KUBECONFIG nor ~/.kube/config says where one is");
    }
    if (!contexts.isEmpty() && current == null && !Contexts.insideACluster(config)) {
      throw new ClusterException(
          Kind.REFUSED,
          "the kubeconfig has no current context; choose one of "
              + String.join(", ", contexts)
              + " with --context");
    }
    // Retried by whoever can say that it is waiting.
    config.setRequestRetryBackoffLimit(1);
    config.setConnectionTimeout((int) LONGEST_REQUEST.toMillis() / 2);
    config.setRequestTimeout((int) LONGEST_REQUEST.toMillis());
    String own = config.getNamespace();
    String namespace = address.namespace() != null ? address.namespace() : own;
    String shown =
        "the cluster"
            + (current == null ? "" : " of context '" + current + "'")
            + " at "
            + config.getMasterUrl().replaceAll("/+$", "");
    return new Cluster(
        new KubernetesClientBuilder().withConfig(config).build(),
        namespace == null || namespace.isBlank() ? "default" : namespace,
        shown);
  }

  private static Config config(ClusterAddress address) {
    Path file = address.kubeconfig();
    try {
      if (file == null) {
        return Config.autoConfigure(address.context());
      }
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw new ClusterException(Kind.REFUSED, "--kubeconfig: cannot read " + file);
      }
      return Config.fromKubeconfig(address.context(), file.toFile());
    } catch (ClusterException no) {
      throw no;
    } catch (RuntimeException wrong) {
      throw new ClusterException(
          Kind.REFUSED,
          "the kubeconfig cannot be used: " + Explained.oneLine(String.valueOf(wrong.getMessage())),
          wrong);
    }
  }

  public String namespace() {
    return namespace;
  }

  KubernetesClient client() {
    return client;
  }

  /**
   * Asks, and explains a no.
   *
   * @param verb as RBAC has it
   * @param what as RBAC has it, with a name where there is one
   */
  <T extends @Nullable Object> T ask(String verb, String what, Supplier<T> question) {
    try {
      return question.get();
    } catch (KubernetesClientException failure) {
      throw explained.of(failure, verb, what);
    }
  }

  /**
   * Says at once that there is no such namespace: to list in it, or to look for something, answers
   * with nothing. Who may not look at namespaces is not told.
   */
  public void requireNamespace() {
    boolean there;
    try {
      there =
          ask("get", "namespaces/" + namespace, () -> client.namespaces().withName(namespace).get())
              != null;
    } catch (ClusterException no) {
      if (no.kind() == Kind.REFUSED && !isUnauthorised(no)) {
        return;
      }
      throw no;
    }
    if (!there) {
      throw new ClusterException(Kind.REFUSED, explained.noNamespace(namespace));
    }
  }

  /** Those of these rights that we do not have here; what cannot be asked counts as permitted. */
  public SortedSet<Right> missing(Collection<Right> rights) {
    return new Permissions(this).missing(rights);
  }

  /** Says in one line that these rights are missing, if there are any. */
  public void refuse(SortedSet<Right> missing) {
    new Permissions(this).refuse(missing);
  }

  private static boolean isUnauthorised(ClusterException no) {
    return no.getCause() instanceof KubernetesClientException cause && cause.getCode() == 401;
  }

  /**
   * Whether it has objects of this kind: those of an operator are there with that operator only.
   */
  public boolean knows(HasMetadata object) {
    String version = object.getApiVersion();
    APIResourceList kinds = ask("get", version, () -> client.getApiResources(version));
    return kinds != null
        && kinds.getResources().stream().anyMatch(kind -> kind.getKind().equals(object.getKind()));
  }

  /**
   * Whether it has objects of this group, in whatever version. Where that cannot be asked they are
   * taken to be there.
   */
  public boolean knowsGroup(String group) {
    try {
      return ask("get", group, () -> client.getApiGroup(group)) != null;
    } catch (ClusterException no) {
      if (no.kind() == Kind.AWAY) {
        throw no;
      }
      return no.kind() == Kind.REFUSED;
    }
  }

  /** Makes an object, or makes the one that is there like it. */
  public void apply(HasMetadata object) {
    new Application(this).apply(object);
  }

  /** What is in a Secret, or nothing when it is not there. */
  public Optional<Map<String, String>> secret(String name) {
    Secret secret =
        ask(
            "get",
            "secrets/" + name,
            () -> client.secrets().inNamespace(namespace).withName(name).get());
    if (secret == null) {
      return Optional.empty();
    }
    Map<String, String> values = new TreeMap<>();
    Map<String, String> data = secret.getData();
    if (data != null) {
      data.forEach((key, value) ->
          values.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    if (secret.getStringData() != null) {
      values.putAll(secret.getStringData()); // the API server never answers with it; mocks do
    }
    return Optional.of(values);
  }

  /** Whether there is a Service of this name that has pods behind it. */
  public boolean hasService(String name) {
    Service service =
        ask(
            "get",
            "services/" + name,
            () -> client.services().inNamespace(namespace).withName(name).get());
    return service != null
        && service.getSpec() != null
        && service.getSpec().getSelector() != null
        && !service.getSpec().getSelector().isEmpty();
  }

  /**
   * A way from this machine to the pods behind a Service. Whether it is permitted is asked first,
   * and tried: of a port-forward that is refused, its caller sees no more than a connection that
   * breaks.
   */
  public Tunnel tunnel(String service, int port) {
    refuse(missing(Rights.tunnel()));
    Tunnel tunnel = Tunnel.open(this, new ServiceEnd(this, service, port));
    try {
      tunnel.requireUpgrade();
      return tunnel;
    } catch (ClusterException no) {
      tunnel.close();
      throw no;
    }
  }

  /**
   * Ways to each pod behind a Service. What is asked and tried first is as for {@link #tunnel}.
   *
   * @param port on which one of them is tried
   */
  public PodTunnels podTunnels(String service, int port) {
    tunnel(service, port).close();
    return new PodTunnels(this);
  }

  /** A Job and its pods. */
  public Workload job(String name) {
    return Workload.job(this, name);
  }

  /** A Deployment and its pods. */
  public Workload deployment(String name) {
    return Workload.deployment(this, name);
  }

  /** The Job of this name, or the Deployment, whichever there is. */
  public Optional<Workload> workload(String name) {
    Workload job = job(name);
    if (job.view().isPresent()) {
      return Optional.of(job);
    }
    Workload deployment = deployment(name);
    return deployment.view().isPresent() ? Optional.of(deployment) : Optional.empty();
  }

  /** Names of all Jobs and Deployments that are ours. */
  public List<String> ours() {
    return Workload.ours(this);
  }

  /** Removes what belongs to a name. */
  public Removal removal(String name) {
    return new Removal(this, name);
  }

  @Override
  public void close() {
    client.close();
  }
}
