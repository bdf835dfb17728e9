package dev.piecework.job.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.piecework.worker.process.ExactEnvironment;
import dev.piecework.worker.process.Guard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes are where the manifest says, and the text of no program is changed for that. */
@Tag("slow")
final class VolumeMountTest {
  @TempDir Path state;

  @BeforeAll
  static void aMountNamespaceCanBeHad() throws Exception {
    boolean can = true;
    try {
      MountNamespace.find();
    } catch (PodRuntimeException cannot) {
      can = false;
    }
    assumeTrue(can || System.getenv("CI") != null, "this machine lets nobody mount");
  }

  private JobOnThisMachine job(String pod) throws Exception {
    return new JobOnThisMachine(
        state,
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: j}
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
        """
            + pod.indent(6));
  }

  /** Guards against: {@code awk '/data/'} looks for the path of a folder, and finds nothing. */
  @Test
  void theTextOfAProgramIsNotChanged() throws Exception {
    JobOnThisMachine job =
        job(
            """
            volumes: [{name: v, emptyDir: {}}]
            containers:
            - name: c
              image: x
              env: [{name: WHERE, value: "at /data"}, {name: my.name, value: "kept"}]
              command: [sh, -c]
              args: ["echo data >/data/f; awk '/data/ {print}' /data/f; echo $WHERE; pwd;
                tr '\\\\0' '\\\\n' </proc/$$$$/environ | grep my.name"]
              volumeMounts: [{name: v, mountPath: /data}]
            """);
    assertThat(job.finish().isComplete()).isTrue();
    assertThat(job.lines())
        .containsExactly(
            "data", "at /data", Path.of("").toAbsolutePath().toString(), "my.name=kept");
    assertThat(Path.of("/data")).doesNotExist();
  }

  /** Guards against: what a script of a ConfigMap writes to its mount path lands on the host. */
  @Test
  void aScriptWritesToTheVolumeAndNotToTheHost() throws Exception {
    Path onHost = Files.createDirectories(state.resolve("host/work"));
    JobOnThisMachine job =
        new JobOnThisMachine(
            state,
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: scripts}
            data:
              run.sh: |
                echo result >%1$s/out.txt
                ls %1$s /no-such-top/below
                touch /scripts/more || echo refused
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: {name: j}
            spec:
              backoffLimit: 0
              template:
                spec:
                  restartPolicy: Never
                  volumes:
                  - {name: scripts, configMap: {name: scripts, defaultMode: 0755}}
                  - {name: work, emptyDir: {}}
                  containers:
                  - name: c
                    image: x
                    command: [/bin/sh, /scripts/run.sh]
                    volumeMounts:
                    - {name: scripts, mountPath: /scripts}
                    - {name: work, mountPath: %1$s}
                    - {name: work, mountPath: /no-such-top/below}
            """
                .formatted(onHost));
    assertThat(job.finish().isComplete()).isTrue();
    assertThat(job.lines()).contains("refused").filteredOn("out.txt"::equals).hasSize(2);
    assertThat(onHost).isEmptyDirectory();
  }

  @Test
  void containersOfAPodShareAVolumeEachAtItsOwnPath() throws Exception {
    JobOnThisMachine job =
        job(
            """
            volumes: [{name: v, emptyDir: {}}]
            initContainers:
            - name: first
              image: x
              command: [sh, -c, "mkdir /one/sub; echo made >/one/sub/file"]
              volumeMounts: [{name: v, mountPath: /one}]
            - name: side
              image: x
              restartPolicy: Always
              command: [sh, -c, "until [ -e /two/sub/asked ]; do :; done; echo yes >/two/sub/answer;
                exec sleep 600"]
              volumeMounts: [{name: v, mountPath: /two}]
            containers:
            - name: c
              image: x
              workingDir: /etc/no-such-app
              command: [sh, -c, "cat file /usr/share/no-such/name; touch asked; touch file/x;
                touch /ro/x; touch /etc/no-such; until [ -s answer ]; do :; done; cat answer; pwd"]
              volumeMounts:
              - {name: v, mountPath: /etc/no-such-app, subPath: sub}
              - {name: v, mountPath: /usr/share/no-such/name, subPath: sub/file}
              - {name: v, mountPath: /ro, readOnly: true}
            """);
    assertThat(job.finish().isComplete()).isTrue();
    assertThat(job.lines())
        .startsWith("made", "made")
        .endsWith("yes", "/etc/no-such-app")
        .filteredOn(line -> line.contains("Read-only file system"))
        .hasSize(2);
    assertThat(Path.of("/etc/no-such-app")).doesNotExist();
    assertThat(Path.of("/etc/no-such")).doesNotExist();
  }

