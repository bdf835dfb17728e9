package dev.piecework.job.process;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.run.Containers;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a pod may be told of itself, in its environment or in files. */
final class PodFields {
  private static final String INDEX = "batch.kubernetes.io/job-completion-index";

  private final JobFile job;
  private final String jobUid;

  PodFields(JobFile job, String jobUid) {
    this.job = job;
    this.jobUid = jobUid;
  }

  /** What stands for the source in this pod. */
  byte[] bytes(PodTemplate.Source source, Containers.Created pod) {
    return source instanceof PodTemplate.Stored stored
        ? stored.bytes()
        : PodTemplate.Stored.of(text(source, pod)).bytes();
  }

  /** The same as text. */
  String text(PodTemplate.Source source, Containers.Created pod) {
    return switch (source) {
      case PodTemplate.Stored stored -> stored.text();
      case PodTemplate.Literal literal -> literal.value();
      case PodTemplate.OfPod field -> of(field.field(), pod);
    };
  }

  private String of(String path, Containers.Created pod) {
    return switch (path) {
      case "metadata.name" -> pod.name();
      case "metadata.namespace" -> job.rules().namespace();
      case "metadata.uid" -> pod.uid();
      case "metadata.labels" -> lines(labels(pod));
      case "metadata.annotations" -> lines(annotations(pod));
      case "status.podIP", "status.podIPs", "status.hostIP", "status.hostIPs" -> "127.0.0.1";
      default -> {
        String key = path.substring(path.indexOf('\'') + 1, path.lastIndexOf('\''));
        yield (path.startsWith("metadata.labels") ? labels(pod) : annotations(pod))
            .getOrDefault(key, "");
      }
    };
  }

  private Map<String, String> labels(Containers.Created pod) {
    Map<String, String> all = new TreeMap<>(job.template().labels());
    for (String prefix : new String[] {"", "batch.kubernetes.io/"}) {
      all.put(prefix + "job-name", job.name());
      all.put(prefix + "controller-uid", jobUid);
    }
    putIndex(all, pod);
    return all;
  }

  private Map<String, String> annotations(Containers.Created pod) {
    Map<String, String> all = new TreeMap<>(job.template().annotations());
    putIndex(all, pod);
    return all;
  }

  private static void putIndex(Map<String, String> all, Containers.Created pod) {
    if (pod.index() >= 0) {
      all.put(INDEX, Integer.toString(pod.index()));
    }
  }

  /** {@code key="value"} line by line, as the kubelet writes it: the value quoted as in Go. */
  private static String lines(Map<String, String> all) {
    return all.entrySet().stream()
        .map(e -> e.getKey() + "=" + quoted(e.getValue()))
        .collect(Collectors.joining("\n"));
  }

  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case 7 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 11 -> out.append("\\v");
            default -> {
              if (isPrintable(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(
                    (c < 0x80 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
              }
            }
          }
        });
    return out.append('"').toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
