package dev.piecework.job.run;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * A Job controller that can do one thing: what a real one did in a recording. It creates the pods
 * of which the recording's events tell, waits until each is released with its script, and then
 * writes the events and the status.
 */
final class RecordedController implements Runnable {
  private final KubernetesClient client;
  private final String job;
  private final String recording;
  private final UnaryOperator<JobStatus> falsified;
  final List<Map<String, String>> scripts = new ArrayList<>();

  RecordedController(
      KubernetesClient client, String job, String recording, UnaryOperator<JobStatus> falsified) {
    this.client = client;
    this.job = job;
    this.recording = recording;
    this.falsified = falsified;
  }

  @Override
  public void run() {
    Job created = awaitJob();
    int number = 0;
    for (String line :
        JobCase.resource("recordings/" + recording + "/events.jsonl").lines().toList()) {
      JsonNode event = SimulatedJob.yaml().readTree(line);
      String reason = event.get("reason").asString();
      if (reason.equals("SuccessfulCreate")) {
        scripts.add(released(create(created, event.get("message").asString())));
      }
      tell(created, reason, event.get("message").asString(), number++);
    }
    String recorded = JobCase.resource("recordings/" + recording + "/status.json");
    JobStatus status =
        Serialization.unmarshal(recorded.replace("/" + recording + "-", "/" + job + "-"), Job.class)
            .getStatus();
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace("default")
        .withName(job)
        .editStatus(j -> new JobBuilder(j).withStatus(falsified.apply(status)).build());
  }

  /** One that is not suspended, or not any more. */
  private Job awaitJob() {
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace("default")
        .withName(job)
        .waitUntilCondition(
            j -> j != null && !Boolean.TRUE.equals(j.getSpec().getSuspend()),
            30,
            java.util.concurrent.TimeUnit.SECONDS);
  }

  private Pod create(Job owner, String message) {
    String recorded = message.replace("Created pod: ", "");
    String suffix = recorded.substring(recording.length() + 1);
    PodBuilder pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(job + "-" + suffix)
            .addToLabels("batch.kubernetes.io/job-name", job)
            .endMetadata()
            .withSpec(owner.getSpec().getTemplate().getSpec());
    if ("Indexed".equals(owner.getSpec().getCompletionMode())) {
      pod.editMetadata()
          .addToAnnotations(
              "batch.kubernetes.io/job-completion-index", suffix.substring(0, suffix.indexOf('-')))
          .endMetadata();
    }
    return client.pods().inNamespace("default").resource(pod.build()).create();
  }

  private Map<String, String> released(Pod pod) {
    return client
        .pods()
        .inNamespace("default")
        .withName(pod.getMetadata().getName())
        .waitUntilCondition(
            p -> p != null && p.getSpec().getSchedulingGates().isEmpty(),
            30,
            java.util.concurrent.TimeUnit.SECONDS)
        .getMetadata()
        .getAnnotations();
  }

  private void tell(Job about, String reason, String message, int number) {
    client
        .v1()
        .events()
        .inNamespace("default")
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName(job + "." + number)
                .endMetadata()
                .withInvolvedObject(
                    new ObjectReferenceBuilder()
                        .withKind("Job")
                        .withName(job)
                        .withUid(about.getMetadata().getUid())
                        .build())
                .withReason(reason)
                .withMessage(message)
                .withCount(1)
                .build())
        .create();
  }
}
