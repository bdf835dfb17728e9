package dev.piecework.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong, in one line. */
class TroubleTest {

  private static Pod waiting(String pod, String reason, String message) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(pod)
        .endMetadata()
        .withNewStatus()
        .withContainerStatuses(
            new ContainerStatusBuilder()
                .withName("worker")
                .withImage("i:1")
                .withNewState()
                .withNewWaiting(message, reason)
                .endState()
                .build())
        .endStatus()
        .build();
  }

  private static Pod ended(int code, String reason, String message) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .endMetadata()
        .withNewStatus()
        .withContainerStatuses(
            new ContainerStatusBuilder()
                .withName("worker")
                .withNewLastState()
                .withNewTerminated()
                .withExitCode(code)
                .withReason(reason)
                .withMessage(message)
                .endTerminated()
                .endLastState()
                .build())
        .endStatus()
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "ImagePullBackOff, of i:1: why",
    "ErrImagePull, of i:1: why",
    "InvalidImageName, of i:1: why",
    "CreateContainerConfigError, : why",
    "CrashLoopBackOff, : why",
  })
  void aContainerThatDoesNotStart(String reason, String said) {
    assertThat(Trouble.of(waiting("p", reason, "why")))
        .singleElement()
        .extracting(Trouble::line)
        .asString()
        .contains("pod p: " + reason, said.strip());
  }

  @Test
  void whatPassesByItselfIsNotSaid() {
    assertThat(Trouble.of(waiting("p", "ContainerCreating", ""))).isEmpty();
    assertThat(Trouble.of(ended(0, "Completed", ""))).isEmpty();
    assertThat(Trouble.of(ended(143, "Error", ""))).isEmpty();
  }

  @Test
  void podsThatWantTheSameImageHaveOneTrouble() {
    assertThat(Trouble.of(waiting("p", "ImagePullBackOff", "a")).getFirst().key())
        .isEqualTo(Trouble.of(waiting("q", "ImagePullBackOff", "b")).getFirst().key());
  }

  @Test
  void howAContainerEnded() {
    assertThat(Trouble.of(ended(137, "OOMKilled", "")).getFirst().line())
        .contains("OOMKilled", "--memory");
    assertThat(Trouble.of(ended(3, "Error", "run r is lost")).getFirst())
        .returns("pod p ended with exit code 3: run r is lost", Trouble::line)
        .returns(null, Trouble::unexplained);
    assertThat(Trouble.of(ended(3, "Error", "")).getFirst().unexplained()).isEqualTo("p");
    assertThat(
            Trouble.of(ended(128, "StartError", "exec /java: exec format error")).getFirst().line())
        .contains("another architecture");
  }

  /** A real kubelet changes from one to the other and back, with other words each time. */
  @Test
  void anImageIsOneTroubleWhateverTheKubeletCallsIt() {
    assertThat(Trouble.of(waiting("p", "ErrImagePull", "no host")).getFirst().key())
        .isEqualTo(Trouble.of(waiting("q", "ImagePullBackOff", "Back-off")).getFirst().key());
  }

  private static Pod claiming() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("job2-redis-0")
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType("PodScheduled")
        .withStatus("False")
        .withReason("Unschedulable")
        .withMessage(
            "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found")
        .endCondition()
        .endStatus()
        .build();
  }

  /** A real scheduler says so of each Redis, in the second before its volume is bound. */
  @Test
  void aVolumeThatIsNotBoundYetIsSaidOnlyWhenItStaysSo() {
    Trouble unbound = Trouble.of(claiming()).getFirst();
    ToldOnce told = new ToldOnce();
    assertThat(told.isDue(unbound, 1_000_000_000L)).isFalse();
    assertThat(told.isDue(unbound, 10_000_000_000L)).isFalse();
    assertThat(told.isDue(unbound, 11_000_000_000L)).isTrue();
    assertThat(told.isDue(unbound, 12_000_000_000L)).isFalse();
    Trouble image = Trouble.of(waiting("p", "ErrImagePull", "no host")).getFirst();
    assertThat(told.isDue(image, 0)).isTrue();
    assertThat(told.isDue(image, 0)).isFalse();
  }

  /** A real kubelet gives the last lines of its output as the message, whatever they say. */
  @Test
  void whatIsKilledForMemoryHasNoLastWords() {
    assertThat(Trouble.of(ended(137, "OOMKilled", "working on job2 in 1 slot")))
        .singleElement()
        .extracting(Trouble::line)
        .asString()
        .endsWith("give it more with --memory");
  }

  /** One that is killed by whatever else prints lines of its start as its last. */
  @Test
  void whatIsKilledHasNoLastWordsEither() {
    assertThat(Trouble.of(ended(137, "Error", "working on job2 in 1 slot")))
        .singleElement()
        .returns("pod p was killed (exit code 137)", Trouble::line)
        .returns(null, Trouble::unexplained);
  }

  /** A real one said so of each Redis in its first second, before the claim was made. */
  @Test
  void aClaimThatIsNotThereYetIsSaidOnlyWhenItStaysSo() {
    Pod pod = claiming();
    pod.getStatus()
        .getConditions()
        .getFirst()
        .setMessage("0/1 nodes are available: persistentvolumeclaim \"data-r-0\" not found.");
    assertThat(Trouble.of(pod).getFirst().mayPass()).isTrue();
  }

  private static Event event(String reason, String at) {
    return new EventBuilder()
        .withType("Warning")
        .withReason(reason)
        .withMessage("pod has unbound immediate PersistentVolumeClaims")
        .withLastTimestamp(at)
        .build();
  }

  /** Events stay for an hour: those of a state that a pod has left are old. */
  @Test
  void whatHeldBeforeAPodWasScheduledIsNotSaidOfOneThatIs() {
    Pod pod = claiming();
    var scheduled = pod.getStatus().getConditions().getFirst();
    scheduled.setLastTransitionTime("2026-11-28T10:00:00Z");
    assertThat(Trouble.holds(event("FailedScheduling", "2026-11-28T10:00:05Z"), pod))
        .as("the condition has it")
        .isFalse();
    scheduled.setStatus("True");
    scheduled.setReason(null);
    assertThat(Trouble.of(pod)).isEmpty();
    assertThat(Trouble.holds(event("FailedScheduling", "2026-11-28T10:00:05Z"), pod)).isFalse();
    assertThat(Trouble.holds(event("FailedMount", "2026-11-28T09:59:59Z"), pod)).isFalse();
    assertThat(Trouble.holds(event("FailedMount", "2026-11-28T10:00:00Z"), pod)).isTrue();
    pod.getStatus().setConditions(null);
    assertThat(Trouble.holds(event("FailedScheduling", "2026-11-28T10:00:00Z"), pod)).isTrue();
  }

  @Test
  void anEventOfAQuotaIsOneTroubleForAllPods() {
    var event =
        new EventBuilder()
            .withType("Warning")
            .withReason("FailedCreate")
            .withMessage("Error creating: pods \"job2-a\" is forbidden: exceeded quota")
            .withNewInvolvedObject()
            .withKind("Job")
            .withName("job2")
            .endInvolvedObject()
            .build();
    Trouble first = Objects.requireNonNull(Trouble.of(event));
    event.setMessage("Error creating: pods \"job2-b\" is forbidden: exceeded quota");
    assertThat(first.line()).contains("job job2: FailedCreate", "exceeded quota");
    assertThat(Objects.requireNonNull(Trouble.of(event)).key()).isEqualTo(first.key());
    event.setType("Normal");
    assertThat(Trouble.of(event)).isNull();
  }

  private static ClusterException explained(int code, String message) {
    return new Explained("the cluster")
        .of(
            new KubernetesClientException(
                "x", code, new StatusBuilder().withMessage(message).withCode(code).build()),
            "create",
            "jobs.batch/job2");
  }

  @Test
  void aNoIsExplained() {
    assertThat(
            explained(
                403,
                "pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in"
                    + " the namespace \"bags\""))
        .hasMessage(
            "no permission: user 'bob' may not list pods in namespace 'bags'; it takes a Role with"
                + " that verb on that resource");
    assertThat(
            explained(403, "pods \"a\" is forbidden: violates PodSecurity \"restricted:latest\""))
        .hasMessageContaining("not allowed to create jobs.batch/job2: ")
        .hasMessageContaining("violates PodSecurity");
    assertThat(explained(404, "namespaces \"bags\" not found"))
        .hasMessageContaining("there is no namespace 'bags'");
    assertThat(explained(401, "Unauthorized")).hasMessageContaining("log in again");
    assertThat(explained(503, "busy").kind()).isEqualTo(ClusterException.Kind.AWAY);
    assertThat(
            new Explained("the cluster")
                .of(
                    new KubernetesClientException("x", new ConnectException("refused")),
                    "get",
                    "pods"))
        .returns(ClusterException.Kind.AWAY, ClusterException::kind)
        .hasMessage("the cluster cannot be reached: refused");
  }
}
