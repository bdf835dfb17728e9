package dev.piecework.job.process;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.run.Containers;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a container's command finds in its environment. */
final class PodEnvironment {
  static final String INDEX = "JOB_COMPLETION_INDEX";

  private final PodFields fields;
  private final Map<String, String> given;
  private final String redis;

  /**
   * @param given to every container, unless it sets the same
   * @param redis the URL that stands for {@code redis://redis:6379} where a Service redis is in the
   *     file; empty for none
   */
  PodEnvironment(JobFile job, PodFields fields, Map<String, String> given, String redis) {
    this.fields = fields;
    this.given = Map.copyOf(given);
    this.redis = job.services().contains("redis") ? redis : "";
  }

  /**
   * Later ones may use earlier ones by {@code $(NAME)}; only what stands in the manifest itself is
   * expanded.
   */
  Map<String, String> of(Containers.Created pod, PodTemplate.Container container) {
    Map<String, String> all = new LinkedHashMap<>(given);
    all.put("HOSTNAME", pod.name());
    if (pod.index() >= 0) {
      all.put(INDEX, Integer.toString(pod.index()));
    }
    for (PodTemplate.Variable variable : container.environment().imported()) {
      all.put(variable.name(), fields.text(variable.source(), pod));
    }
    for (PodTemplate.Variable variable : container.environment().own()) {
      String value =
          variable.source() instanceof PodTemplate.Literal literal
              ? Expansion.of(literal.value(), all)
              : fields.text(variable.source(), pod);
      all.put(variable.name(), RedisAddress.local(value, redis));
    }
    return all;
  }
}
