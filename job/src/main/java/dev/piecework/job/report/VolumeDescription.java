package dev.piecework.job.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The volumes of a pod template, as {@code kubectl describe} lays them out. */
final class VolumeDescription {
  private final TabText text;

  VolumeDescription(TabText text) {
    this.text = text;
  }

  void describe(List<Map<String, @Nullable Object>> volumes) {
    if (volumes.isEmpty()) {
      text.line("  Volumes:\t<none>");
      return;
    }
    text.line("  Volumes:");
    for (Map<String, @Nullable Object> volume : volumes) {
      text.line("   " + volume.get("name") + ":");
      volume.keySet().stream()
          .filter(kind -> !kind.equals("name"))
          .forEach(kind -> source(kind, JobDocument.object(volume, kind)));
    }
  }

  private void source(String kind, Map<String, @Nullable Object> source) {
    switch (kind) {
      case "emptyDir" -> {
        type("EmptyDir (a temporary directory that shares a pod's lifetime)");
        fact("Medium", JobDocument.text(source, "medium"));
        fact("SizeLimit", JobDocument.text(source, "sizeLimit", "<unset>"));
      }
      case "secret" -> {
        type("Secret (a volume populated by a Secret)");
        fact("SecretName", source.get("secretName"));
        fact("Optional", ContainerDescription.optional(source));
      }
      case "configMap" -> {
        type("ConfigMap (a volume populated by a ConfigMap)");
        fact("Name", source.get("name"));
        fact("Optional", ContainerDescription.optional(source));
      }
      case "persistentVolumeClaim" -> {
        type(
            "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)");
        fact("ClaimName", source.get("claimName"));
        fact("ReadOnly", Boolean.TRUE.equals(source.get("readOnly")));
      }
      case "hostPath" -> {
        type("HostPath (bare host directory volume)");
        fact("Path", source.get("path"));
        fact("HostPathType", JobDocument.text(source, "type", "<none>"));
      }
      case "nfs" -> {
        type("NFS (an NFS mount that lasts the lifetime of a pod)");
        fact("Server", source.get("server"));
        fact("Path", source.get("path"));
        fact("ReadOnly", Boolean.TRUE.equals(source.get("readOnly")));
      }
      default -> type(Character.toUpperCase(kind.charAt(0)) + kind.substring(1));
    }
  }

  private void type(String type) {
    fact("Type", type);
  }

  private void fact(String name, @Nullable Object value) {
    text.line("    " + name + ":\t" + value);
  }
}
