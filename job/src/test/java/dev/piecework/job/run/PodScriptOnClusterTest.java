package dev.piecework.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to a cluster, and what it makes containers do: run here, by real shells. */
@Tag("slow")
@Tag("process")
final class PodScriptOnClusterTest {
  @TempDir Path folder;

  private Process life(String shell, String lives) throws Exception {
    List<String> command = new ArrayList<>(List.of(shell.split(" ", -1)));
    command.addAll(List.of("-c", PodScriptOnCluster.PLAY));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PIECEWORK_LIVES", lives);
    builder.environment().put("PIECEWORK_COUNT", folder.resolve("count").toString());
    return builder.start();
  }

  @Needs("busybox")
  @ParameterizedTest
  @ValueSource(strings = {"sh", "busybox sh"})
  void livesComeOneAfterTheOtherAndTheLastIsRepeated(String shell) throws Exception {
    List<Integer> codes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      codes.add(life(shell, "0:7 0:3!0:1 0.1:0!never").waitFor());
    }
    assertThat(codes).containsExactly(7, 3, 0, 0);
  }

  @Needs("busybox")
  @ParameterizedTest
  @ValueSource(strings = {"sh", "busybox sh"})
  void sigtermIsAnsweredAsTheScriptSays(String shell) throws Exception {
    assertThat(told(life(shell, "60:0"))).isEqualTo(143);
    assertThat(told(life(shell, "60:0!0.1:5"))).isEqualTo(5);
    assertThat(told(life(shell, "60:0!0:0"))).isEqualTo(0);
    assertThat(told(life(shell, "1:9!never"))).isEqualTo(9);
  }

  /**
   * SIGTERM as soon as it has begun its work, which is when it has a child. That of a short life
   * may be gone before anybody has looked.
   */
  private static int told(Process process) throws Exception {
    org.awaitility.Awaitility.await()
        .until(() -> !process.isAlive() || process.children().findAny().isPresent());
    process.destroy();
    int code = process.waitFor();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    return code;
  }

  static List<JobCase> cases() {
    return JobCasesTest.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyCaseIsSentAsItIsButForWhatItsContainersDo(JobCase given) {
    Job job = PodScriptOnCluster.job(given, "case-1", "busybox:1.36");

    assertThat(job.getMetadata().getName()).isEqualTo("case-1");
    PodSpec pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getSchedulingGates()).hasSize(1);
    Pod released =
        PodScriptOnCluster.released(
            new PodBuilder().withNewMetadata().endMetadata().withSpec(pod).build(),
            Map.of(PodScriptOnCluster.names(pod).getLast(), "1:0"));
    assertThat(released.getSpec().getSchedulingGates()).isEmpty();
    for (Container container : released.getSpec().getContainers()) {
      assertThat(container.getImage()).isEqualTo("busybox:1.36");
      String annotation =
          container.getEnv().stream()
              .filter(variable -> variable.getName().equals("PIECEWORK_LIVES"))
              .map(EnvVar::getValueFrom)
              .map(from -> from.getFieldRef().getFieldPath())
              .map(path -> path.replaceAll(".*\\['(.*)']", "$1"))
              .findFirst()
              .orElseThrow();
      assertThat(released.getMetadata().getAnnotations()).containsKey(annotation);
    }
  }

  @Test
  void theShellTextIsNotExpandedByKubernetes() {
    Job job = PodScriptOnCluster.job(cases().getFirst(), "case-1", "busybox:1.36");
    String sent =
        job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs().getFirst();
    assertThat(sent.replace("$$", "$")).isEqualTo(PodScriptOnCluster.PLAY);
    assertThat(sent).doesNotContainPattern("(?<!\\$)\\$\\([A-Za-z_]+\\)");
  }
}
