package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the Prometheus operator needs to find the workers' pods: a PodMonitor, by its documentation
 * of {@code monitoring.coreos.com/v1}.
 */
final class WorkerMonitor {

  /** The name of the container's port. */
  static final String PORT = "metrics";

  private WorkerMonitor() {}

  static Manifest of(Plan plan) {
    Map<String, Object> endpoint = new LinkedHashMap<>();
    endpoint.put("port", PORT);
    endpoint.put("path", "/metrics");
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put(
        "selector",
        Map.<String, Object>of("matchLabels", plan.names().selector(Names.Component.WORKER)));
    spec.put("podMetricsEndpoints", List.of(endpoint));
    return new Manifest(
        new GenericKubernetesResourceBuilder(new GenericKubernetesResource())
            .withApiVersion("monitoring.coreos.com/v1")
            .withKind("PodMonitor")
            .withMetadata(
                plan.names().metadata(plan.names().name(), Names.Component.WORKER).build())
            .addToAdditionalProperties("spec", spec)
            .build(),
        Map.of(
            "",
            "For the Prometheus operator; without it leave this out: the pods have annotations that"
                + " a Prometheus can go by."));
  }
}
