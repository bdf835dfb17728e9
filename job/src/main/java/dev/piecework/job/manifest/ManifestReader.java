package dev.piecework.job.manifest;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the documents of a file: one Job, and the ConfigMaps, Secrets and Services it uses. */
final class ManifestReader {
  private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
  private static final String NOT_KEY =
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
          + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
          + " '[-._a-zA-Z0-9]+'), and must not start with '..'";

  private final String file;
  private final PodRuntime runtime;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> meant = new HashSet<>();
  private final Map<String, Map<String, byte[]>> configMaps = new LinkedHashMap<>();
  private final Map<String, Map<String, byte[]>> secrets = new LinkedHashMap<>();
  private final List<String> services = new ArrayList<>();
  private final List<String> notUsed = new ArrayList<>();
  private final boolean fromCronJob;
  private final List<View> jobs = new ArrayList<>();
  private final List<View> cronJobs = new ArrayList<>();
  private String text = "";

  ManifestReader(String file, PodRuntime runtime, boolean fromCronJob) {
    this.file = file;
    this.runtime = runtime;
    this.fromCronJob = fromCronJob;
  }

  JobFile read(String given) throws ManifestException {
    text = given.startsWith("\ufeff") ? given.substring(1) : given;
    List<Yaml> documents = JsonReader.read(text, problems);
    (documents == null ? new YamlReader(problems).read(text) : documents).forEach(this::sort);
    if (jobs.isEmpty() && problems.isEmpty()) {
      problems.add(noJob());
    }
    for (View second : jobs.subList(Math.min(1, jobs.size()), jobs.size())) {
      second.problem(
          "kind",
          (fromCronJob ? "a second CronJob" : "a second Job") + "; give each a file of its own");
    }
    if (jobs.isEmpty()) {
      refuseIfWrong();
    }
    View root = jobs.getFirst();
    View spec = root.object("spec");
    JobValidation.check(root);
    JobFile read = build(root, spec);
    refuseIfWrong();
    return read;
  }

  private Problem noJob() {
    if (!cronJobs.isEmpty()) {
      View first = cronJobs.getFirst();
      return new Problem(
          first.mapping().lineOf("kind"),
          "kind",
          "CronJob %s is not run by its schedule here; with --from-cronjob the Job of its template"
                  .formatted(nameOf(first))
              + " is run once, now");
    }
    String there = notUsed.isEmpty() ? "" : ", only " + String.join(", ", notUsed);
    return fromCronJob
        ? new Problem(
            1, "", "no CronJob (apiVersion: batch/v1, kind: CronJob) in this file" + there)
        : new Problem(1, "", "no Job (apiVersion: batch/v1, kind: Job) in this file" + there);
  }

  private void refuseIfWrong() throws ManifestException {
    Optional<Problem> helm = problems.isEmpty() ? Optional.empty() : HelmText.in(text, problems);
    if (helm.isPresent()) {
      throw new ManifestException(file, List.of(helm.get()));
    }
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
        if (fromCronJob) {
          notUsed.add("Job " + nameOf(root));
        } else {
          jobs.add(root);
        }
      }
      case "batch/v1 CronJob" -> {
        new Schema(problems, meant).check(mapping, CronJob.class);
        cronJobs.add(root);
        if (fromCronJob) {
          jobs.add(ofTemplate(root));
        } else {
          notUsed.add("CronJob " + nameOf(root));
        }
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
      case "v1 List", "batch/v1 JobList" ->
          root.objects("items").forEach(item -> sort(item.mapping()));
      default -> other(root, version, kind, mapping);
    }
  }

  private void other(View root, String version, String kind, Yaml.Mapping mapping) {
    if (kind.equals("Job") || kind.equals("CronJob")) {
      root.problem("apiVersion", "a " + kind + " is of \"batch/v1\", not of \"" + version + "\"");
    } else if (Spelling.nearest(kind, List.of("Job")).isPresent()) {
      root.problem("kind", "unknown kind \"" + kind + "\"; did you mean \"Job\"?");
    } else {
      notUsed.add(kind + " " + nameOf(new View(mapping, "", problems)));
    }
  }

  /**
   * The Job of a CronJob's template, named as the CronJob is; as {@code kubectl create job
   * --from=cronjob/NAME} makes it.
   */
  private View ofTemplate(View cronJob) {
    View template = cronJob.object("spec").object("jobTemplate");
    View given = cronJob.object("metadata");
    Map<String, Yaml> metadata =
        new LinkedHashMap<>(template.object("metadata").mapping().fields());
    for (String field : List.of("name", "namespace")) {
      Yaml value = given.mapping().fields().get(field);
      if (value != null) {
        metadata.put(field, value);
      }
    }
    Map<String, Yaml> fields = new LinkedHashMap<>(template.mapping().fields());
    fields.put(
        "metadata", new Yaml.Mapping(given.mapping().line(), metadata, given.mapping().keyLines()));
    Map<String, Integer> lines = new LinkedHashMap<>(template.mapping().keyLines());
    lines.put("metadata", given.mapping().line());
    lines.put("kind", cronJob.mapping().lineOf("kind"));
    Yaml.Mapping job = new Yaml.Mapping(template.mapping().line(), fields, lines);
    return new View(job, template.path(), problems);
  }

  private static String nameOf(View root) {
    return root.object("metadata").text("name", "");
  }

  private static Map<String, byte[]> configMap(View root) {
    Map<String, byte[]> data = new LinkedHashMap<>();
    root.map("data").forEach((key, value) -> data.put(key, PodTemplate.Stored.of(value).bytes()));
    decode(root.object("binaryData"), root.map("binaryData"), data);
    checkKeys(root, "data", "binaryData");
    return data;
  }

  private static Map<String, byte[]> secret(View root) {
    Map<String, byte[]> data = new LinkedHashMap<>();
    decode(root.object("data"), root.map("data"), data);
    root.map("stringData")
        .forEach((key, value) -> data.put(key, PodTemplate.Stored.of(value).bytes()));
    checkKeys(root, "data", "stringData");
    return data;
  }

  /** A key becomes the name of a file. */
  private static void checkKeys(View root, String... maps) {
    for (String map : maps) {
      View at = root.object(map);
      for (String key : at.mapping().fields().keySet()) {
        if (!KEY.matcher(key).matches() || key.equals(".") || key.startsWith("..")) {
          at.problem(key, "Invalid value: \"" + key + "\": " + NOT_KEY);
        }
      }
    }
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
