package dev.piecework.job.manifest;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads fieldRef and resourceFieldRef: what a container may be told of its own pod. */
final class FieldReader {
  private static final Set<String> IN_BOTH =
      Set.of("metadata.name", "metadata.namespace", "metadata.uid");
  private static final Set<String> IN_ENVIRONMENT =
      Set.of(
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final Set<String> IN_FILES = Set.of("metadata.annotations", "metadata.labels");
  private static final Pattern SUBSCRIPT =
      Pattern.compile("metadata\\.(labels|annotations)\\['[^']+'\\]");
  private static final Pattern RESOURCE =
      Pattern.compile("(limits|requests)\\.(cpu|memory|ephemeral-storage|hugepages-.+)");
  private static final List<String> RESOURCES =
      List.of(
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory");

  private final View pod;

  FieldReader(View pod) {
    this.pod = pod;
  }

  /** Of the environment, or of a file in a volume; null where it is not right. */
  PodTemplate.@Nullable Source fieldRef(View reference, boolean inFile) {
    String version = reference.text("apiVersion", "v1");
    if (!version.equals("v1")) {
      reference.unsupported("apiVersion", List.of("v1"));
      return null;
    }
    String field = reference.text("fieldPath", "");
    Set<String> others = inFile ? IN_FILES : IN_ENVIRONMENT;
    if (field.isEmpty()) {
      reference.required("fieldPath", "");
      return null;
    }
    if (!IN_BOTH.contains(field)
        && !others.contains(field)
        && !SUBSCRIPT.matcher(field).matches()) {
      reference.unsupported(
          "fieldPath", Stream.concat(IN_BOTH.stream(), others.stream()).sorted().toList());
      return null;
    }
    return switch (field) {
      case "spec.serviceAccountName" ->
          fixed(pod.text("serviceAccountName", pod.text("serviceAccount", "default")));
      case "spec.nodeName" -> fixed(pod.text("nodeName", "localhost"));
      default -> new PodTemplate.OfPod(field);
    };
  }

  /**
   * What a container asks for, or may use at most; without a limit, what this machine has.
   *
   * @param own the container that asks, which it means unless it names another; null in a volume
   */
  PodTemplate.@Nullable Source resourceFieldRef(View reference, @Nullable View own) {
    String resource = reference.text("resource", "");
    if (resource.isEmpty()) {
      reference.required("resource", "");
      return null;
    }
    if (!RESOURCE.matcher(resource).matches()) {
      reference.unsupported("resource", RESOURCES);
      return null;
    }
    View container = container(reference, own);
    if (container == null) {
      return null;
    }
    int dot = resource.indexOf('.');
    String name = resource.substring(dot + 1);
    Quantity divisor = Quantity.of(Objects.requireNonNullElse(reference.scalar("divisor"), "1"));
    if (divisor == null || !divisor.isDivisorOf(name)) {
      reference.invalid(
          "divisor",
          name.equals("cpu")
              ? "only divisor's values 1m and 1 are supported with the cpu resource"
              : "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are"
                  + " supported with the "
                  + name
                  + " resource");
      return null;
    }
    Quantity amount = amount(container, resource.substring(0, dot), name);
    return amount == null ? null : fixed(amount.in(divisor));
  }

  private @Nullable View container(View reference, @Nullable View own) {
    String wanted = reference.text("containerName", "");
    if (wanted.isEmpty()) {
      if (own == null) {
        reference.required("containerName", "");
      }
      return own;
    }
    return Stream.of("initContainers", "containers")
        .flatMap(list -> pod.objects(list).stream())
        .filter(c -> wanted.equals(c.text("name")))
        .findFirst()
        .orElseGet(() -> {
          reference.invalid("containerName", "there is no container of that name in the pod");
          return null;
        });
  }

  private static @Nullable Quantity amount(View container, String kind, String name) {
    View resources = container.object("resources");
    String written = resources.object(kind).scalar(name);
    if (written == null && kind.equals("requests")) {
      // As the API server: who has a limit only, requests as much.
      written = resources.object("limits").scalar(name);
    }
    if (written == null) {
      return kind.equals("requests") ? Quantity.ZERO : Quantity.ofThisMachine(name);
    }
    Quantity amount = Quantity.of(written);
    if (amount == null) {
      View at = resources.object(resources.object(kind).has(name) ? kind : "limits");
      at.invalid(name, "quantities must match the regular expression '" + Quantity.FORM + "'");
    }
    return amount;
  }

  private static PodTemplate.Source fixed(String value) {
    return PodTemplate.Stored.of(value);
  }
}
