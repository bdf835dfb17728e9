package dev.piecework.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pods with certain labels, and what there is to say about them, each thing once. */
public final class PodGroup {

  /** Of how many pods that do not start the events are read: they say the same. */
  private static final int ASKED_ABOUT = 3;

  private final Cluster cluster;
  private final Map<String, String> labels;
  private final ObjectReference owner;
  private final ToldOnce said = new ToldOnce();
  private final Set<String> notPermitted = new HashSet<>();

  PodGroup(Cluster cluster, Map<String, String> labels, ObjectReference owner) {
    this.cluster = cluster;
    this.labels = Map.copyOf(labels);
    this.owner = owner;
  }

  /** Those of a StatefulSet. */
  public static PodGroup ofStatefulSet(Cluster cluster, Map<String, String> labels, String name) {
    return new PodGroup(cluster, labels, reference("StatefulSet", name, null));
  }

  static ObjectReference reference(String kind, String name, @Nullable String uid) {
    ObjectReference reference = new ObjectReference();
    reference.setKind(kind);
    reference.setName(name);
    reference.setUid(uid);
    return reference;
  }

  List<Pod> list() {
    return cluster.ask(
        "list",
        "pods",
        () ->
            cluster
                .client()
                .pods()
                .inNamespace(cluster.namespace())
                .withLabels(labels)
                .list()
                .getItems());
  }

  /** How many of them serve. */
  public int ready() {
    return (int) list().stream().filter(PodGroup::isReady).count();
  }

  /** The node of each by its name, of those that are on one. */
  public Map<String, String> nodes() {
    Map<String, String> nodes = new TreeMap<>();
    for (Pod pod : list()) {
      if (pod.getSpec() != null && pod.getSpec().getNodeName() != null) {
        nodes.put(pod.getMetadata().getName(), pod.getSpec().getNodeName());
      }
    }
    return nodes;
  }

  static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && pod.getStatus().getConditions() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(condition ->
                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  /**
   * Tells what is wrong with them and was not told before.
   *
   * @param wanted how many there should be by now
   */
  public void tellTroubles(int wanted, Consumer<String> told) {
    List<Pod> pods = askOrTell("pods", told, this::list);
    pods.forEach(pod -> Trouble.of(pod).forEach(trouble -> tell(trouble, told)));
    List<Pod> pending = pods.stream().filter(PodGroup::isPending).limit(ASKED_ABOUT).toList();
    if (pods.size() >= wanted && pending.isEmpty()) {
      return;
    }
    List<Event> events = new ArrayList<>();
    if (pods.size() < wanted) {
      // Since the newest pod was made, or it is about one that there is meanwhile.
      String newest = newest(pods);
      askOrTell("events", told, () -> events(owner)).stream()
          .filter(event -> !Trouble.isBefore(event, newest))
          .forEach(events::add);
    }
    for (Pod pod : pending) {
      var about = reference("Pod", pod.getMetadata().getName(), pod.getMetadata().getUid());
      askOrTell("events", told, () -> events(about)).stream()
          .filter(event -> Trouble.holds(event, pod))
          .forEach(events::add);
    }
    for (Event event : events) {
      Trouble trouble = Trouble.of(event);
      if (trouble != null) {
        tell(trouble, told);
      }
    }
  }

  private static @Nullable String newest(List<Pod> pods) {
    return pods.stream()
        .map(pod -> pod.getMetadata().getCreationTimestamp())
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  private void tell(Trouble trouble, Consumer<String> told) {
    if (said.isDue(trouble, System.nanoTime())) {
      String words = trouble.unexplained() == null ? "" : lastWords(trouble.unexplained());
      told.accept(trouble.line() + (words.isEmpty() ? "" : "; its last words: " + words));
    }
  }

  /** Who may not look at pods or events hears that once, and less of what happens. */
  private <T> List<T> askOrTell(
      String what, Consumer<String> told, java.util.function.Supplier<List<T>> question) {
    if (notPermitted.contains(what)) {
      return List.of();
    }
    try {
      return question.get();
    } catch (ClusterException no) {
      if (no.kind() != ClusterException.Kind.REFUSED) {
        throw no;
      }
      notPermitted.add(what);
      told.accept(no.getMessage() + "; what they would say stays unknown here");
      return List.of();
    }
  }

  private static boolean isPending(Pod pod) {
    return pod.getStatus() != null && "Pending".equals(pod.getStatus().getPhase());
  }

  /** The events about an object, those of a namesake that is gone left out. */
  List<Event> events(ObjectReference about) {
    return cluster
        .ask(
            "list",
            "events",
            () ->
                cluster
                    .client()
                    .v1()
                    .events()
                    .inNamespace(cluster.namespace())
                    .withField("involvedObject.kind", about.getKind())
                    .withField("involvedObject.name", about.getName())
                    .list()
                    .getItems())
        .stream()
        .filter(event -> concerns(event, about))
        .toList();
  }

  private static boolean concerns(Event event, ObjectReference about) {
    ObjectReference object = event.getInvolvedObject();
    return object != null
        && Objects.equals(object.getKind(), about.getKind())
        && Objects.equals(object.getName(), about.getName())
        && (about.getUid() == null
            || object.getUid() == null
            || about.getUid().equals(object.getUid()));
  }

  /** The last line that a container printed, when it can be had. */
  private String lastWords(String pod) {
    try {
      String log =
          cluster
              .client()
              .pods()
              .inNamespace(cluster.namespace())
              .withName(pod)
              .tailingLines(1)
              .getLog();
      return log == null ? "" : Explained.oneLine(log);
    } catch (KubernetesClientException gone) {
      return "";
    }
  }
}
