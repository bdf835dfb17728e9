package dev.piecework.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What kubectl takes is taken here, and what it would not is said so that it can be mended. */
final class AsKubectlReadsTest {
  private static final String POD =
      """
            restartPolicy: Never
            containers:
            - name: worker
              image: busybox
              command: ["true"]
      """;
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
      """
          + POD;

  @Test
  void mergedObjectsAreTakenUpAndTheirOwnFieldsWin() throws Exception {
    JobFile job =
        read(
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: j}
            spec:
              template:
                spec:
                  restartPolicy: Never
                  initContainers:
                  - &base {name: first, image: one, command: ["true"], workingDir: /tmp}
                  - &other {name: second, image: two, command: ["false"], args: [x]}
                  containers:
                  - <<: *base
                    name: third
                  - {name: fourth, <<: [*other, *base], command: [ls]}
                  - "name": fifth
                    !!merge <<: *base
            """);
    List<PodTemplate.Container> containers = job.template().containers();
    assertThat(containers)
        .extracting(c -> c.name() + " " + c.image().name() + " " + c.command() + c.args())
        .containsExactly(
            "first one [true][]",
            "second two [false][x]",
            "third one [true][]",
            "fourth two [ls][x]",
            "fifth one [true][]");
    assertThat(containers.get(3).workingDir()).isEqualTo("/tmp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<<: 1", "<<: [1]", "<<: [{}, []]", "x: &a {<<: *a}"})
  void aMergeOfWhatIsNoObjectIsRefused(String merge) {
    assertThat(refusal(GOOD + merge + "\n")).startsWith("job.yaml:");
  }

  /** Guards against: an unknown field "f:spec", where the fields' managers are told. */
  @Test
  void whatKubectlPrintsOfAJobRunsQuietly() throws Exception {
    JobFile job =
        read(
            """
            apiVersion: batch/v1
            kind: Job
            metadata:
              annotations: {deployment.example/x: "1"}
              creationTimestamp: "2026-11-23T10:00:00Z"
              generation: 1
              labels: {batch.kubernetes.io/job-name: pi}
              managedFields:
              - apiVersion: batch/v1
                fieldsType: FieldsV1
                fieldsV1:
                  f:spec:
                    f:backoffLimit: {}
                    f:template:
                      f:spec:
                        f:containers:
                          k:{"name":"pi"}:
                            .: {}
                            f:command: {}
                manager: kubectl-create
                operation: Update
                time: "2026-11-23T10:00:00Z"
              - apiVersion: batch/v1
                manager: kube-controller-manager
                operation: Update
                subresource: status
              name: pi
              namespace: default
              ownerReferences:
              - {apiVersion: batch/v1, kind: CronJob, name: c, uid: u, controller: true}
              resourceVersion: "4711"
              uid: 5a0b2c1e-0000-4000-8000-000000000000
            spec:
              backoffLimit: 4
              completionMode: NonIndexed
              completions: 1
              manualSelector: false
              parallelism: 1
              podReplacementPolicy: TerminatingOrFailed
              selector:
                matchLabels: {batch.kubernetes.io/controller-uid: 5a0b2c1e}
              suspend: false
              template:
                metadata:
                  creationTimestamp: null
                  labels: {controller-uid: 5a0b2c1e, job-name: pi}
                spec:
                  containers:
                  - command: [perl, -Mbignum=bpi, -wle, print bpi(2000)]
                    image: perl:5.34.0
                    imagePullPolicy: IfNotPresent
                    name: pi
                    resources: {}
                    terminationMessagePath: /dev/termination-log
                    terminationMessagePolicy: File
                  dnsPolicy: ClusterFirst
                  restartPolicy: Never
                  schedulerName: default-scheduler
                  securityContext: {}
                  terminationGracePeriodSeconds: 30
            status:
              completionTime: "2026-11-23T10:00:09Z"
              conditions:
              - {lastProbeTime: "2026-11-23T10:00:09Z", status: "True", type: Complete}
              ready: 0
              startTime: "2026-11-23T10:00:00Z"
              succeeded: 1
              terminating: 0
              uncountedTerminatedPods: {}
            """);
    assertThat(job.notUsed()).isEmpty();
    assertThat(job.name()).isEqualTo("pi");
  }

  @Test
  void jsonMayBeIndentedByTabs() throws Exception {
    String json =
        """
        {
        \t"apiVersion": "batch/v1",
        \t"kind": "Job",
        \t"metadata": {"name": "j"},
        \t"spec": {
        \t\t"completions": 3,
        \t\t"template": {"spec": {"restartPolicy": "Never", "containers": [
        \t\t\t{"name": "c", "image": "x", "command": ["a\\u0009\\/"], "tty": true}
        \t\t]}}
        \t}
        }
        """;
    JobFile job = read(json);
    assertThat(job.rules().completions()).isEqualTo(3);
    assertThat(job.template().containers().getFirst().command()).containsExactly("a\t/");
    assertThat(refusal(json.replace("completions", "complitions")))
        .startsWith("job.yaml:6: spec.complitions: unknown field");
    assertThat(refusal(json.replace("\t\"kind\": \"Job\",", "\t\"kind\": \"Job\"")))
        .startsWith("job.yaml:4: not JSON: ");
    assertThat(refusal(json.replace("3,", "3, \"completions\": 4,")))
        .isEqualTo("job.yaml:6: spec.completions: the key is there twice");
    assertThat(refusal("{\"a\": " + "[".repeat(200) + "]".repeat(200) + "}"))
        .contains("nested more than 100 deep");
    assertThat(
            read("{apiVersion: batch/v1, kind: Job,"
                    + json.substring(json.indexOf("\t\"meta")).replace("\t", " "))
                .name())
        .isEqualTo("j");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[!!str 5] | [5]",
        "[!!str yes, ! 6] | [yes, 6]",
        "[!!binary aGVsbG8=] | [hello]",
        "['5', \"yes\", 12:30, 2026-11-27] | [5, yes, 12:30, 2026-11-27]",
        "[!mine word] | [word]",
      })
  void aTagSaysWhatAScalarIs(String written, String read) throws Exception {
    JobFile job = read(GOOD.replace("[\"true\"]", written));
    assertThat(job.template().containers().getFirst().command()).hasToString(read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "!!int \"2\"", "2.0", "2e0", "0x2", "0b10", "!!int 2", "+2", "0_2"})
  void aNumberIsThatNumberHoweverItIsWritten(String two) throws Exception {
    assertThat(read(GOOD.replace("elism: 2", "elism: " + two)).rules().parallelism()).isEqualTo(2);
  }

  @Test
  void aScalarThatIsNotWhatItsTagSays() {
    assertThat(refusal(GOOD.replace("elism: 2", "elism: !!int two")))
        .isEqualTo("job.yaml:6: spec.parallelism: not YAML: \"two\" is no !!int");
  }

  @Test
  void theKeysOfAnObjectAreStrings() throws Exception {
    JobFile job =
        read(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {yes: \"1\", 0x10: \"2\"}\n"
                + "---\n"
                + GOOD.replace(
                    "command: [\"true\"]",
                    "command: [\"true\"]\n        envFrom: [{configMapRef: {name: m}}]"));
    assertThat(job.template().containers().getFirst().environment().imported())
        .extracting(PodTemplate.Variable::name)
        .containsExactly("true", "16");
  }

  @Test
  void helmTemplatesAreNamedWithTheirLine() {
    assertHelm(GOOD.replace("elism: 2", "elism: {{ .Values.p }}"), 6, "{{ .Values.p }}");
    assertHelm(
        GOOD.replace("  name: j", "  {{- if .Values.n }}\n  name: j\n  {{- end }}"),
        4,
        "{{- if .Values.n }}");
    assertHelm(
        GOOD.replace("image: busybox", "image: {{ .Values.i }}:{{ .Values.t }}"),
        12,
        "{{ .Values.i }}");
    assertHelm(
        GOOD.replace("image: busybox", "image: busybox\n        {{- toYaml .x | nindent 8 }}"),
        13,
        "{{- toYaml .x | nindent 8 }}");
    assertHelm(
        GOOD.replace("name: j", "name: \"{{ .Release.Name }}-j\""), 4, "{{ .Release.Name }}");
    assertHelm("{{- define \"job\" -}}\n" + GOOD, 1, "{{- define \"job\" -}}");
    assertHelm(
        ("# {{ a comment }}\n" + GOOD.replace("elism: 2", "elism: {{ .Values.p }}"))
            .replace("\n", "\r\n"),
        7,
        "{{ .Values.p }}");
  }

  private static void assertHelm(String text, int line, String template) {
    assertThat(refusal(text))
        .isEqualTo(
            "job.yaml:"
                + line
                + ": this is the text of a Helm template ("
                + template
                + "), and not yet a manifest: let 'helm template' render it first");
  }

  @Test
  void bracesThatAProgramIsGivenAreNoHelmTemplate() throws Exception {
    String own = GOOD.replace("[\"true\"]", "[docker, inspect, --format, \"{{ .Id }}\"]");
    assertThat(read(own).template().containers().getFirst().command()).endsWith("{{ .Id }}");
    assertThat(refusal(own.replace("elism: 2", "elism: [2"))).startsWith("job.yaml:7: not YAML: ");
    assertThat(refusal(own.replace("command", "comand"))).contains("unknown field \"comand\"");
  }

  private static final String CRON =
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: nightly, namespace: night}
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          metadata: {labels: {of: template}}
          spec:
            backoffLimit: 2
            template:
              spec:
                restartPolicy: OnFailure
                containers: [{name: c, image: x, command: ["true"]}]
      """;

  @Test
  void aCronJobIsNamedWithTheWayToRunIt() throws Exception {
    assertThat(refusal(CRON))
        .isEqualTo(
            "job.yaml:2: kind: CronJob nightly is not run by its schedule here; with"
                + " --from-cronjob the Job of its template is run once, now");
    JobFile job = fromCronJob(CRON);
    assertThat(job.name()).isEqualTo("nightly");
    assertThat(job.rules().namespace()).isEqualTo("night");
    assertThat(job.rules().backoffLimit()).isEqualTo(2);
    assertThat(String.valueOf(job.document().get("metadata"))).contains("of=template");
    assertThat(read(CRON + "---\n" + GOOD).notUsed()).containsExactly("CronJob nightly");
    assertThat(refusal(CRON.replace("batch/v1", "batch/v1beta1")))
        .isEqualTo(
            "job.yaml:1: apiVersion: a CronJob is of \"batch/v1\", not of \"batch/v1beta1\"");
  }

  @Test
  void whatIsWrongInACronJobsTemplateHasItsLine() {
    ManifestException refused =
        catchThrowableOfType(
            ManifestException.class,
            () -> fromCronJob(CRON.replace("OnFailure", "Always").replace("schedule", "shedule")));
    assertThat(String.valueOf(refused.getMessage()).lines())
        .containsExactly(
            "job.yaml:5: spec.shedule: unknown field \"shedule\"; did you mean \"schedule\"?",
            "job.yaml:12: spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid"
                + " values: \"OnFailure\", \"Never\"");
    refused = catchThrowableOfType(ManifestException.class, () -> fromCronJob(GOOD));
    assertThat(refused)
        .hasMessage(
            "job.yaml:1: no CronJob (apiVersion: batch/v1, kind: CronJob) in this file, only Job j");
  }

  @Test
  void listsAndOtherDocumentsAreLookedThrough() throws Exception {
    assertThat(
            read("apiVersion: v1\nkind: List\nitems:\n- " + GOOD.indent(2).strip() + "\n").name())
        .isEqualTo("j");
    assertThat(
            read("apiVersion: batch/v1\nkind: JobList\nmetadata: {resourceVersion: \"\"}\nitems:\n- "
                    + GOOD.indent(2).strip())
                .name())
        .isEqualTo("j");
    assertThat(read("---\n---\n# nothing\n---\n" + GOOD + "---\n...\n").name()).isEqualTo("j");
    assertThat(read("\ufeff" + GOOD.replace("\n", "\r\n")).name()).isEqualTo("j");
    assertThat(read(GOOD.replace("  name: j", "  generateName: pi-")).name()).isEqualTo("pi");
    assertThat(refusal("---\n")).endsWith("in this file");
    assertThat(refusal("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"))
        .isEqualTo("job.yaml:1: no Job (apiVersion: batch/v1, kind: Job) in this file, only Pod p");
  }

  private static JobFile read(String text) throws ManifestException {
    return JobFile.parse("job.yaml", text, PodRuntime.PROCESS);
  }

  private static JobFile fromCronJob(String text) throws Exception {
    return JobFile.read(
        "job.yaml",
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
        PodRuntime.PROCESS,
        true);
  }

  private static String refusal(String text) {
    ManifestException refused = catchThrowableOfType(ManifestException.class, () -> read(text));
    return refused == null ? "" : String.valueOf(refused.getMessage());
  }
}
