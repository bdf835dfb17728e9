package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the objects of one bag are called, and how they are found again.
 *
 * @param name of the Job or Deployment; the other objects' names begin with it
 * @param queue the queue in Redis that it works on
 * @param namespace null for the one that the client's context says
 */
public record Names(String name, String queue, @Nullable String namespace) {

  /** The longest name: a StatefulSet NAME-redis has to leave room for a hash in a label of 63. */
  public static final int LONGEST = 46;

  /** The port on which {@code work --health-port} answers. */
  static final int HEALTH_PORT = 8081;

  /** The port on which {@code work --metrics-port} answers. */
  static final int METRICS_PORT = 9464;

  private static final Pattern LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  public Names {
    if (!LABEL.matcher(name).matches() || name.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the name '"
              + name
              + "' does not do in a cluster: a lower case letter first, then letters, digits and"
              + " '-', not '-' last, at most "
              + LONGEST
              + " in all");
    }
    if (namespace != null && (!NAMESPACE.matcher(namespace).matches() || namespace.length() > 63)) {
      throw new IllegalArgumentException(
          "the namespace '"
              + namespace
              + "' does not do in a cluster: lower case letters, digits and '-', not '-' first or"
              + " last, at most 63 in all");
    }
  }

  /** A name that does, made from that of a queue: {@code My_Files.2} gives {@code my-files-2}. */
  public static String of(String queue) {
    String safe =
        queue.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    if (safe.isEmpty() || !Character.isLetter(safe.charAt(0))) {
      safe = safe.isEmpty() ? "queue" : "queue-" + safe;
    }
    return safe.substring(0, Math.min(LONGEST, safe.length())).replaceAll("-+$", "");
  }

  /** The name of the Secret, Service and StatefulSet of Redis. */
  public String redis() {
    return name + "-redis";
  }

  /** The names of the pods of Redis in the cluster's DNS, as pods of the namespace have them. */
  public List<String> redisHosts(int pods) {
    return IntStream.range(0, pods)
        .mapToObj(number -> redis() + "-" + number + "." + redis())
        .toList();
  }

  /** What every object of this bag is labelled with. */
  public Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    labels.put("app.kubernetes.io/name", "piecework");
    labels.put("app.kubernetes.io/instance", name);
    labels.put("app.kubernetes.io/managed-by", "piecework");
    return labels;
  }

  /** The labels of what belongs to the workers, or to Redis. */
  public Map<String, String> labels(Component component) {
    Map<String, String> labels = labels();
    labels.put("app.kubernetes.io/component", component.label);
    return labels;
  }

  /** The labels by which the pods of a component are selected: never to be changed. */
  public Map<String, String> selector(Component component) {
    Map<String, String> labels = labels(component);
    labels.remove("app.kubernetes.io/managed-by");
    return labels;
  }

  /** What each object begins with. */
  ObjectMetaBuilder metadata(String object, Component component) {
    return new ObjectMetaBuilder()
        .withName(object)
        .withNamespace(namespace)
        .withLabels(labels(component));
  }

  /** The two kinds of pods. */
  public enum Component {
    WORKER("worker"),
    REDIS("redis");

    private final String label;

    Component(String label) {
      this.label = label;
    }
  }
}
