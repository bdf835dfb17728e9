package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;

/**
 * An object for the cluster, and what there is to say about it.
 *
 * @param notes by the path of a field, as {@code spec.backoffLimit} or {@code spec.rules[0]}; the
 *     empty path is the object itself
 */
public record Manifest(HasMetadata object, Map<String, String> notes) {

  public Manifest {
    notes = Map.copyOf(notes);
  }

  static Manifest of(HasMetadata object) {
    return new Manifest(object, Map.of());
  }
}
