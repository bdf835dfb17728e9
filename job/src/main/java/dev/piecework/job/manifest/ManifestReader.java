package dev.piecework.job.manifest;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the documents of a file: one Job, and the ConfigMaps, Secrets and Services it uses. */
final class ManifestReader {
  private final String file;
  private final PodRuntime runtime;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> meant = new HashSet<>();
  private final Map<String, Map<String, byte[]>> configMaps = new LinkedHashMap<>();
  private final Map<String, Map<String, byte[]>> secrets = new LinkedHashMap<>();
  private final List<String> services = new ArrayList<>();
  private final List<String> notUsed = new ArrayList<>();
  private final List<Yaml.Mapping> jobs = new ArrayList<>();

  ManifestReader(String file, PodRuntime runtime) {
    this.file = file;
    this.runtime = runtime;
  }

  JobFile read(String text) throws ManifestException {
    new YamlReader(problems).read(text).forEach(this::sort);
    if (jobs.isEmpty() && problems.isEmpty()) {
      problems.add(new Problem(1, "", "no Job (apiVersion: batch/v1, kind: Job) in this file"));
    }
    for (Yaml.Mapping second : jobs.subList(Math.min(1, jobs.size()), jobs.size())) {
      problems.add(new Problem(second.line(), "kind", "a second Job; give each a file of its own"));
    }
    if (jobs.isEmpty()) {
      refuseIfWrong();
    }
    Yaml.Mapping job = jobs.getFirst();
    View root = new View(job, "", problems);
    View spec = root.object("spec");
    JobValidation.check(root);
    JobFile read = build(root, spec);
    refuseIfWrong();
    return read;
  }

  private void refuseIfWrong() throws ManifestException {
    // Of a field that is wrong already, or only misspelt, one line is enough.
    Map<String, Problem> firsts = new LinkedHashMap<>();
    for (Problem problem : problems) {
      if (!meant.contains(problem.path())) {
        firsts.putIfAbsent(problem.line() + problem.path(), problem);
      }
    }
    if (!firsts.isEmpty()) {
      throw new ManifestException(
          file, firsts.values().stream().sorted(Comparator.comparingInt(Problem::line)).toList());
    }
  }

  private JobFile build(View root, View spec) throws ManifestException {
    View pod = spec.object("template").object("spec");
    PodReader reader = new PodReader(pod, runtime, configMaps, secrets);
    PodTemplate template =
        spec.has("template")
            ? reader.read(spec.object("template").object("metadata"))
            : new PodTemplate(
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                new PodTemplate.Times(Duration.ZERO, null));
    refuseIfWrong();
    notUsed.addAll(NotUsed.in(spec));
    Map<String, @Nullable Object> document = root.mapping().plain();
    View metadata = root.object("metadata");
    String prefix = metadata.text("generateName", "");
    String name = metadata.text("name", prefix.replaceFirst("-$", ""));
    return new JobFile(
        name,
        RulesReader.read(spec, metadata.text("namespace", "default")),
        template,
        document,
        services,
        notUsed,
        runtime);
  }

  private void sort(Yaml document) {
    if (!(document instanceof Yaml.Mapping mapping)) {
      problems.add(
          new Problem(document.line(), "", "must be an object, and is " + document.kind()));
      return;
    }
    View root = new View(mapping, "", problems);
    String version = root.text("apiVersion", "");
    String kind = root.text("kind", "");
    if (version.isEmpty()) {
      root.required("apiVersion", "");
    }
    if (kind.isEmpty()) {
      root.required("kind", "");
    }
    if (version.isEmpty() || kind.isEmpty()) {
      return;
    }
    switch (version + " " + kind) {
      case "batch/v1 Job" -> {
        new Schema(problems, meant).check(mapping, Job.class);
        jobs.add(mapping);
      }
      case "v1 ConfigMap" -> {
        new Schema(problems, meant).check(mapping, ConfigMap.class);
        configMaps.put(nameOf(root), configMap(root));
      }
      case "v1 Secret" -> {
        new Schema(problems, meant).check(mapping, Secret.class);
        secrets.put(nameOf(root), secret(root));
      }
      case "v1 Service" -> {
        new Schema(problems, meant).check(mapping, Service.class);
        services.add(nameOf(root));
      }
      case "v1 List" -> root.objects("items").forEach(item -> sort(item.mapping()));
      default -> other(root, version, kind, mapping);
    }
  }

  private void other(View root, String version, String kind, Yaml.Mapping mapping) {
    if (kind.equals("Job")) {
      root.problem("apiVersion", "a Job is of \"batch/v1\", not of \"" + version + "\"");
    } else if (Spelling.nearest(kind, List.of("Job")).isPresent()) {
      root.problem("kind", "unknown kind \"" + kind + "\"; did you mean \"Job\"?");
    } else {
      notUsed.add(kind + " " + nameOf(new View(mapping, "", problems)));
    }
  }

  private static String nameOf(View root) {
    return root.object("metadata").text("name", "");
  }

  private static Map<String, byte[]> configMap(View root) {
    Map<String, byte[]> data = new LinkedHashMap<>();
    root.map("data").forEach((key, value) -> data.put(key, PodTemplate.Stored.of(value).bytes()));
    decode(root.object("binaryData"), root.map("binaryData"), data);
    return data;
  }

  private static Map<String, byte[]> secret(View root) {
    Map<String, byte[]> data = new LinkedHashMap<>();
    decode(root.object("data"), root.map("data"), data);
    root.map("stringData").forEach((key, value) -> data.put(key, PodTemplate.Stored.of(value).bytes()));
    return data;
  }

  private static void decode(View at, Map<String, String> encoded, Map<String, byte[]> data) {
    encoded.forEach((key, value) -> {
      try {
        data.put(key, Base64.getMimeDecoder().decode(value));
      } catch (IllegalArgumentException e) {
        at.problem(key, "must be base64; plain text goes under stringData");
      }
    });
  }
}
