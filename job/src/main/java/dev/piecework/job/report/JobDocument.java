package dev.piecework.job.report;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.policy.Condition;
import dev.piecework.job.policy.JobRules;
import dev.piecework.job.policy.JobState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** A Job with its defaults and its status, as an API server would return it. */
public final class JobDocument {
  private final JobFile job;
  private final String uid;
  private final JobRules rules;
  private final JobState state;

  /** The rules are those at the end: parallelism and suspend may have been changed. */
  public JobDocument(JobFile job, String uid, JobRules rules, JobState state) {
    this.job = job;
    this.uid = uid;
    this.rules = rules;
    this.state = state;
  }

  /** One YAML document. */
  public String yaml() {
    return YAMLMapper.builder(
            YAMLFactory.builder().stringQuotingChecker(new QuotesWhatLooksLikeData()).build())
        .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
        .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
        .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
        .disable(YAMLWriteFeature.SPLIT_LINES)
        .build()
        .writeValueAsString(document());
  }

  /** One JSON object, indented. */
  public String json() {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(document());
  }

  Map<String, @Nullable Object> document() {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "batch/v1");
    document.put("kind", "Job");
    document.put("metadata", metadata());
    document.put("spec", spec());
    document.put("status", status());
    return document;
  }

  private Map<String, @Nullable Object> metadata() {
    Map<String, @Nullable Object> given = object(job.document(), "metadata");
    Map<String, @Nullable Object> metadata = new TreeMap<>(given);
    Map<String, @Nullable Object> labels = object(given, "labels");
    // Of a Job without labels the API server takes those of the pod template.
    metadata.put("labels", labels.isEmpty() ? podLabels() : labels);
    metadata.put("name", job.name());
    metadata.put("namespace", rules.namespace());
    metadata.put("uid", uid);
    Instant start = state.startTime();
    if (start != null) {
      metadata.put("creationTimestamp", time(start));
    }
    return metadata;
  }

  Map<String, @Nullable Object> podLabels() {
    Map<String, @Nullable Object> labels = new TreeMap<>(job.template().labels());
    for (String prefix : List.of("", "batch.kubernetes.io/")) {
      labels.put(prefix + "controller-uid", uid);
      labels.put(prefix + "job-name", job.name());
    }
    return labels;
  }

  private Map<String, @Nullable Object> spec() {
    Map<String, @Nullable Object> spec = new TreeMap<>(object(job.document(), "spec"));
    spec.put("parallelism", rules.parallelism());
    spec.put("suspend", rules.suspend());
    spec.put("backoffLimit", rules.backoffLimit());
    spec.put("completionMode", rules.indexed() ? "Indexed" : "NonIndexed");
    if (rules.completions() != null) {
      spec.put("completions", rules.completions());
    }
    spec.putIfAbsent("manualSelector", false);
    spec.put("podReplacementPolicy", rules.onlyReplaceFailed() ? "Failed" : "TerminatingOrFailed");
    spec.put("selector", Map.of("matchLabels", Map.of("batch.kubernetes.io/controller-uid", uid)));
    Map<String, @Nullable Object> template = new TreeMap<>(object(spec, "template"));
    Map<String, @Nullable Object> metadata = new TreeMap<>(object(template, "metadata"));
    metadata.put("labels", podLabels());
    template.put("metadata", metadata);
    spec.put("template", template);
    return spec;
  }

  private Map<String, @Nullable Object> status() {
    Map<String, @Nullable Object> status = new TreeMap<>();
    JobState.Counts counts = state.counts();
    positive(status, "active", counts.active());
    positive(status, "succeeded", counts.succeeded());
    positive(status, "failed", counts.failed());
    status.put("ready", counts.ready());
    status.put("terminating", counts.terminating());
    status.put("uncountedTerminatedPods", Map.of());
    if (state.completedIndexes().size() > 0) {
      status.put("completedIndexes", state.completedIndexes().toString());
    }
    if (rules.backoffLimitPerIndex() != null) {
      status.put("failedIndexes", state.failedIndexes().toString());
    }
    if (state.startTime() != null) {
      status.put("startTime", time(state.startTime()));
    }
    if (state.completionTime() != null) {
      status.put("completionTime", time(state.completionTime()));
    }
    if (!state.conditions().isEmpty()) {
      List<Map<String, Object>> conditions = new ArrayList<>();
      state.conditions().forEach(condition -> conditions.add(condition(condition)));
      status.put("conditions", conditions);
    }
    return status;
  }

  private static Map<String, Object> condition(Condition condition) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("lastProbeTime", time(condition.transition()));
    all.put("lastTransitionTime", time(condition.transition()));
    all.put("message", condition.message());
    all.put("reason", condition.reason());
    all.put("status", condition.status() ? "True" : "False");
    all.put("type", condition.type());
    return all;
  }

  private static void positive(Map<String, @Nullable Object> status, String name, int count) {
    if (count > 0) {
      status.put(name, count);
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> object(Map<String, @Nullable Object> in, String name) {
    return in.get(name) instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, @Nullable Object>> objects(
      Map<String, @Nullable Object> in, String name) {
    return in.get(name) instanceof List<?> list
        ? (List<Map<String, @Nullable Object>>) list
        : List.of();
  }

  /** Empty where there is none. */
  static String text(Map<String, @Nullable Object> in, String name) {
    return text(in, name, "");
  }

  static String text(Map<String, @Nullable Object> in, String name, String otherwise) {
    Object value = in.get(name);
    return value == null ? otherwise : String.valueOf(value);
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
