package dev.piecework.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What matters in the objects of each shape; docs/kubernetes.md says why. */
@Tag("slow")
final class ManifestsTest {

  @Test
  void aPoolReplacesWhoDies() {
    Job job = only(Job.class, Plans.plain(Shape.POOL));
    var spec = job.getSpec();
    assertThat(spec.getParallelism()).isEqualTo(2);
    assertThat(spec.getCompletions()).isEqualTo(2);
    assertThat(spec.getBackoffLimit()).isEqualTo(20);
    assertThat(spec.getPodReplacementPolicy()).isEqualTo("Failed");
    assertThat(spec.getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
    var rules = spec.getPodFailurePolicy().getRules();
    assertThat(rules).hasSize(3);
    assertThat(rules.get(0).getAction()).isEqualTo("Ignore");
    assertThat(rules.get(0).getOnPodConditions().getFirst().getType())
        .isEqualTo("DisruptionTarget");
    assertThat(rules.get(1).getAction()).isEqualTo("Ignore");
    assertThat(rules.get(1).getOnExitCodes().getValues()).containsExactly(4, 74, 143);
    assertThat(rules.get(2).getAction()).isEqualTo("FailJob");
    assertThat(rules.get(2).getOnExitCodes().getValues()).containsExactly(1, 2, 3);
    assertThat(rules)
        .filteredOn(rule -> rule.getOnExitCodes() != null)
        .allSatisfy(rule ->
            assertThat(rule.getOnExitCodes().getContainerName())
                .isEqualTo(worker(job.getSpec().getTemplate().getSpec()).getName()));
  }

  @Test
  void theQueueShapeIsThePagesJob() {
    var spec = only(Job.class, Plans.plain(Shape.QUEUE)).getSpec();
    assertThat(spec.getParallelism()).isEqualTo(2);
    assertThat(spec.getCompletions()).isNull();
    assertThat(spec.getCompletionMode()).isNull();
    assertThat(spec.getPodFailurePolicy()).isNull();
    assertThat(spec.getTemplate().getSpec().getRestartPolicy()).isEqualTo("OnFailure");
    // Restarts of all pods together: the default of 6 would let six crashes end everything.
    assertThat(spec.getBackoffLimit()).isEqualTo(20);
  }

  @Test
  void aStreamIsADeploymentThatGoesOn() {
    Deployment deployment = only(Deployment.class, Plans.plain(Shape.STREAM));
    assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
    assertThat(worker(deployment.getSpec().getTemplate().getSpec()).getArgs())
        .startsWith("work", "job2", "--forever");
    assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
    assertThat(only(Deployment.class, Plans.full(Shape.STREAM)).getSpec().getReplicas())
        .as("KEDA's")
        .isNull();
  }

  @Test
  void theWorkerIsToldWhatItsRunIs() {
    PodSpec pod = only(Job.class, Plans.full(Shape.POOL)).getSpec().getTemplate().getSpec();
    assertThat(worker(pod).getArgs())
        .containsSequence("--run", "0123456789abcdef", "--expect", "200000", "--")
        .containsSequence("--health-port", "8081");
    assertThat(only(Job.class, Plans.full(Shape.POOL)).getMetadata().getAnnotations())
        .containsEntry("piecework.dev/queue", "Renders.2026:a")
        .containsEntry("piecework.dev/run", "0123456789abcdef")
        .containsEntry("piecework.dev/expect", "200000");
  }

  @Test
  void prometheusFindsTheWorkersOnlyWhenAsked() {
    Job plain = only(Job.class, Plans.plain(Shape.POOL));
    assertThat(worker(plain.getSpec().getTemplate().getSpec()).getArgs())
        .doesNotContain("--metrics-port");
    assertThat(plain.getSpec().getTemplate().getMetadata().getAnnotations())
        .doesNotContainKey("prometheus.io/scrape");
    var template = only(Job.class, Plans.full(Shape.POOL)).getSpec().getTemplate();
    assertThat(template.getMetadata().getAnnotations()).containsEntry("prometheus.io/port", "9464");
    assertThat(worker(template.getSpec()).getArgs()).containsSequence("--metrics-port", "9464");
    assertThat(worker(template.getSpec()).getPorts())
        .anyMatch(port -> port.getName().equals("metrics") && port.getContainerPort() == 9464);
    assertThat(Manifests.of(Plans.full(Shape.POOL)))
        .filteredOn(manifest -> manifest.object().getKind().equals("PodMonitor"))
        .singleElement()
        .satisfies(manifest ->
            assertThat(ManifestText.yaml(List.of(manifest)))
                .contains("port: metrics", "app.kubernetes.io/instance: renders"));
  }

  @Test
  void aPodOutlivesTheGraceOfItsWorker() {
    assertThat(
            only(Job.class, Plans.full(Shape.QUEUE))
                .getSpec()
                .getTemplate()
                .getSpec()
                .getTerminationGracePeriodSeconds())
        .isEqualTo(60 + 10);
  }

  @Test
  void redisKeepsWhatItHolds() {
    StatefulSet set = only(StatefulSet.class, Plans.plain(Shape.POOL));
    var redis = set.getSpec().getTemplate().getSpec().getContainers().getFirst();
    assertThat(redis.getArgs())
        .containsSequence("--appendonly", "yes")
        .containsSequence("--maxmemory", "307mb")
        .containsSequence("--maxmemory-policy", "noeviction");
    assertThat(redis.getVolumeMounts().getFirst().getName())
        .isEqualTo(set.getSpec().getVolumeClaimTemplates().getFirst().getMetadata().getName());
    assertThat(only(NetworkPolicy.class, Plans.full(Shape.STREAM)).getSpec().getIngress())
        .as("KEDA looks from its own namespace")
        .first()
        .satisfies(rule -> assertThat(rule.getFrom()).hasSize(2));
  }

  @Test
  void aPasswordIsInTheSecretAndNowhereElse() {
    Plans.all()
        .forEach(plan -> {
          for (Manifest manifest : Manifests.of(plan)) {
            if (!manifest.object().getKind().equals("Secret")) {
              assertThat(ManifestText.yaml(List.of(manifest)))
                  .doesNotContain("s3cret")
                  .doesNotContain(":pw@");
            }
          }
          assertThat(plan.toString()).doesNotContain("s3cret").doesNotContain(":pw@");
        });
  }

  @Test
  void theFilesForTlsGoThroughTheSecretToTheWorkerAlone() {
    Plan plan = Plans.plain(Shape.POOL).withRedis(Plans.TLS);
    assertThat(plan.redis().toString()).doesNotContain("private key", "pw");
    assertThat(Manifests.of(plan))
        .filteredOn(manifest -> ManifestText.yaml(List.of(manifest)).contains("private key"))
        .singleElement()
        .satisfies(manifest ->
            assertThat(((Secret) manifest.object()).getStringData())
                .containsEntry("ca.crt", "authorities")
                .containsEntry("tls.crt", "certificate")
                .containsEntry("tls.key", "private key"));
    PodSpec pod = only(Job.class, plan).getSpec().getTemplate().getSpec();
    assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(65532);
    assertThat(pod.getVolumes())
        .filteredOn(volume -> volume.getSecret() != null)
        .singleElement()
        .satisfies(volume -> assertThat(volume.getSecret().getDefaultMode()).isEqualTo(0440));
    var worker = worker(pod);
    assertThat(worker.getArgs())
        .containsSubsequence(
            "--redis-ca-file",
            "/etc/piecework/redis/ca.crt",
            "--redis-cert-file",
            "/etc/piecework/redis/tls.crt",
            "--redis-key-file",
            "/etc/piecework/redis/tls.key");
    assertThat(worker.getVolumeMounts())
        .anyMatch(mount ->
            mount.getName().equals("redis-tls")
                && mount.getReadOnly()
                && mount.getMountPath().equals("/etc/piecework/redis"));
  }

  @Test
  void theUrlComesFromTheSecretThatIsNamed() {
    PodSpec pod = only(Job.class, Plans.full(Shape.POOL)).getSpec().getTemplate().getSpec();
    EnvVar url = worker(pod).getEnv().getFirst();
    assertThat(url.getName()).isEqualTo("REDIS_URL");
    assertThat(url.getValueFrom().getSecretKeyRef().getName()).isEqualTo("vault");
    assertThat(Manifests.of(Plans.full(Shape.POOL)))
        .noneMatch(manifest -> manifest.object().getKind().equals("Secret"));
  }

  @Test
  void everyNoteIsAboutAFieldThatIsThere() {
    Plans.all()
        .flatMap(plan -> Manifests.of(plan).stream())
        .forEach(manifest -> {
          String yaml = ManifestText.yaml(List.of(manifest)).replaceAll("\n *# ", " ");
          assertThat(manifest.notes().values()).allSatisfy(note -> assertThat(yaml).contains(note));
        });
  }

  @Test
  void namesThatDo() {
    assertThat(Names.of("job2")).isEqualTo("job2");
    assertThat(Names.of("My_Files.2:a")).isEqualTo("my-files-2-a");
    assertThat(Names.of("2026")).isEqualTo("queue-2026");
    assertThat(Names.of("___")).isEqualTo("queue");
    assertThat(Names.of("a".repeat(45) + "-b")).isEqualTo("a".repeat(45));
    assertThatThrownBy(() -> new Names("Job", "q", null)).hasMessageContaining("'Job'");
    assertThatThrownBy(() -> new Names("a".repeat(47), "q", null)).hasMessageContaining("46");
    assertThatThrownBy(() -> new Names("a", "q", "b_c")).hasMessageContaining("'b_c'");
  }

  @Test
  void amountsThatDo() {
    assertThat(Amount.cpu("2").limit()).hasToString("2");
    assertThat(Amount.cpu("250m..1").request()).hasToString("250m");
    assertThat(Amount.memory("1Gi..2Gi").limit()).hasToString("2Gi");
    assertThatThrownBy(() -> Amount.cpu("2..1")).hasMessageContaining("ends below its start");
    assertThatThrownBy(() -> Amount.cpu("two")).hasMessageContaining("'two'");
    assertThatThrownBy(() -> Amount.memory("512m")).hasMessageContaining("too little memory");
    assertThatThrownBy(() -> Amount.memory("512MB")).hasMessageContaining("512Mi");
  }

  static <T extends HasMetadata> T only(Class<T> kind, Plan plan) {
    List<T> found =
        Manifests.of(plan).stream()
            .map(Manifest::object)
            .filter(kind::isInstance)
            .map(kind::cast)
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static io.fabric8.kubernetes.api.model.Container worker(PodSpec pod) {
    assertThat(pod.getContainers()).hasSize(1);
    return pod.getContainers().getFirst();
  }
}
