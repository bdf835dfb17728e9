package dev.piecework.kubernetes.rights;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One verb on one resource in a namespace, as RBAC has them.
 *
 * @param group empty for the core group
 * @param resource with its part where it is about one, as in {@code pods/log}
 */
public record Right(String group, String resource, String verb) implements Comparable<Right> {

  private static final Comparator<Right> ORDER =
      Comparator.comparing(Right::group)
          .thenComparing(Right::resource)
          .thenComparing(Right::verb, Comparator.comparingInt(Right::usualPlace));

  /** On the kind of an object. */
  public static Right on(HasMetadata object, String verb) {
    String version = object.getApiVersion();
    int slash = version.indexOf('/');
    return new Right(slash < 0 ? "" : version.substring(0, slash), plural(object), verb);
  }

  /** As RBAC names the kind of an object. */
  public static String plural(HasMetadata object) {
    // Of a kind of an operator's, the library knows no plural.
    return object instanceof GenericKubernetesResource
        ? object.getKind().toLowerCase(Locale.ROOT) + "s"
        : object.getPlural().toLowerCase(Locale.ROOT);
  }

  /** As people and kubectl write it: {@code jobs.batch}. */
  public String on() {
    return resource + (group.isEmpty() ? "" : "." + group);
  }

  private static int usualPlace(String verb) {
    return List.of("get", "list", "create", "patch", "delete").indexOf(verb);
  }

  @Override
  public int compareTo(Right other) {
    return ORDER.compare(this, other);
  }
}
