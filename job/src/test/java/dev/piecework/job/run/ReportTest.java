package dev.piecework.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.job.report.JobDescription;
import dev.piecework.job.report.JobDocument;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What is printed at the end, against what kubectl printed of the same Job. */
final class ReportTest {
  private static final String UID = "00000000-0000-4000-8000-000000000000";

  static List<JobCase> recordings() {
    return RecordingsTest.recordings();
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void describesAsKubectlDoes(JobCase given) throws Exception {
    SimulatedJob job = new SimulatedJob(given);
    job.run();
    String described =
        JobDescription.of(document(job), job.loop.events(), job.clock.instant().plusSeconds(100));
    String recorded =
        JobCase.resource("recordings/" + given.row().get("recording") + "/describe.txt");
    assertThat(masked(described)).isEqualTo(masked(recorded));
  }

  /** By kubectl's own source, for what no recording has. */
  @Test
  @SuppressWarnings("unchecked")
  void describesAllOfAPodTemplate() throws Exception {
    String yaml =
        """
        metadata:
          name: job2
          annotations:
            kubectl.kubernetes.io/last-applied-configuration: '{"all": "of it"}'
        spec:
          template:
            spec:
              tolerations:
              - {key: spot, operator: Exists, effect: NoSchedule}
              containers:
              - name: worker
                image: i:1
                ports:
                - {name: metrics, containerPort: 9464, protocol: TCP}
                - {containerPort: 8080, protocol: TCP}
                resources: {limits: {memory: 1Gi, cpu: 1}, requests: {cpu: 250m}}
                startupProbe: {httpGet: {path: /ready, port: 8080}, failureThreshold: 9}
                livenessProbe: {exec: {command: [sh, -c, 'true']}}
                env:
                - {name: REDIS_URL, valueFrom: {secretKeyRef: {name: s, key: url}}}
                envFrom:
                - {configMapRef: {name: c, optional: true}}
                volumeMounts:
                - {name: tmp, mountPath: /tmp}
              volumes:
              - {name: tmp, emptyDir: {sizeLimit: 1Gi}}
              - {name: tls, secret: {secretName: s}}
        """;
    Map<String, @Nullable Object> job = SimulatedJob.yaml().readValue(yaml, Map.class);
    String described = JobDescription.of(job, List.of(), Instant.EPOCH);
    assertThat(described.replaceAll(" +", " ").lines().map(String::strip))
        .contains(
            "Annotations: <none>",
            "Ports: 9464/TCP (metrics), 8080/TCP",
            "Host Ports: 0/TCP (metrics), 0/TCP",
            "Limits:",
            "cpu: 1",
            "memory: 1Gi",
            "Requests:",
            "cpu: 250m",
            "Liveness: exec [sh -c true] delay=0s timeout=1s period=10s #success=1 #failure=3",
            "Startup: http-get http://:8080/ready delay=0s timeout=1s period=10s #success=1"
                + " #failure=9",
            "Environment Variables from:",
            "c ConfigMap Optional: true",
            "REDIS_URL: <set to the key 'url' in secret 's'> Optional: false",
            "Type: EmptyDir (a temporary directory that shares a pod's lifetime)",
            "SizeLimit: 1Gi",
            "Type: Secret (a volume populated by a Secret)",
            "Optional: false",
            "Tolerations: spot:NoSchedule op=Exists");
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void writesTheStatusThatTheApiServerHas(JobCase given) throws Exception {
    SimulatedJob job = new SimulatedJob(given);
    job.run();
    JsonNode written = SimulatedJob.yaml().readTree(document(job).yaml());
    JsonNode recorded =
        SimulatedJob.yaml()
            .readTree(
                JobCase.resource("recordings/" + given.row().get("recording") + "/status.json"));
    assertThat(values(written.get("status"))).isEqualTo(values(recorded.get("status")));
    recorded
        .get("spec")
        .properties()
        .forEach(field ->
            assertThat(written.get("spec").get(field.getKey()))
                .as(field.getKey())
                .isEqualTo(field.getValue()));
  }

  @Test
  void isReadByAKubernetesClient() throws Exception {
    SimulatedJob job = new SimulatedJob(recordings().getFirst());
    job.run();
    Job fromYaml = Serialization.unmarshal(document(job).yaml(), Job.class);
    Job fromJson = Serialization.unmarshal(document(job).json(), Job.class);
    assertThat(fromYaml).isEqualTo(fromJson);
    assertThat(fromYaml.getStatus().getSucceeded()).isEqualTo(4);
    assertThat(fromYaml.getStatus().getConditions().getLast().getType()).isEqualTo("Complete");
    assertThat(fromYaml.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs())
        .containsExactly("sleep 2; exit 0\n");
  }

  /** Else a reader of YAML 1.1 makes a date of it, which is no string. */
  @Test
  void quotesTimesAsKubectlDoes() throws Exception {
    SimulatedJob job = new SimulatedJob(recordings().getFirst());
    job.run();
    assertThat(document(job).yaml())
        .contains("startTime: \"2026-11-23T18:00:00Z\"")
        .contains("status: \"True\"");
  }

  private static JobDocument document(SimulatedJob job) {
    return new JobDocument(job.file, UID, job.loop.rules(), job.loop.state());
  }

  private static String values(JsonNode status) {
    return SimulatedJob.yaml()
        .writeValueAsString(status)
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "TIME")
        .replaceAll("-[bcdfghjklmnpqrstvwxz2456789]{5}(?= )", "-*****");
  }

  /** Names, uids, times and ages differ; the columns after an age are as wide as the ages. */
  private static String masked(String text) {
    String masked =
        text.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID")
            .replaceAll("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [0-9:]{8} \\+0000", "TIME")
            .replaceAll("(Duration: +)\\S+", "$1AGE")
            .replaceAll("  \\S+ +job-controller", "  AGE  job-controller")
            .replaceAll("Age +From", "Age  From")
            .replaceAll("---- +---- +-------", "----  ----  -------")
            .replaceAll("-[bcdfghjklmnpqrstvwxz2456789]{5}(?= |\\n|$)", "-*****");
    // Pods are created and deleted in an order that differs from run to run.
    int events = masked.indexOf("Events:");
    return masked.substring(0, events)
        + String.join("\n", masked.substring(events).lines().sorted().toList());
  }
}
