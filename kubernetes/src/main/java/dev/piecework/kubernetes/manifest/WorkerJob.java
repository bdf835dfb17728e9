package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRuleBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Job of the shapes {@code queue} and {@code pool}. */
final class WorkerJob {

  /** Exit codes of {@code piecework work} that another pod may cure: no Redis, told to stop. */
  private static final List<Integer> TRANSIENT = List.of(4, 74, 143);

  /** Exit codes that no other pod cures: a run stopped early, the command line, a lost run. */
  private static final List<Integer> HOPELESS = List.of(1, 2, 3);

  private WorkerJob() {}

  static Manifest of(Plan plan) {
    JobPlan job = plan.job();
    Map<String, String> notes = new HashMap<>();
    notes.putAll(WorkerPod.notes(plan));
    notes.putAll(Scheduling.notes(plan));
    JobSpecBuilder spec =
        new JobSpecBuilder()
            .withParallelism(job.parallelism())
            .withBackoffLimit(job.failuresAllowed())
            .withTtlSecondsAfterFinished(seconds(job.ttl()))
            .withActiveDeadlineSeconds(
                job.activeDeadline() == null ? null : job.activeDeadline().toSeconds());
    if (job.suspended()) {
      spec.withSuspend(true);
      notes.put("spec.suspend", "Begins when this is set to false.");
    }
    switch (job.shape()) {
      case POOL -> pool(plan, spec, notes);
      case QUEUE -> queue(plan, spec, notes);
      case STREAM -> throw new IllegalArgumentException("the stream shape is no Job");
    }
    return new Manifest(
        new JobBuilder().withMetadata(metadata(plan)).withSpec(spec.build()).build(), notes);
  }

  private static void pool(Plan plan, JobSpecBuilder spec, Map<String, String> notes) {
    JobPlan job = plan.job();
    spec.withCompletions(job.parallelism())
        .withPodReplacementPolicy("Failed")
        .withPodFailurePolicy(failurePolicy())
        .withTemplate(WorkerPod.of(plan, "Never"));
    notes.put(
        "spec.completions",
        "One success per pod: until all have said 'drained', a pod that dies is replaced.");
    notes.put(
        "spec.backoffLimit",
        "Failed pods, over the whole life of the Job, that the policy below does not forgive.");
    notes.put(
        "spec.podReplacementPolicy",
        "The next pod starts when the last has ended: never more workers than asked for.");
    notes.put("spec.podFailurePolicy.rules[0]", "Drained nodes, preemption, spot nodes: free.");
    notes.put(
        "spec.podFailurePolicy.rules[1]",
        "Redis away (4) or refusing to write (74) for --redis-timeout, told to stop (143): free.");
    notes.put(
        "spec.podFailurePolicy.rules[2]",
        "A run that is stopped early"
            + (job.deadFails() ? ", dead items" : "")
            + " (1), a wrong command line (2), a run that is lost or incomplete (3): another pod"
            + " would say the same.");
  }

  private static void queue(Plan plan, JobSpecBuilder spec, Map<String, String> notes) {
    spec.withTemplate(WorkerPod.of(plan, "OnFailure"));
    notes.put(
        "spec.parallelism",
        "No completions: the first pod that exits 0 says that the bag is drained. From then on no"
            + " pod is started again, neither for one that dies nor for a higher parallelism.");
    notes.put(
        "spec.backoffLimit",
        "Compared with the restarts of all living pods together, over their whole life: with the"
            + " default, 6, six crashes among all workers would end the Job and kill the others.");
  }

  private static PodFailurePolicy failurePolicy() {
    return new PodFailurePolicyBuilder()
        .addNewRule()
        .withAction("Ignore")
        .addNewOnPodCondition()
        .withType("DisruptionTarget")
        .withStatus("True")
        .endOnPodCondition()
        .endRule()
        .addToRules(onExit("Ignore", TRANSIENT), onExit("FailJob", HOPELESS))
        .build();
  }

  private static PodFailurePolicyRule onExit(String action, List<Integer> codes) {
    return new PodFailurePolicyRuleBuilder()
        .withAction(action)
        .withNewOnExitCodes()
        .withContainerName(WorkerPod.CONTAINER)
        .withOperator("In")
        .withValues(codes)
        .endOnExitCodes()
        .build();
  }

  /** Of whatever runs the workers. */
  static ObjectMeta metadata(Plan plan) {
    ObjectMetaBuilder metadata =
        plan.names()
            .metadata(plan.names().name(), Names.Component.WORKER)
            .withAnnotations(WorkerPod.annotations(plan));
    if (plan.job().kueueQueue() != null) {
      metadata.addToLabels("kueue.x-k8s.io/queue-name", plan.job().kueueQueue());
    }
    return metadata.build();
  }

  private static @Nullable Integer seconds(@Nullable Duration time) {
    return time == null ? null : Math.toIntExact(time.toSeconds());
  }
}