  @Test
  void whatIsMadeToMountOnIsRemovedInTheEnd() throws Exception {
    Path shared = Files.createTempDirectory("mounted-on-");
    try {
      Path missing = shared.resolve("deep/er");
      JobOnThisMachine job =
          job(
              """
              volumes: [{name: v, emptyDir: {}}]
              containers:
              - name: c
                image: x
                command: [sh, -c, "touch DIR/deep/er/in ../of; ls DIR/deep/er; touch DIR/beside"]
                volumeMounts: [{name: v, mountPath: DIR/deep/er}]
              """
                  .replace("DIR", shared.toString())
                  .replace(" ../of", ""));
      Files.setAttribute(shared, "unix:mode", 01777);
      assertThat(job.finish().isComplete()).isTrue();
      assertThat(job.lines()).containsExactly("in");
      assertThat(missing).doesNotExist();
      assertThat(shared.resolve("deep")).doesNotExist();
      assertThat(shared.resolve("beside")).exists();
    } finally {
      RunFolder.delete(shared);
    }
  }

  @Test
  void nothingOfAPodWithVolumesOutlivesIt() throws Exception {
    JobOnThisMachine job =
        job(
            """
            volumes: [{name: v, emptyDir: {}}]
            containers:
            - name: c
              image: x
              command: [sh, -c, "setsid sh -c 'echo $$$$ >/v/pid; exec sleep 602' &
                until [ -s /v/pid ]; do :; done; cat /v/pid"]
              volumeMounts: [{name: v, mountPath: /v}]
            """);
    assertThat(job.finish().isComplete()).isTrue();
    // Killed it is by now, which takes a moment.
    await().until(() -> !JobOnThisMachine.isRunning(job.lines().getFirst()));
  }

  @Test
  void aWorkingFolderThatIsNotThereIsAFailureThatSaysSo() throws Exception {
    JobOnThisMachine job =
        job(
            """
            volumes: [{name: v, emptyDir: {}}]
            containers:
            - {name: c, image: x, command: ["true"], workingDir: /v/deep,
               volumeMounts: [{name: v, mountPath: /v}]}
            """);
    assertThat(job.finish().isComplete()).isFalse();
    assertThat(job.lines()).containsExactly("cannot start in /v/deep: no such folder");
  }

  /** As anybody else has to, root too may go by way of a user namespace. */
  @Test
  void whoIsNotRootKeepsTheirName() throws Exception {
    List<String> enter = List.of("unshare", "--user", "--map-root-user", "--mount");
    List<String> leave = List.of("unshare", "--user", "--map-user=4711", "--map-group=4712", "--");
    MountNamespace namespace = MountNamespace.firstOf(List.of(new MountNamespace(enter, leave)));
    Path volume = Files.createDirectory(state.resolve("volume"));
    PodVolumes.Mounted mounted = new PodVolumes.Mounted(volume, Path.of("/vol ume"), false);
    assertThat(
            lines(
                namespace,
                new MountNamespace.WorkingFolder(Path.of("/vol ume"), true),
                MountPlan.of(List.of(mounted)),
                ExactEnvironment.ofCaller(),
                List.of("sh", "-c", "id -u; id -g; echo here >file; echo $PATH")))
        .containsExactly("4711", "4712", System.getenv("PATH"));
    assertThat(volume.resolve("file")).hasContent("here");
  }

  private List<String> lines(
      MountNamespace namespace,
      MountNamespace.WorkingFolder working,
      MountPlan plan,
      ExactEnvironment environment,
      List<String> command)
      throws Exception {
    Path root = Files.createDirectory(state.resolve("root"));
    List<String> all =
        namespace.command(root, working, plan.words(), environment.restored(command));
    try (Guard guard = new Guard(Files.createDirectory(state.resolve("guard")))) {
      Process process = GuardedStart.of(guard, all, environment, null);
      return new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    }
  }

  /** Guards against: a program that trusts PWD looks in a folder that its volumes hide. */
  @Test
  void whoseFolderIsHiddenIsToldOfTheOneItIsIn() throws Exception {
    ExactEnvironment environment =
        ExactEnvironment.ofCaller().without(name -> true).with(Map.of("PWD", "/no-such-folder"));
    assertThat(
            lines(
                MountNamespace.find(),
                new MountNamespace.WorkingFolder(Path.of("/no-such-folder"), false),
                MountPlan.of(List.of()),
                environment,
                List.of("/usr/bin/env")))
        .containsExactly("PWD=/");
  }

  @Test
  void whereNobodyMayMountItIsSaidWithTheWayOut() throws IOException {
    MountNamespace refused =
        new MountNamespace(
            List.of("sh", "-c", "echo unshare failed: not permitted; exit 1"), List.of());
    assertThatThrownBy(() -> MountNamespace.firstOf(List.of(refused)))
        .isInstanceOf(PodRuntimeException.class)
        .hasMessage(
            "volumeMounts: volumes cannot be mounted for processes here (unshare failed: not"
                + " permitted); let podman run the images with --runtime podman");
  }

  @Test
  void aSubPathThatLeadsOutOfItsVolumeIsRefused() throws Exception {
    JobOnThisMachine job =
        job(
            """
            volumes: [{name: v, emptyDir: {}}]
            initContainers:
            - {name: evil, image: x, command: [ln, -s, /etc, /v/link],
               volumeMounts: [{name: v, mountPath: /v}]}
            containers:
            - {name: c, image: x, command: [ls, /v],
               volumeMounts: [{name: v, mountPath: /v, subPath: link}]}
            """);
    assertThat(job.finish().isComplete()).isFalse();
    assertThat(job.lines()).containsExactly("cannot start: subPath link leads out of volume v");
  }
}
