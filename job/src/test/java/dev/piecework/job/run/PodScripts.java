package dev.piecework.job.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each pod of a case is to do: in the order of their creation, or in that of their index; the
 * last script of a list is repeated. A script has the lives of each container, by its name.
 */
final class PodScripts {
  private final Deque<Map<String, String>> inOrder;
  private final Map<Integer, Deque<Map<String, String>>> ofIndex = new HashMap<>();

  PodScripts(JobCase given, List<String> containers) {
    inOrder = new ArrayDeque<>(scripts(given.pods(), containers));
    given
        .indexes()
        .forEach((index, list) -> ofIndex.put(index, new ArrayDeque<>(scripts(list, containers))));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, String>> scripts(List<Object> given, List<String> names) {
    return given.stream()
        .map(script ->
            script instanceof Map<?, ?> map
                ? (Map<String, String>) map
                : Map.of(names.getLast(), (String) script))
        .toList();
  }

  /** That of the pod that was created now. */
  Map<String, String> next(int index) {
    Deque<Map<String, String>> from = ofIndex.getOrDefault(index, inOrder);
    return from.size() > 1 ? from.remove() : from.getFirst();
  }

  /** The lives of one container. */
  static String lives(Map<String, String> script, String container) {
    return script.getOrDefault(container, "0:0");
  }
}
