package dev.piecework.kubernetes.rights;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which rights each verb for a cluster takes: no more than it uses. Pure. */
public final class Rights {

  /** What is done to the workers of one name. */
  public enum Use {
    SUBMIT,
    ATTACH,
    SCALE,
    DESCRIBE,
    LOGS,
    DELETE
  }

  /**
   * Which kinds of workers there are beside Jobs.
   *
   * @param stream Deployments of the stream shape
   * @param keda what KEDA scales them by
   * @param metrics what the Prometheus operator finds them by
   */
  public record Kinds(boolean stream, boolean keda, boolean metrics) {}

  private static final List<String> APPLY = List.of("create", "patch");
  private static final List<String> REMOVE = List.of("list", "delete");

  /** Of all that is made for a queue with a Redis of its own, but for the workers. */
  private static final Map<String, List<String>> FOUNDATIONS =
      Map.of(
          "", List.of("services", "secrets", "serviceaccounts"),
          "apps", List.of("statefulsets"),
          "networking.k8s.io", List.of("networkpolicies"),
          "policy", List.of("poddisruptionbudgets"));

  private Rights() {}

  /** All that these take together. */
  public static SortedSet<Right> of(Collection<Use> uses, Kinds kinds) {
    SortedSet<Right> all = new TreeSet<>();
    for (Use use : uses) {
      switch (use) {
        case SUBMIT -> {
          all.addAll(reach());
          workers(kinds).forEach((group, some) -> add(all, group, some, APPLY));
          operators(kinds).forEach((group, some) -> add(all, group, some, APPLY));
          FOUNDATIONS.forEach((group, some) -> add(all, group, some, APPLY));
          addLookAtWorkers(all, kinds);
        }
        case ATTACH -> {
          all.addAll(reach());
          addLookAtWorkers(all, kinds);
        }
        case SCALE -> {
          addLookAtWorkers(all, kinds);
          workers(kinds).forEach((group, some) -> add(all, group, some, List.of("patch")));
        }
        case DESCRIBE -> {
          all.addAll(reach());
          addLookAtWorkers(all, kinds);
          add(all, "", List.of("events"), List.of("list"));
        }
        case LOGS -> {
          addLookAtWorkers(all, kinds);
          add(all, "", List.of("pods"), List.of("list"));
          all.add(new Right("", "pods/log", "get"));
        }
        case DELETE -> {
          all.addAll(look());
          operators(kinds).forEach((group, some) -> add(all, group, some, List.of("list")));
          all.addAll(removal(kinds));
        }
      }
    }
    return all;
  }

  /** To find the Redis of the workers, and to reach it through a tunnel. */
  public static SortedSet<Right> reach() {
    SortedSet<Right> all = new TreeSet<>(tunnel());
    all.add(new Right("", "services", "get"));
    all.add(new Right("", "secrets", "get"));
    return all;
  }

  /**
   * To reach a Service of the namespace from outside. A port-forward is a GET that is upgraded, so
   * it takes both verbs: to get the resource, and to create what the API server makes of it.
   */
  public static SortedSet<Right> tunnel() {
    SortedSet<Right> all = new TreeSet<>();
    add(all, "", List.of("pods"), List.of("list"));
    add(all, "", List.of("pods/portforward"), List.of("get", "create"));
    return all;
  }

  /** To make these objects, or to make those that are there like them. */
  public static SortedSet<Right> toApply(Collection<? extends HasMetadata> objects) {
    SortedSet<Right> all = new TreeSet<>();
    for (HasMetadata object : objects) {
      APPLY.forEach(verb -> all.add(Right.on(object, verb)));
    }
    return all;
  }

  /** To find what was made under a name, before any of it is deleted. */
  public static SortedSet<Right> look() {
    SortedSet<Right> all = new TreeSet<>();
    FOUNDATIONS.forEach((group, some) -> add(all, group, some, List.of("list")));
    add(all, "", List.of("persistentvolumeclaims", "configmaps"), List.of("list"));
    add(all, "batch", List.of("jobs"), List.of("list"));
    add(all, "apps", List.of("deployments"), List.of("list"));
    return all;
  }

  private static SortedSet<Right> removal(Kinds kinds) {
    SortedSet<Right> all = new TreeSet<>();
    FOUNDATIONS.forEach((group, some) -> add(all, group, some, REMOVE));
    workers(kinds).forEach((group, some) -> add(all, group, some, REMOVE));
    operators(kinds).forEach((group, some) -> add(all, group, some, REMOVE));
    add(all, "", List.of("persistentvolumeclaims"), REMOVE);
    return all;
  }

  private static void addLookAtWorkers(SortedSet<Right> all, Kinds kinds) {
    // A Job of the name is looked for first, whatever there is.
    add(all, "batch", List.of("jobs"), List.of("get"));
    workers(kinds).forEach((group, some) -> add(all, group, some, List.of("get")));
  }

  private static Map<String, List<String>> workers(Kinds kinds) {
    return kinds.stream()
        ? Map.of("apps", List.of("deployments"))
        : Map.of("batch", List.of("jobs"));
  }

  private static Map<String, List<String>> operators(Kinds kinds) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    if (kinds.keda()) {
      all.put("keda.sh", List.of("scaledobjects", "triggerauthentications"));
    }
    if (kinds.metrics()) {
      all.put("monitoring.coreos.com", List.of("podmonitors"));
    }
    return all;
  }

  private static void add(
      Collection<Right> all, String group, List<String> resources, List<String> verbs) {
    for (String resource : resources) {
      verbs.forEach(verb -> all.add(new Right(group, resource, verb)));
    }
  }

  /** For people: {@code get and create on pods/portforward; list on pods}. */
  public static String shown(SortedSet<Right> rights) {
    return byResource(rights).entrySet().stream()
        .map(entry -> String.join(" and ", entry.getValue()) + " on " + entry.getKey())
        .collect(Collectors.joining("; "));
  }

  private static Map<String, List<String>> byResource(SortedSet<Right> rights) {
    return rights.stream()
        .collect(
            Collectors.groupingBy(
                Right::on, TreeMap::new, Collectors.mapping(Right::verb, Collectors.toList())));
  }
}
