package dev.piecework.job.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodRuntime;
import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.policy.Pod;
import dev.piecework.job.run.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the manifest puts into volumes and into the environment of a pod. */
final class PodFilesTest {
  private static final String BEGIN =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {colour: red, shape: round}
      binaryData: {raw: gAE=}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: hidden}
      stringData: {password: s3cret}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: j, namespace: here}
      spec:
        completions: 3
        completionMode: Indexed
        template:
          metadata:
            labels: {team: blue}
            annotations: {note: "two\\nlines \\"and\\" \\\\ é \\u0001", build: "$(TEAM)"}
          spec:
            restartPolicy: Never
            serviceAccountName: robot
            containers:
            - name: c
              image: x
              command: ["true"]
              resources:
                requests: {cpu: 250m, memory: 64Mi}
                limits: {cpu: 1500m, memory: 1.5Gi, ephemeral-storage: 2e9}
      """;

  @TempDir Path folder;

  private static JobFile job(String rest) throws Exception {
    return JobFile.parse("job.yaml", BEGIN + rest.indent(6), PodRuntime.PROCESS);
  }

  private static final Containers.Created POD =
      new Containers.Created("j-2-abcde", "uid-of-pod", 2, new Pod.IndexFailures(0, 0));

  /** By path, the text of each file and its permissions. */
  private Map<String, String> files(JobFile job) throws IOException {
    new PodVolumes(job.template().volumes(), new PodFields(job, "uid-of-job")).make(POD, folder);
    Map<String, String> all = new TreeMap<>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.put(
            folder.relativize(file).toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                + " "
                + new String(Files.readAllBytes(file), UTF_8));
      }
    }
    return all;
  }

  @Test
  void aPodIsToldOfItselfInFiles() throws Exception {
    JobFile job =
        job(
            """
            volumes:
            - name: self
              downwardAPI:
                defaultMode: 0400
                items:
                - {path: name, fieldRef: {fieldPath: metadata.name}}
                - {path: deep/uid, fieldRef: {fieldPath: metadata.uid}, mode: 0o640}
                - {path: space, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}
                - {path: labels, fieldRef: {fieldPath: metadata.labels}}
                - {path: team, fieldRef: {fieldPath: "metadata.labels['team']"}}
                - {path: annotations, fieldRef: {fieldPath: metadata.annotations}}
                - path: cpu
                  resourceFieldRef: {containerName: c, resource: requests.cpu, divisor: 1m}
                - path: memory
                  resourceFieldRef: {containerName: c, resource: limits.memory, divisor: 1Mi}
            """);
    assertThat(job.notUsed()).containsExactly("containers.resources");
    assertThat(files(job))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "self/name", "r-------- j-2-abcde",
                "self/deep/uid", "rw-r----- uid-of-pod",
                "self/space", "r-------- here",
                "self/labels",
                    """
                    r-------- batch.kubernetes.io/controller-uid="uid-of-job"
                    batch.kubernetes.io/job-completion-index="2"
                    batch.kubernetes.io/job-name="j"
                    controller-uid="uid-of-job"
                    job-name="j"
                    team="blue\"\
                    """,
                "self/team", "r-------- blue",
                "self/annotations",
                    """
                    r-------- batch.kubernetes.io/job-completion-index="2"
                    build="$(TEAM)"
                    note="two\\nlines \\"and\\" \\\\ é \\x01\"\
                    """,
                "self/cpu", "r-------- 250",
                "self/memory", "r-------- 1536"));
  }

  @Test
  void severalSourcesAreInOneVolume() throws Exception {
    JobFile job =
        job(
            """
            volumes:
            - name: all
              projected:
                defaultMode: 0440
                sources:
                - configMap: {name: settings, items: [{key: colour, path: conf/colour, mode: 0644}]}
                - secret: {name: hidden}
                - downwardAPI:
                    items: [{path: me, fieldRef: {fieldPath: metadata.name}}]
                - configMap: {name: none, optional: true}
                - serviceAccountToken: {path: token}
            - name: conf
              configMap: {name: settings}
            """);
    assertThat(job.notUsed())
        .contains(
            "volumes.projected.serviceAccountToken (its file is missing: only a cluster issues"
                + " tokens)");
    assertThat(job.template().volumes()).allMatch(PodTemplate.Volume::readOnly);
    Map<String, String> files = files(job);
    files.remove("conf/raw");
    assertThat(files)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "all/conf/colour", "rw-r--r-- red",
                "all/password", "r--r----- s3cret",
                "all/me", "r--r----- j-2-abcde",
                "conf/colour", "rw-r--r-- red",
                "conf/shape", "rw-r--r-- round"));
    assertThat(Files.readAllBytes(folder.resolve("conf/raw"))).containsExactly(0x80, 1);
  }

  @Test
  void aPodIsToldOfItselfInItsEnvironment() throws Exception {
    String more =
        BEGIN.replace("command: [\"true\"]\n", "command: [\"true\"]\n        env: [ENV]\n");
    String[][] wanted = {
      {"fieldRef: {fieldPath: spec.serviceAccountName}", "robot"},
      {"fieldRef: {fieldPath: spec.nodeName}", "localhost"},
      {"fieldRef: {fieldPath: status.podIP}", "127.0.0.1"},
      {"fieldRef: {fieldPath: \"metadata.annotations['build']\"}", "$(TEAM)"},
      {"fieldRef: {fieldPath: \"metadata.annotations['none']\"}", ""},
      {"resourceFieldRef: {resource: requests.cpu}", "1"},
      {"resourceFieldRef: {resource: limits.cpu}", "2"},
      {"resourceFieldRef: {resource: limits.cpu, divisor: 1m}", "1500"},
      {"resourceFieldRef: {resource: requests.memory}", "67108864"},
      {"resourceFieldRef: {resource: requests.memory, divisor: 1k}", "67109"},
      {"resourceFieldRef: {resource: limits.memory, divisor: \"1Gi\"}", "2"},
      {"resourceFieldRef: {resource: requests.ephemeral-storage}", "2000000000"},
      {"resourceFieldRef: {containerName: c, resource: requests.hugepages-2Mi}", "0"},
    };
    StringBuilder env = new StringBuilder();
    for (int i = 0; i < wanted.length; i++) {
      env.append(i == 0 ? "" : ", ")
          .append("{name: V" + i + ", valueFrom: {" + wanted[i][0] + "}}");
    }
    JobFile job =
        JobFile.parse("job.yaml", more.replace("ENV", env.toString()), PodRuntime.PROCESS);
    Map<String, String> environment =
        new PodEnvironment(job, new PodFields(job, "uid"), Map.of("TEAM", "no"), "")
            .of(POD, job.template().containers().getFirst());
    for (int i = 0; i < wanted.length; i++) {
      assertThat(environment).as(wanted[i][0]).containsEntry("V" + i, wanted[i][1]);
    }
  }

  @Test
  void withoutALimitAContainerMayUseAllOfTheMachine() throws Exception {
    String none = BEGIN.replaceAll("(?m)^ +(resources|requests|limits):.*\n", "");
    String env =
        """
        env:
        - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
        - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
        - {name: ASKED, valueFrom: {resourceFieldRef: {resource: requests.memory}}}
        """;
    JobFile job = JobFile.parse("job.yaml", none + env.indent(8), PodRuntime.PROCESS);
    Map<String, String> environment =
        new PodEnvironment(job, new PodFields(job, "uid"), Map.of(), "")
            .of(POD, job.template().containers().getFirst());
    assertThat(environment)
        .containsEntry("CPU", Integer.toString(Runtime.getRuntime().availableProcessors()))
        .containsEntry("ASKED", "0");
    assertThat(Long.parseLong(environment.get("MEMORY"))).isGreaterThan(1 << 20);
  }
}
