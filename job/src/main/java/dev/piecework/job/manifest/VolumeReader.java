package dev.piecework.job.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the volumes of a pod, and what is in those that the manifest fills. */
final class VolumeReader {
  private static final int USUAL_MODE = 0644;
  private static final int ALL_MODES = 0777;
  private static final String NOT_MODE =
      "must be a number between 0 and 0777 (octal), both inclusive";

  private final Map<String, Map<String, byte[]>> configMaps;
  private final Map<String, Map<String, byte[]>> secrets;
  private final FieldReader fields;
  private final Set<String> names = new HashSet<>();

  VolumeReader(
      Map<String, Map<String, byte[]>> configMaps,
      Map<String, Map<String, byte[]>> secrets,
      FieldReader fields) {
    this.configMaps = configMaps;
    this.secrets = secrets;
    this.fields = fields;
  }

  List<PodTemplate.Volume> read(View pod) {
    return pod.objects("volumes").stream().map(this::volume).toList();
  }

  boolean knows(String volume) {
    return names.contains(volume);
  }

  /** One of the cluster's is an empty folder here, and is listed as not used. */
  private PodTemplate.Volume volume(View volume) {
    String name = volume.text("name", "");
    if (name.isEmpty()) {
      volume.required("name", "");
    } else if (!PodReader.LABEL.matcher(name).matches()) {
      volume.invalid("name", PodReader.NOT_LABEL);
    } else if (!names.add(name)) {
      volume.problem("name", "Duplicate value: \"" + name + "\"");
    }
    long sources =
        volume.mapping().fields().keySet().stream()
            .filter(field -> !field.equals("name") && volume.has(field))
            .count();
    if (sources > 1) {
      volume.problem("", "Forbidden: may not specify more than 1 volume type");
    }
    for (String kind : List.of("configMap", "secret", "downwardAPI", "projected")) {
      if (volume.has(kind)) {
        View source = volume.object(kind);
        int mode = mode(source, "defaultMode", USUAL_MODE);
        List<PodTemplate.VolumeFile> files =
            kind.equals("projected")
                ? projected(source, mode)
                : files(kind, source, kind.equals("secret") ? "secretName" : "name", mode);
        return new PodTemplate.Volume(name, files, true);
      }
    }
    return new PodTemplate.Volume(name, List.of(), false);
  }

  private List<PodTemplate.VolumeFile> files(String kind, View source, String name, int mode) {
    return switch (kind) {
      case "configMap" -> stored(source, name, configMaps, mode);
      case "secret" -> stored(source, name, secrets, mode);
      default -> ofPod(source, mode);
    };
  }

  /** Several sources in one volume. A token of a cluster is listed as not used. */
  private List<PodTemplate.VolumeFile> projected(View projected, int mode) {
    Map<String, PodTemplate.VolumeFile> all = new LinkedHashMap<>();
    for (View source : projected.objects("sources")) {
      for (String kind : List.of("configMap", "secret", "downwardAPI")) {
        if (!source.has(kind)) {
          continue;
        }
        for (PodTemplate.VolumeFile file : files(kind, source.object(kind), "name", mode)) {
          if (all.put(file.path(), file) != null) {
            source.problem(kind, "Invalid value: conflicting duplicate paths: " + file.path());
          }
        }
      }
    }
    return List.copyOf(all.values());
  }

  private static List<PodTemplate.VolumeFile> stored(
      View source, String nameField, Map<String, Map<String, byte[]>> all, int mode) {
    String kind = nameField.equals("secretName") ? "Secret" : kindOf(source);
    String name = source.text(nameField, "");
    Map<String, byte[]> data = all.get(name);
    if (data == null) {
      if (!source.flag("optional")) {
        source.problem(nameField, "there is no " + kind + " \"" + name + "\" in this file");
      }
      return List.of();
    }
    List<PodTemplate.VolumeFile> files = new ArrayList<>();
    if (!source.has("items")) {
      data.forEach((key, value) ->
          files.add(new PodTemplate.VolumeFile(key, mode, new PodTemplate.Stored(value))));
      return files;
    }
    for (View item : source.objects("items")) {
      String key = item.text("key", "");
      byte[] value = data.get(key);
      String path = path(item);
      if (path == null) {
        continue;
      }
      if (value != null) {
        files.add(
            new PodTemplate.VolumeFile(
                path, mode(item, "mode", mode), new PodTemplate.Stored(value)));
      } else if (!source.flag("optional")) {
        item.problem("key", "there is no key \"" + key + "\" in " + kind + " " + name);
      }
    }
    return files;
  }

  private static String kindOf(View source) {
    return source.path().endsWith("secret") ? "Secret" : "ConfigMap";
  }

  private List<PodTemplate.VolumeFile> ofPod(View source, int mode) {
    List<PodTemplate.VolumeFile> files = new ArrayList<>();
    for (View item : source.objects("items")) {
      String path = path(item);
      PodTemplate.Source content = null;
      if (Stream.of("fieldRef", "resourceFieldRef").filter(item::has).count() != 1) {
        item.problem("", "Required value: one of fieldRef and resourceFieldRef is required");
      } else if (item.has("fieldRef")) {
        content = fields.fieldRef(item.object("fieldRef"), true);
      } else {
        content = fields.resourceFieldRef(item.object("resourceFieldRef"), null);
      }
      if (path != null && content != null) {
        files.add(new PodTemplate.VolumeFile(path, mode(item, "mode", mode), content));
      }
    }
    return files;
  }

  private static @Nullable String path(View item) {
    String path = item.text("path", "");
    if (path.isEmpty()) {
      item.required("path", "");
      return null;
    }
    if (path.startsWith("/") || path.startsWith("..") || leadsUp(path)) {
      item.invalid("path", "must be a relative path without '..'");
      return null;
    }
    return path;
  }

  /** Whether a part of it is {@code ..}. */
  static boolean leadsUp(String path) {
    return List.of(path.split("/", -1)).contains("..");
  }

  private static int mode(View at, String field, int otherwise) {
    Long mode = at.number(field);
    if (mode == null) {
      return otherwise;
    }
    if (mode < 0 || mode > ALL_MODES) {
      at.invalid(field, NOT_MODE);
      return otherwise;
    }
    return mode.intValue();
  }
}
