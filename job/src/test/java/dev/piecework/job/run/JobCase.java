package dev.piecework.job.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One row of the table: a manifest, what its pods do, what is done to it, what is to be seen. */
record JobCase(String file, Map<String, Object> row) {

  @SuppressWarnings("unchecked")
  static List<JobCase> of(String... files) {
    List<JobCase> cases = new ArrayList<>();
    for (String file : files) {
      List<Map<String, Object>> rows =
          SimulatedJob.yaml().readValue(resource("cases/" + file), List.class);
      rows.forEach(row -> cases.add(new JobCase(file, row)));
    }
    return cases;
  }

  static String resource(String name) {
    try (InputStream in = JobCase.class.getResourceAsStream("/dev/piecework/job/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return String.valueOf(row.get("name"));
  }

  /** That of a recording, or one made of the row's spec around a plain pod template. */
  String manifest() {
    Object recording = row.get("recording");
    if (recording != null) {
      return resource("recordings/" + recording + "/job.yaml");
    }
    Map<String, Object> spec = new LinkedHashMap<>(map("spec"));
    Map<String, Object> pod = new LinkedHashMap<>(map("pod"));
    pod.putIfAbsent("restartPolicy", row.getOrDefault("restartPolicy", "Never"));
    pod.putIfAbsent(
        "containers",
        List.of(Map.of("name", "worker", "image", "busybox", "command", List.of("true"))));
    spec.put("template", Map.of("spec", pod));
    return SimulatedJob.yaml()
        .writeValueAsString(
            Map.of(
                "apiVersion",
                "batch/v1",
                "kind",
                "Job",
                "metadata",
                Map.of("name", "j"),
                "spec",
                spec));
  }

  @SuppressWarnings("unchecked")
  List<Object> pods() {
    return (List<Object>) row.getOrDefault("pods", List.of("1:0"));
  }

  @SuppressWarnings("unchecked")
  Map<Integer, List<Object>> indexes() {
    Map<Integer, List<Object>> all = new LinkedHashMap<>();
    map("indexes").forEach((index, list) -> all.put(Integer.valueOf(index), (List<Object>) list));
    return all;
  }

  @SuppressWarnings("unchecked")
  List<Map<String, Object>> actions() {
    return (List<Map<String, Object>>) row.getOrDefault("do", List.of());
  }

  /** When an action of a case is done, in seconds. */
  static int at(Map<String, Object> action) {
    return (Integer) Objects.requireNonNull(action.get("at"));
  }

  Map<String, Object> expect() {
    return map("expect");
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> map(String field) {
    return (Map<String, Object>) row.getOrDefault(field, Map.of());
  }

  @Override
  public String toString() {
    return file + ": " + name();
  }
}
