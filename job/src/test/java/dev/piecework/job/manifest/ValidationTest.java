package dev.piecework.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused: one line each, with file, line number and path, in the API server's words. */
final class ValidationTest {
  private static final String GOOD =
      """
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: j
      spec:
        parallelism: 2
        template:
          spec:
            restartPolicy: Never
            containers:
            - name: worker
              image: busybox
              command: ["true"]
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "parallelism: 2 | paralelism: 2 | 6: spec.paralelism: unknown field \"paralelism\"; did you"
            + " mean \"parallelism\"?",
        "parallelism: 2 | parallelism: two | 6: spec.parallelism: must be an integer, and is"
            + " \"two\"",
        "parallelism: 2 | parallelism: \"2\" | 6: spec.parallelism: must be an integer, and is"
            + " \"2\"",
        "parallelism: 2 | parallelism: -1 | 6: spec.parallelism: Invalid value: -1: must be greater"
            + " than or equal to 0",
        "parallelism: 2 | suspend: 1 | 6: spec.suspend: must be true or false, and is 1",
        "Never | Always | 9: spec.template.spec.restartPolicy: Required value: valid values:"
            + " \"OnFailure\", \"Never\"",
        "Never | Sometimes | 9: spec.template.spec.restartPolicy: Unsupported value: \"Sometimes\":"
            + " supported values: \"OnFailure\", \"Never\"",
        "restartPolicy: Never | hostNetwork: false | 8: spec.template.spec.restartPolicy: Required"
            + " value: valid values: \"OnFailure\", \"Never\"",
        "command: [\"true\"] | args: [\"true\"] | 11: spec.template.spec.containers[0].command:"
            + " Required value: without --runtime podman the image is not used, and there is no"
            + " command to take from it: give command, or let podman run the image",
        "command: [\"true\"] | command: true | 13: spec.template.spec.containers[0].command: must be"
            + " a list, and is true",
        "command: [\"true\"] | command: [sleep, 5] | 13:"
            + " spec.template.spec.containers[0].command[1]: must be a string, and is 5; put it in"
            + " quotes",
        "name: j | name: J_1 | 4: metadata.name: Invalid value: \"J_1\": a lowercase RFC 1123"
            + " subdomain",
        "name: j | labels: {} | 3: metadata.name: Required value: name or generateName is required",
        "kind: Job | kind: Jop | 2: kind: unknown kind \"Jop\"; did you mean \"Job\"?",
        "batch/v1 | batch/v1beta1 | 1: apiVersion: a Job is of \"batch/v1\", not of"
            + " \"batch/v1beta1\"",
        "parallelism: 2 | completionMode: Indexed | no problem",
        "parallelism: 2 | backoffLimitPerIndex: 1 | 6: spec.backoffLimitPerIndex: Invalid value: 1:"
            + " requires indexed completion mode",
        "parallelism: 2 | successPolicy: {rules: [{succeededCount: 1}]} | 6: spec.successPolicy:"
            + " Invalid value: requires indexed completion mode",
        "parallelism: 2 | completionMode: indexed | 6: spec.completionMode: Unsupported value:"
            + " \"indexed\": supported values: \"NonIndexed\", \"Indexed\"",
        "image: busybox | imagePullPolicy: Never | 11: spec.template.spec.containers[0].image:"
            + " Required value",
        "name: worker | name: Worker | 11: spec.template.spec.containers[0].name: Invalid value:"
            + " \"Worker\": a lowercase RFC 1123 label",
        "command: [\"true\"] | command: [\"true | 14: not YAML:",
        "parallelism: 2 | manualSelector: true | 5: spec.selector: Required value",
        "parallelism: 2 | selector: {matchLabels: {a: b}} | 6: spec.selector: Invalid value:"
            + " {\"a\":\"b\"}: `selector` not auto-generated",
        "parallelism: 2 | managedBy: me | 6: spec.managedBy: Invalid value: \"me\": must be a"
            + " domain-prefixed path (such as \"acme.io/foo\")",
        "parallelism: 2 | managedBy: A.io/x | 6: spec.managedBy: Invalid value: \"A.io\": a"
            + " lowercase RFC 1123 subdomain",
        "parallelism: 2 | managedBy: acme.io/foo | no problem",
        "name: j | generateName: ../../x- | 4: metadata.generateName: Invalid value: \"../../x-\"",
      })
  void oneThingWrong(String right, String wrong, String problem) {
    String message = refusal(GOOD.replace(right.strip(), wrong.strip()));
    if (problem.equals("no problem")) {
      assertThat(message).isEmpty();
    } else {
      assertThat(message.lines()).hasSize(1);
      assertThat(message).startsWith("job.yaml:" + problem);
    }
  }

  @Test
  void aFailurePolicyNeedsNever() {
    String policy =
        "  podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {operator: In, values:"
            + " [0]}}]}\n";
    assertThat(refusal(GOOD.replace("Never", "OnFailure") + policy).lines())
        .containsExactly(
            "job.yaml:9: spec.template.spec.restartPolicy: Invalid value: \"OnFailure\": only"
                + " \"Never\" is supported when podFailurePolicy is specified",
            "job.yaml:14: spec.podFailurePolicy.rules[0].action: Invalid value: \"FailIndex\":"
                + " requires the backoffLimitPerIndex to be set",
            "job.yaml:14: spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0:"
                + " must not be 0 for the In operator");
  }

  @Test
  void aSelectorOfOnesOwnHasToMatchThePods() {
    String own =
        GOOD.replace("parallelism: 2", "manualSelector: true\n  selector: {matchLabels: {a: b}}");
    assertThat(refusal(own))
        .isEqualTo(
            "job.yaml:8: spec.template.metadata.labels: Invalid value: {}: `selector` does not"
                + " match template `labels`");
    assertThat(refusal(own.replace("template:", "template:\n    metadata: {labels: {a: b, c: d}}")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[3, 1] | values: Invalid value: [3,1]: must be ordered",
        "[1, 1] | values[1]: Duplicate value: 1",
        "[1, 0] | values: Invalid value: [1,0]: must be ordered,"
            + " values[1]: Invalid value: 0: must not be 0 for the In operator",
        "[] | values: Invalid value: []: at least one value is required",
      })
  void exitCodesAsTheApiServerNamesThem(String values, String problems) {
    String policy =
        "  podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: "
            + values
            + "}}]}\n";
    String at = "job.yaml:14: spec.podFailurePolicy.rules[0].onExitCodes.";
    assertThat(refusal(GOOD + policy).lines())
        .containsExactlyInAnyOrder(
            (at + problems)
                .replace(",values", ",#")
                .replaceAll(", ?values\\[", "\n" + at + "values[")
                .replace(",#", ",values")
                .split("\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0-1-2 | the fragment \"0-1-2\" violates the requirement that an index interval can have"
            + " at most two parts separated by '-'",
        "a-b | cannot convert string to integer for index: \"a\"",
        "0-5 | too large index: \"5\"",
        "5 | too large index: \"5\"",
        "2-2147483646 | too large index: \"2147483646\"",
        "3,1 | non-increasing order, previous: 3, current: 1",
        "3-1 | non-increasing order, previous: 3, current: 1",
        "1,1 | non-increasing order, previous: 1, current: 1",
      })
  void succeededIndexesAsTheApiServerReadsThem(String indexes, String why) {
    String policy =
        "  completions: 5\n  completionMode: Indexed\n"
            + "  successPolicy: {rules: [{succeededIndexes: \""
            + indexes
            + "\"}]}\n";
    assertThat(refusal(GOOD + policy))
        .isEqualTo(
            "job.yaml:16: spec.successPolicy.rules[0].succeededIndexes: Invalid value: \""
                + indexes
                + "\": error parsing succeededIndexes: "
                + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{name: ../up, emptyDir: {}} | volumes[0].name: Invalid value: \"../up\": a lowercase RFC"
            + " 1123 label",
        "{name: v, emptyDir: {}, hostPath: {path: /x}} | volumes[0]: Forbidden: may not specify"
            + " more than 1 volume type",
        "{name: v, configMap: {name: m, defaultMode: 777}} | volumes[0].configMap.defaultMode:"
            + " Invalid value: 777: must be a number between 0 and 0777 (octal), both inclusive",
        "{name: v, configMap: {name: m, items: [{key: a, path: x/../../y}]}} |"
            + " volumes[0].configMap.items[0].path: Invalid value: \"x/../../y\": must be a relative"
            + " path without '..'",
        "{name: v, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: status.podIP}}]}} |"
            + " volumes[0].downwardAPI.items[0].fieldRef.fieldPath: Unsupported value:"
            + " \"status.podIP\": supported values: \"metadata.annotations\", \"metadata.labels\","
            + " \"metadata.name\", \"metadata.namespace\", \"metadata.uid\"",
        "{name: v, downwardAPI: {items: [{path: a, resourceFieldRef: {resource: limits.cpu}}]}} |"
            + " volumes[0].downwardAPI.items[0].resourceFieldRef.containerName: Required value",
        "{name: v, downwardAPI: {items: [{path: a, resourceFieldRef: {resource: limits.cpu,"
            + " containerName: worker, divisor: 2}}]}} |"
            + " volumes[0].downwardAPI.items[0].resourceFieldRef.divisor: Invalid value: 2: only"
            + " divisor's values 1m and 1 are supported with the cpu resource",
        "{name: v, projected: {sources: [{configMap: {name: m}}, {configMap: {name: m}}]}} |"
            + " volumes[0].projected.sources[1].configMap: Invalid value: conflicting duplicate"
            + " paths: a",
      })
  void aVolumeThatIsWrong(String volume, String problem) {
    String map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: b}\n---\n";
    String message = refusal(map + GOOD + "      volumes: [" + volume + "]\n");
    assertThat(message.lines()).hasSize(1);
    assertThat(message).startsWith("job.yaml:19: spec.template.spec." + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/ | mountPath: Invalid value: \"/\": a volume cannot take the place of the root folder",
        "/proc/x | mountPath: Invalid value: \"/proc/x\": nothing can be mounted over /proc",
        "/a:b | mountPath: Invalid value: \"/a:b\": must not contain ':'",
        "/a, subPath: ../b | subPath: Invalid value: \"../b\": must not contain '..'",
        "/a, subPath: /b | subPath: Invalid value: \"/b\": must be a relative path",
        "/a, subPath: b, subPathExpr: c | subPathExpr: Invalid value: \"c\": subPathExpr and subPath"
            + " are mutually exclusive",
      })
  void aMountThatIsWrong(String path, String problem) {
    String mount = "        volumeMounts: [{name: v, mountPath: " + path + "}]\n";
    assertThat(refusal(GOOD + mount + "      volumes: [{name: v, emptyDir: {}}]\n"))
        .isEqualTo("job.yaml:14: spec.template.spec.containers[0].volumeMounts[0]." + problem);
  }

  /** Guards against: a key becomes a file anywhere on the machine. */
  @Test
  void theKeysOfAConfigMapAreNamesOfFiles() {
    assertThat(
            refusal(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n  ../../x: text\n---\n"
                    + GOOD))
        .startsWith(
            "job.yaml:5: data.../../x: Invalid value: \"../../x\": a valid config key must");
  }

  @Test
  void aFileThatIsNotText(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("job.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 'a'});
    assertThatThrownBy(() -> JobFile.read(file, PodRuntime.PROCESS))
        .isInstanceOf(ManifestException.class)
        .hasMessage(file + ":1: not YAML: the file is not UTF-8 text");
  }

  @Test
  void twoContainersWithOneName() {
    assertThat(refusal(GOOD + "      - {name: worker, image: x, command: [\"true\"]}\n"))
        .isEqualTo(
            "job.yaml:14: spec.template.spec.containers[1].name: Duplicate value: \"worker\"");
  }

  @Test
  void podmanTakesTheCommandFromTheImage() {
    String without = GOOD.replace("        command: [\"true\"]\n", "");
    assertThat(refusal(without, PodRuntime.PROCESS).lines()).hasSize(1);
    assertThat(refusal(without, PodRuntime.PODMAN)).isEmpty();
  }

  @Test
  void everyProblemHasItsLineInTheFilesOrder() {
    assertThat(
            refusal(GOOD.replace("parallelism", "paralelism").replace("Never", "Always")).lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("job.yaml:6: spec.paralelism");
  }

  @Test
  void ofAMisspeltFieldOneLineIsEnough() {
    assertThat(refusal(GOOD.replace("command", "comand").replace("restartPolicy", "restartpolicy")))
        .isEqualTo(
            """
            job.yaml:9: spec.template.spec.restartpolicy: unknown field "restartpolicy"; did you \
            mean "restartPolicy"?
            job.yaml:13: spec.template.spec.containers[0].comand: unknown field "comand"; did you \
            mean "command"?\
            """);
  }

  @Test
  void aConfigMapThatIsNotThere() {
    String from = "        envFrom: [{configMapRef: {name: settings}}]\n";
    assertThat(refusal(GOOD + from))
        .isEqualTo(
            "job.yaml:14: spec.template.spec.containers[0].envFrom[0].configMapRef.name: there is"
                + " no ConfigMap \"settings\" in this file");
  }

  @Test
  void twoJobsAndNone() {
    assertThat(refusal(GOOD + "---\n" + GOOD)).contains("job.yaml:16: kind: a second Job");
    assertThat(refusal(""))
        .isEqualTo("job.yaml:1: no Job (apiVersion: batch/v1, kind: Job) in this file");
  }

  @Test
  void whatHasNoMeaningHereIsListedOnce() throws Exception {
    String more =
        """
                resources: {requests: {cpu: 1}}
              - {name: other, image: x, command: ["true"], resources: {}, tty: true}
              - {name: third, image: x, command: ["true"], resources: {limits: {cpu: 1}}}
              nodeSelector: {disk: ssd}
              volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: redis}
        """;
    assertThat(JobFile.parse("job.yaml", GOOD + more, PodRuntime.PROCESS).notUsed())
        .isEqualTo(
            List.of(
                "Deployment redis",
                "containers.resources",
                "containers.tty",
                "nodeSelector",
                "volumes.persistentVolumeClaim"));
  }

  private static String refusal(String text) {
    return refusal(text, PodRuntime.PROCESS);
  }

  private static String refusal(String text, PodRuntime runtime) {
    ManifestException refused =
        catchThrowableOfType(
            ManifestException.class, () -> JobFile.parse("job.yaml", text, runtime));
    return refused == null ? "" : String.valueOf(refused.getMessage());
  }
}
