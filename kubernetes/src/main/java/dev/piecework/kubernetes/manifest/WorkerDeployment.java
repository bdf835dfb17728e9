package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.HashMap;
import java.util.Map;

/** The Deployment of the shape {@code stream}. */
final class WorkerDeployment {

  private WorkerDeployment() {}

  static Manifest of(Plan plan) {
    Map<String, String> notes = new HashMap<>();
    notes.putAll(WorkerPod.notes(plan));
    notes.putAll(Scheduling.notes(plan));
    notes.put("spec.template.spec.containers[0].args", "The words of 'piecework work'.");
    boolean scaled = plan.job().keda() != null;
    if (scaled) {
      notes.put("spec", "No replicas: their number belongs to the ScaledObject.");
    }
    return new Manifest(
        new DeploymentBuilder()
            .withMetadata(WorkerJob.metadata(plan))
            .withNewSpec()
            .withReplicas(scaled ? null : plan.job().parallelism())
            .withRevisionHistoryLimit(3)
            .withNewSelector()
            .withMatchLabels(plan.names().selector(Names.Component.WORKER))
            .endSelector()
            .withTemplate(WorkerPod.of(plan, "Always"))
            .endSpec()
            .build(),
        notes);
  }
}
