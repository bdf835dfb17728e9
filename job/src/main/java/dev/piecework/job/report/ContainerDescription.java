package dev.piecework.job.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A container of a pod template, as {@code kubectl describe} lays it out. */
final class ContainerDescription {
  private final TabText text;

  ContainerDescription(TabText text) {
    this.text = text;
  }

  void describe(Map<String, @Nullable Object> container) {
    text.line("   " + container.get("name") + ":");
    text.line("    Image:\t" + container.get("image"));
    List<Map<String, @Nullable Object>> ports = JobDocument.objects(container, "ports");
    ports("Port", ports, port -> port.get("containerPort"));
    ports("Host Port", ports, port -> port.getOrDefault("hostPort", 0));
    Map<String, @Nullable Object> seccomp =
        JobDocument.object(JobDocument.object(container, "securityContext"), "seccompProfile");
    if (!seccomp.isEmpty()) {
      text.line("    SeccompProfile:\t" + seccomp.get("type"));
      if (seccomp.get("localhostProfile") != null) {
        text.line("      LocalhostProfile:\t" + seccomp.get("localhostProfile"));
      }
    }
    words("    Command:", container.get("command"));
    words("    Args:", container.get("args"));
    Map<String, @Nullable Object> resources = JobDocument.object(container, "resources");
    amounts("    Limits:", JobDocument.object(resources, "limits"));
    amounts("    Requests:", JobDocument.object(resources, "requests"));
    probe("Liveness", JobDocument.object(container, "livenessProbe"));
    probe("Readiness", JobDocument.object(container, "readinessProbe"));
    probe("Startup", JobDocument.object(container, "startupProbe"));
    from(JobDocument.objects(container, "envFrom"));
    environment(JobDocument.objects(container, "env"));
    mounts(JobDocument.objects(container, "volumeMounts"));
  }

  private void ports(
      String title,
      List<Map<String, @Nullable Object>> ports,
      Function<Map<String, @Nullable Object>, @Nullable Object> number) {
    String all =
        ports.stream()
            .map(port ->
                number.apply(port)
                    + "/"
                    + port.getOrDefault("protocol", "TCP")
                    + (port.containsKey("name") ? " (" + port.get("name") + ")" : ""))
            .collect(Collectors.joining(", "));
    text.line(
        "    " + title + (ports.size() > 1 ? "s" : "") + ":\t" + (all.isEmpty() ? "<none>" : all));
  }

  private void words(String title, @Nullable Object words) {
    if (words instanceof List<?> list && !list.isEmpty()) {
      text.line(title);
      for (Object word : list) {
        for (String line : String.valueOf(word).split("\n", -1)) {
          text.line("      " + line.replace('\t', ' '));
        }
      }
    }
  }

  private void amounts(String title, Map<String, @Nullable Object> amounts) {
    if (!amounts.isEmpty()) {
      text.line(title);
      new TreeMap<>(amounts).forEach((name, much) -> text.line("      " + name + ":\t" + much));
    }
  }

  private void probe(String title, Map<String, @Nullable Object> probe) {
    if (probe.isEmpty()) {
      return;
    }
    // What is not written is what the API server fills in.
    text.line(
        "    %s:\t%s delay=%ss timeout=%ss period=%ss #success=%s #failure=%s"
            .formatted(
                title,
                asked(probe),
                probe.getOrDefault("initialDelaySeconds", 0),
                probe.getOrDefault("timeoutSeconds", 1),
                probe.getOrDefault("periodSeconds", 10),
                probe.getOrDefault("successThreshold", 1),
                probe.getOrDefault("failureThreshold", 3)));
  }

