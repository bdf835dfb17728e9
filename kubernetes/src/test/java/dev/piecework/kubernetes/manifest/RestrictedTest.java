package dev.piecework.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The controls of the Pod Security Standard <i>restricted</i> (which includes <i>baseline</i>), one
 * by one as the Kubernetes documentation lists them, and what we promise beyond them.
 */
final class RestrictedTest {

  static List<PodSpec> pods() {
    return Plans.all()
        .flatMap(plan -> Manifests.of(plan).stream())
        .flatMap(manifest -> pod(manifest.object()).stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("pods")
  void baseline(PodSpec pod) {
    assertThat(pod.getHostNetwork()).isNotEqualTo(true);
    assertThat(pod.getHostPID()).isNotEqualTo(true);
    assertThat(pod.getHostIPC()).isNotEqualTo(true);
    assertThat(pod.getSecurityContext().getSysctls()).isEmpty();
    assertThat(pod.getSecurityContext().getSeLinuxOptions()).isNull();
    for (Container container : containers(pod)) {
      assertThat(container.getSecurityContext().getPrivileged()).isNotEqualTo(true);
      assertThat(container.getSecurityContext().getProcMount()).isNull();
      assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
      assertThat(container.getPorts()).allSatisfy(port -> assertThat(port.getHostPort()).isNull());
    }
  }

  @ParameterizedTest
  @MethodSource("pods")
  void restricted(PodSpec pod) {
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isNotZero();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getVolumes())
        .allMatch((Volume volume) -> volume.getEmptyDir() != null || volume.getSecret() != null);
    for (Container container : containers(pod)) {
      assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
      assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
      // Nothing in a container undoes what the pod says.
      assertThat(container.getSecurityContext().getRunAsNonRoot()).isNull();
      assertThat(container.getSecurityContext().getRunAsUser()).isNull();
      assertThat(container.getSecurityContext().getSeccompProfile()).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("pods")
  void besides(PodSpec pod) {
    boolean asked = "renderer".equals(pod.getServiceAccountName());
    assertThat(pod.getAutomountServiceAccountToken()).isEqualTo(asked);
    for (Container container : containers(pod)) {
      assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
      assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
      assertThat(container.getResources().getLimits()).containsKey("memory");
      assertThat(container.getCommand())
          .as("the image's entry point is the program, and PID 1")
          .isEmpty();
      assertThat(container.getLivenessProbe()).isNotNull();
    }
  }

  private static List<Container> containers(PodSpec pod) {
    assertThat(pod.getInitContainers()).isEmpty();
    assertThat(pod.getEphemeralContainers()).isEmpty();
    return pod.getContainers();
  }

  private static Optional<PodSpec> pod(HasMetadata object) {
    return switch (object) {
      case Job job -> Optional.of(job.getSpec().getTemplate().getSpec());
      case Deployment deployment -> Optional.of(deployment.getSpec().getTemplate().getSpec());
      case StatefulSet set -> Optional.of(set.getSpec().getTemplate().getSpec());
      default -> Optional.empty();
    };
  }
}
