package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the workers' pods run and what they are given.
 *
 * @param grace how long a worker that is told to stop may take to finish what runs
 * @param timeout how long a worker may take until it answers: as long as Redis may be away
 * @param scratch the most that may be written to /tmp
 * @param pullPolicy IfNotPresent, Always or Never
 * @param env further variables, literal
 * @param envFrom Secrets and ConfigMaps whose keys become variables
 * @param account whose rights the pod has
 * @param metrics whether Prometheus is shown how the worker does
 */
public record PodOptions(
    Amount cpu,
    Amount memory,
    Quantity scratch,
    Duration grace,
    Duration timeout,
    String pullPolicy,
    List<String> pullSecrets,
    Map<String, String> env,
    List<EnvSource> envFrom,
    Account account,
    Placement placement,
    boolean metrics) {

  public PodOptions {
    pullSecrets = List.copyOf(pullSecrets);
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    envFrom = List.copyOf(envFrom);
  }

  /** Something small: two of them and a Redis fit on a laptop's cluster. */
  public static final PodOptions DEFAULTS =
      new PodOptions(
          Amount.cpu("250m..1"),
          Amount.memory("512Mi"),
          Amount.disk("1Gi"),
          Duration.ofSeconds(20),
          Duration.ofMinutes(10),
          "IfNotPresent",
          List.of(),
          Map.of(),
          List.of(),
          new Account(null, false),
          Placement.ANYWHERE,
          false);

  /** A Secret or ConfigMap whose keys become variables. */
  public record EnvSource(Kind kind, String name) {
    /** Which of the two. */
    public enum Kind {
      SECRET,
      CONFIG_MAP
    }
  }

  /**
   * @param name of a ServiceAccount that is there; null to make one without any rights
   * @param token whether its token is mounted
   */
  public record Account(@Nullable String name, boolean token) {}
}