  private static String asked(Map<String, @Nullable Object> probe) {
    Map<String, @Nullable Object> exec = JobDocument.object(probe, "exec");
    if (exec.get("command") instanceof List<?> command) {
      return command.stream().map(String::valueOf).collect(Collectors.joining(" ", "exec [", "]"));
    }
    Map<String, @Nullable Object> http = JobDocument.object(probe, "httpGet");
    if (!http.isEmpty()) {
      return "http-get "
          + JobDocument.text(http, "scheme", "HTTP").toLowerCase(Locale.ROOT)
          + "://"
          + JobDocument.text(http, "host")
          + ":"
          + http.get("port")
          + JobDocument.text(http, "path");
    }
    Map<String, @Nullable Object> tcp = JobDocument.object(probe, "tcpSocket");
    if (!tcp.isEmpty()) {
      return "tcp-socket " + JobDocument.text(tcp, "host") + ":" + tcp.get("port");
    }
    Map<String, @Nullable Object> grpc = JobDocument.object(probe, "grpc");
    return grpc.isEmpty()
        ? "unknown"
        : "grpc <pod>:" + grpc.get("port") + " " + JobDocument.text(grpc, "service");
  }

  private void from(List<Map<String, @Nullable Object>> sources) {
    if (sources.isEmpty()) {
      return;
    }
    text.line("    Environment Variables from:");
    for (Map<String, @Nullable Object> source : sources) {
      Map<String, @Nullable Object> map = JobDocument.object(source, "configMapRef");
      Map<String, @Nullable Object> one =
          map.isEmpty() ? JobDocument.object(source, "secretRef") : map;
      String prefix = JobDocument.text(source, "prefix");
      text.line(
          "      %s\t%s%s\tOptional: %s"
              .formatted(
                  one.get("name"),
                  map.isEmpty() ? "Secret" : "ConfigMap",
                  prefix.isEmpty() ? "" : " with prefix '" + prefix + "'",
                  optional(one)));
    }
  }

  static boolean optional(Map<String, @Nullable Object> reference) {
    return Boolean.TRUE.equals(reference.get("optional"));
  }

  private void environment(List<Map<String, @Nullable Object>> variables) {
    if (variables.isEmpty()) {
      text.line("    Environment:\t<none>");
      return;
    }
    text.line("    Environment:");
    for (Map<String, @Nullable Object> variable : variables) {
      text.line("      " + variable.get("name") + ":\t" + value(variable));
    }
  }

  private static String value(Map<String, @Nullable Object> variable) {
    Map<String, @Nullable Object> from = JobDocument.object(variable, "valueFrom");
    Map<String, @Nullable Object> field = JobDocument.object(from, "fieldRef");
    Map<String, @Nullable Object> resource = JobDocument.object(from, "resourceFieldRef");
    Map<String, @Nullable Object> configMap = JobDocument.object(from, "configMapKeyRef");
    Map<String, @Nullable Object> secret = JobDocument.object(from, "secretKeyRef");
    if (!field.isEmpty()) {
      return " (v1:" + field.get("fieldPath") + ")";
    }
    if (!resource.isEmpty()) {
      return " (" + resource.get("resource") + ")";
    }
    if (!configMap.isEmpty()) {
      return "<set to the key '%s' of config map '%s'>\tOptional: %s"
          .formatted(configMap.get("key"), configMap.get("name"), optional(configMap));
    }
    if (!secret.isEmpty()) {
      return "<set to the key '%s' in secret '%s'>\tOptional: %s"
          .formatted(secret.get("key"), secret.get("name"), optional(secret));
    }
    Object value = variable.get("value");
    return value == null ? "" : String.valueOf(value);
  }

  private void mounts(List<Map<String, @Nullable Object>> mounts) {
    if (mounts.isEmpty()) {
      text.line("    Mounts:\t<none>");
      return;
    }
    text.line("    Mounts:");
    mounts.stream()
        .sorted(Comparator.comparing(mount -> JobDocument.text(mount, "mountPath")))
        .forEach(mount -> {
          String path = JobDocument.text(mount, "subPath");
          text.line(
              "      %s from %s (%s%s)"
                  .formatted(
                      mount.get("mountPath"),
                      mount.get("name"),
                      Boolean.TRUE.equals(mount.get("readOnly")) ? "ro" : "rw",
                      path.isEmpty() ? "" : ",path=\"" + path + "\""));
        });
  }
}
