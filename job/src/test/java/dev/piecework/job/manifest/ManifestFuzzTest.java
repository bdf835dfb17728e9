package dev.piecework.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A manifest is right, or what is wrong with it is said; nothing else comes of it. */
@Tag("slow")
class ManifestFuzzTest {

  private static final String JOB =
      """
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: work
        labels: {app: "x", n: '1'}
      spec:
        parallelism: 2
        completions: 0x3
        completionMode: Indexed
        backoffLimit: 6
        podFailurePolicy:
          rules:
          - action: FailJob
            onExitCodes: {operator: In, values: [42, 0o17]}
        template:
          spec:
            restartPolicy: Never
            containers:
            - name: c
              image: busybox
              command: ["sh", "-c", "echo $(A) $(B)"]
              env:
              - {name: A, value: "1"}
              - name: B
                valueFrom: {fieldRef: {fieldPath: metadata.name}}
              resources: {limits: {cpu: 500m, memory: 1Gi}}
      """;

  private static final String CONFIG =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data:
        a: |
          two
          lines
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: hidden}
      data: {p: cGFzcw==}
      ---
      """;

  @Test
  void anyTextIsReadOrRefused() {
    new Fuzz("Job YAML", List.of(JOB, CONFIG + JOB))
        .feed(input -> {
          try {
            JobFile read =
                JobFile.parse(
                    "job.yaml", new String(input, StandardCharsets.UTF_8), PodRuntime.PROCESS);
            assertThat(read.name()).isNotNull();
          } catch (ManifestException refused) {
            assertThat(String.valueOf(refused.getMessage()).lines())
                .allMatch(line -> line.startsWith("job.yaml:"));
          }
        });
  }

  /** Guards against: a key that is not what its tag says is an error of ours. */
  @ParameterizedTest
  @ValueSource(strings = {"!!binary a: 1", "!!int x: 1", "!!bool 7: 1"})
  void aKeyThatIsNotWhatItsTagSaysIsALineAboutIt(String field) {
    assertThatThrownBy(() -> JobFile.parse("job.yaml", JOB + "\n" + field, PodRuntime.PROCESS))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("not YAML: ");
  }

  /** Guards against: a field's name that holds a line break makes two lines of one problem. */
  @Test
  void aProblemIsOneLineWhateverAFieldIsCalled() {
    assertThatThrownBy(
            () -> JobFile.parse("job.yaml", JOB + "\n\"a\\nb\\rc\": 1\n", PodRuntime.PROCESS))
        .hasMessageContaining("a?b?c")
        .message()
        .satisfies(text -> assertThat(text.lines()).allMatch(line -> line.startsWith("job.yaml:")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec: &a [*a]",
        """
        a: &a [x,x,x,x,x,x,x,x,x]
        b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
        c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
        d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
        e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
        f: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\
        """,
        "n: 0x99999999999999999999999",
        "n: 0o7777777777777777777777777",
      })
  @Timeout(120)
  void aBombIsRefused(String text) {
    assertThatThrownBy(() -> JobFile.parse("job.yaml", text, PodRuntime.PROCESS))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("job.yaml:");
  }

  @Test
  @Timeout(120)
  void whatIsNestedWithoutEndIsRefused() {
    assertThatThrownBy(
            () -> JobFile.parse("job.yaml", "a: " + "[".repeat(100_000), PodRuntime.PROCESS))
        .isInstanceOf(ManifestException.class);
  }

  @Test
  void aFileOfMoreThanThreeMebibytesIsNotReadWhole(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("big.yaml"), "#".repeat((3 << 20) + 1));
    assertThatThrownBy(() -> JobFile.read(file, PodRuntime.PROCESS))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("longer than");
  }
}
