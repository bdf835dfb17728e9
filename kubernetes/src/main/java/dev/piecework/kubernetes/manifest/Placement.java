package dev.piecework.kubernetes.manifest;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * On which nodes pods may run.
 *
 * @param spot whether workers are welcome on nodes that may vanish at any moment
 */
public record Placement(
    Map<String, String> nodeSelector, List<Tolerated> tolerations, boolean spot) {

  /** On any node that takes them. */
  public static final Placement ANYWHERE = new Placement(Map.of(), List.of(), false);

  public Placement {
    nodeSelector = Collections.unmodifiableMap(new TreeMap<>(nodeSelector));
    tolerations = List.copyOf(tolerations);
  }

  /**
   * A taint that keeps nobody away.
   *
   * @param value null for any
   * @param effect null for all
   */
  public record Tolerated(String key, @Nullable String value, @Nullable String effect) {}
}
