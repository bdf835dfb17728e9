package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code run -f --runtime podman}: real containers, of an image that is made here. */
@Needs({"podman", "busybox"})
class PodmanJobIT {
  /** Of this process: others may run these tests at the same time, on the same images. */
  private static final String IMAGE = "localhost/piecework-test:" + ProcessHandle.current().pid();

  private static final String NEVER = "restartPolicy: Never";

  @RegisterExtension final Piecework piecework = new Piecework();

  /** An image is a file system: here one with a busybox, which says hello unless told otherwise. */
  @BeforeAll
  static void makeImage(@TempDir Path root) throws Exception {
    Path bin = Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("tmp"));
    Files.writeString(root.resolve("image"), IMAGE);
    Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
    assertThat(bin.resolve("busybox").toFile().setExecutable(true, false)).isTrue();
    for (String name : List.of("sh", "sleep", "cat", "hostname", "nc", "id")) {
      Files.createSymbolicLink(bin.resolve(name), Path.of("busybox"));
    }
    String entry = "ENTRYPOINT [\"/bin/sh\",\"-c\"]";
    String all =
        "tar -C '%s' -c . | podman import --change '%s' --change '%s' - %s"
            .formatted(root, entry, "CMD [\"echo hello from the image\"]", IMAGE);
    assertThat(podman("sh", "-c", all).waitFor()).isZero();
  }

  @AfterAll
  static void removeImage() throws Exception {
    assertThat(podman("podman", "rmi", "--force", IMAGE).waitFor()).isZero();
  }

  private static Process podman(String... words) throws IOException {
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** {@code spec} is one line of YAML each for the Job's and the pod's fields. */
  private String manifest(String job, String pod, String container) throws IOException {
    return piecework
        .write(
            "job.yaml",
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: boxed}
            spec:
              %s
              template:
                spec:
                  %s
                  containers:
                  - name: c
                    image: %s
                    env:
                    - {name: REDIS_URL, value: unused}
                    - {name: WORD, value: word}
                    - {name: LINES_OF, value: "two\\nlines"}
                    %s
            """
                .formatted(job, pod, IMAGE, container))
        .toString();
  }

  private String[] run(String manifest) {
    return new String[] {"run", "-f", manifest, "--runtime", "podman"};
  }

  private static List<String> containers() throws Exception {
    Process ps =
        new ProcessBuilder(
                "podman", "ps", "--all", "--filter", "ancestor=" + IMAGE, "--format", "{{.Names}}")
            .start();
    List<String> names =
        new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(ps.waitFor()).isZero();
    return names;
  }

  @Test
  void anImageWithoutACommandSaysWhatItSays() throws Exception {
    var ended = piecework.run(run(manifest("completions: 2", NEVER, ""))).expect(0);

    assertThat(ended.out().lines().filter(line -> line.endsWith("] hello from the image")))
        .hasSize(2);
    assertThat(ended.out()).contains("0 Active (0 Ready) / 2 Succeeded / 0 Failed");
    awaitNoContainer();
  }

  @Test
  void aContainerSeesItsPodAndFindsItsVolumesWhereTheManifestSays() throws Exception {
    String manifest =
        manifest(
            "completions: 1\n  completionMode: Indexed",
            NEVER,
            """
            args:
                    - |
                      [ "$(hostname)" = "$HOSTNAME" ] && echo "the name is right"
                      echo "$(WORD) $JOB_COMPLETION_INDEX $LINES_OF"
                      cat /etc/app/greeting
                      echo kept >/data/file && cat /data/file
                      (echo x >/etc/app/greeting) 2>/dev/null || echo "cannot be written"
                    volumeMounts:
                    - {name: app, mountPath: /etc/app, readOnly: true}
                    - {name: data, mountPath: /data}
                  volumes:
                  - {name: app, configMap: {name: app}}
                  - {name: data, emptyDir: {}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: app}
            data: {greeting: "good morning"}
            """);
    var ended = piecework.run(run(manifest)).expect(0);

    List<String> said =
        ended
            .out()
            .lines()
            .filter(l -> l.startsWith("["))
            .map(l -> l.replaceFirst(".*?] ", ""))
            .toList();
    assertThat(said)
        .contains("the name is right", "word 0 two", "lines", "cannot be written")
        .anyMatch(line -> line.contains("good morning"))
        .anyMatch(line -> line.endsWith("kept"));
  }

  @Test
  void aCrashedContainerBeginsAgainWithoutItsFilesButWithThePodsVolumes() throws Exception {
    String manifest =
        manifest(
            "backoffLimit: 3",
            "restartPolicy: OnFailure",
            """
            command: [/bin/sh, -c]
                    args: ["cat /mine /data/mine; echo x >/mine; [ -e /data/mine ] || { echo y >/data/mine; exit 7; }"]
                    volumeMounts: [{name: data, mountPath: /data}]
                  volumes: [{name: data, emptyDir: {}}]
            """);
    var ended = piecework.run(run(manifest)).expect(0);

    assertThat(ended.out()).contains("] y\n").doesNotContain("] x\n");
    assertThat(ended.out()).contains("0 Active (0 Ready) / 1 Succeeded / 0 Failed");
  }

  @Test
  void ctrlCIsSigtermToTheContainerAndSigkillAfterItsGrace() throws Exception {
    // A podman may take seconds to tell a container to end.
    String manifest =
        manifest(
            "completions: 2\n  parallelism: 2\n  completionMode: Indexed",
            NEVER + "\n      terminationGracePeriodSeconds: 15",
            """
            args:
                    - |
                      if [ $JOB_COMPLETION_INDEX = 0 ]; then trap 'echo told to end; exit 3' TERM
                      else trap '' TERM; fi
                      echo begun; sleep 600 & while :; do wait; done
            """);
    var job = piecework.start(run(manifest));
    await().atMost(Piecework.TIMEOUT).until(() -> job.out().split("begun", -1).length == 3);

    job.signal("INT");

    assertThat(job.end().expect(130).out()).contains("] told to end");
    awaitNoContainer();
  }

  @Test
  void noContainerOutlivesALauncherThatIsKilled() throws Exception {
    String manifest = manifest("parallelism: 2", NEVER, "args: [\"echo begun; sleep 600\"]");
    var job = piecework.start(run(manifest));
    await().atMost(Piecework.TIMEOUT).until(() -> job.out().split("begun", -1).length == 3);
    assertThat(containers()).hasSize(2);

    job.signal("KILL");

    awaitNoContainer();
    piecework.write("job.yaml", Files.readString(Path.of(manifest)).replace("sleep 600", "true"));
    assertThat(piecework.run(run(manifest)).expect(0).err())
        .contains("the last run of Job boxed was killed: cleaned up after it");
  }

  @Test
  void whatCannotBeRunIsSaidBeforeAnythingIs() throws Exception {
    String manifest = manifest("parallelism: 1", NEVER, "imagePullPolicy: Never");
    String text = Files.readString(Path.of(manifest));
    piecework.write("job.yaml", text.replace(IMAGE, "localhost/piecework-none:1"));
    assertThat(piecework.run(run(manifest)).expect(2).err())
        .isEqualTo(
            "piecework run: image localhost/piecework-none:1 is not on this machine, and"
                + " imagePullPolicy is Never\n");

    piecework.write("job.yaml", text.replace("imagePullPolicy: Never", ""));
    assertThat(piecework.run("run", "-f", manifest).expect(2).err())
        .startsWith(manifest + ":10: spec.template.spec.containers[0].command: Required value")
        .contains("--runtime podman");

    piecework.with("PATH", pathWithoutPodman().toString());
    assertThat(piecework.run(run(manifest)).expect(2).err())
        .startsWith("piecework run: --runtime podman: there is no podman on the PATH; install it");
  }

  private Path pathWithoutPodman() throws IOException {
    Path bin = Files.createDirectories(piecework.file("bin"));
    for (String folder : List.of("/usr/bin", "/bin")) {
      try (Stream<Path> programs = Files.list(Path.of(folder))) {
        for (Path program : programs.toList()) {
          Path link = bin.resolve(program.getFileName());
          if (!link.endsWith("podman") && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, program);
          }
        }
      }
    }
    return bin;
  }

  /** What was run with {@code --rm} is removed by podman when it comes to it. */
  private void awaitNoContainer() {
    await().atMost(Piecework.TIMEOUT).until(() -> containers().isEmpty());
  }
}
