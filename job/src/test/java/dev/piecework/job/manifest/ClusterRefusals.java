package dev.piecework.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code run -f} refuses, and in which words, against the API server of a real cluster, which
 * is asked without making anything; run by {@code ./check --cluster}.
 */
final class ClusterRefusals {

  private static final String JOB =
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: j}
      spec:
        template:
          spec:
            restartPolicy: Never
            containers:
            - {name: worker, image: busybox, command: ["true"]}
      """;

  private static final Pattern VALUE =
      Pattern.compile("(: Invalid value: )(?:\\{.*}|\\[.*]|\"[^\"]*\"|null|-?\\d+): ");

  private static KubernetesClient client;
  private static String namespace;

  @BeforeAll
  static void begin() {
    Path kubeconfig = Path.of(System.getenv().getOrDefault("PIECEWORK_KUBECONFIG", ""));
    assertThat(kubeconfig).as("PIECEWORK_KUBECONFIG").isRegularFile();
    namespace = System.getenv().getOrDefault("PIECEWORK_CLUSTER_NAMESPACE", "default");
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build();
  }

  @AfterAll
  static void end() {
    client.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "completionMode: Indexed",
        "completionMode: indexed",
        "manualSelector: true",
        "manualSelector: false",
        "selector: {matchLabels: {a: b}}",
        "manualSelector: true; selector: {matchLabels: {a: b}}",
        "managedBy: me",
        "managedBy: A.io/x",
        "managedBy: acme.io/foo",
        "parallelism: -1",
        "completions: -1",
        "backoffLimit: -1",
        "activeDeadlineSeconds: -1",
        "ttlSecondsAfterFinished: -1",
        "backoffLimitPerIndex: 1",
        "completions: 2; completionMode: Indexed; maxFailedIndexes: 1",
        "completions: 2; completionMode: Indexed; backoffLimitPerIndex: 1; maxFailedIndexes: 3",
        "successPolicy: {rules: [{succeededCount: 1}]}",
        "completions: 2; completionMode: Indexed; successPolicy: {rules: [{succeededCount: 3}]}",
        "completions: 5; completionMode: Indexed; successPolicy: {rules: [{succeededIndexes: 0-1-2}]}",
        "completions: 5; completionMode: Indexed; successPolicy: {rules: [{succeededIndexes: a-b}]}",
        "completions: 5; completionMode: Indexed; successPolicy: {rules: [{succeededIndexes: 0-5}]}",
        "completions: 5; completionMode: Indexed; successPolicy: {rules: [{succeededIndexes: \"3,1\"}]}",
        "completions: 5; completionMode: Indexed; successPolicy: {rules: [{succeededIndexes: \"1,1\"}]}",
        "podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {operator: In, values: [1]}}]}",
        "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [3, 1]}}]}",
        "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1, 1]}}]}",
        "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [0]}}]}",
        "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1, 0]}}]}",
        "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: []}}]}",
        "podReplacementPolicy: Never",
        "podFailurePolicy: {rules: []}; podReplacementPolicy: TerminatingOrFailed",
      })
  void refusesWhatTheApiServerRefusesAndInItsWords(String spec) {
    String manifest = JOB + "  " + spec.replace("; ", "\n  ") + "\n";
    List<String> theirs = theirs(manifest);
    List<String> ours = ours(manifest);
    assertThat(ours.isEmpty()).as(manifest + theirs + ours).isEqualTo(theirs.isEmpty());
    assertThat(theirs).as(manifest).containsAll(ours);
  }

  /** The API server shows values as it keeps them, with what it has put in by itself. */
  private static String withoutValue(String problem) {
    return VALUE.matcher(problem).replaceFirst("$1");
  }

  private static List<String> ours(String manifest) {
    ManifestException refused =
        catchThrowableOfType(
            ManifestException.class, () -> JobFile.parse("job.yaml", manifest, PodRuntime.PROCESS));
    return refused == null
        ? List.of()
        : String.valueOf(refused.getMessage())
            .lines()
            .map(line -> withoutValue(line.replaceFirst("^job\\.yaml:\\d+: ", "")))
            .toList();
  }

  private static List<String> theirs(String manifest) {
    KubernetesClientException refused =
        catchThrowableOfType(
            KubernetesClientException.class,
            () ->
                client
                    .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                    .inNamespace(namespace)
                    .dryRun(true)
                    .create());
    if (refused == null) {
      return List.of();
    }
    Status status = refused.getStatus();
    assertThat(status.getDetails()).as(refused.getMessage()).isNotNull();
    return status.getDetails().getCauses().stream()
        .map(cause -> withoutValue(cause.getField() + ": " + cause.getMessage()))
        .toList();
  }
}
