package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kube manifests}: printed by the distribution, and run here as far as that goes. */
class KubeManifestsIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private String printed(String... more) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("kube", "manifests", "-q", "job2", "--image", "example/job2:1"));
    words.addAll(List.of(more));
    words.addAll(List.of("--", "./worker.sh", "{}"));
    return piecework.here(words.toArray(String[]::new)).expect(0).out();
  }

  /** A Secret with another password at each printing would lock out who starts after it. */
  @Test
  void theSameIsPrintedAgainWithTheSamePassword() throws Exception {
    String first =
        piecework
            .run(
                "kube",
                "manifests",
                "-q",
                "job2",
                "--image",
                "example/job2:1",
                "--with-redis",
                "--",
                "./worker.sh",
                "{}")
            .expect(0)
            .out();
    assertThat(first).contains("kind: Secret", "immutable: true", "kind: StatefulSet");
    assertThat(printed("--with-redis")).isEqualTo(first);
    assertThat(printed("--with-redis", "-n", "other")).doesNotContain(password(first));

    Path kept = piecework.file("state/piecework/kube/_current/job2.password");
    assertThat(Files.readString(kept).strip()).isEqualTo(password(first));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-------");
    try (var beside = Files.list(kept.getParent())) {
      assertThat(beside).containsExactly(kept);
    }
  }

  private static String password(String yaml) {
    return yaml.lines()
        .filter(line -> line.strip().startsWith("password: "))
        .map(line -> line.strip().substring("password: ".length()).replace("\"", ""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPasswordThatCannotBeKeptIsNotMadeUp() throws Exception {
    piecework.write("state", "a file where the folder would be");
    var ended =
        piecework
            .here("kube", "manifests", "-q", "job2", "--image", "i", "--with-redis", "--", "x")
            .expect(2);
    assertThat(ended.err()).contains("--redis-password-file");
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.out()).isEmpty();
  }

  /** The Job itself, run by the rules of the real controller with the worker that is here. */
  @ParameterizedTest
  @ValueSource(strings = {"pool", "queue"})
  void theJobThatIsPrintedDrainsTheQueue(String shape) throws Exception {
    piecework.write("worker.sh", "#!/bin/sh\necho \"$1\" >>done\n");
    assertThat(piecework.file("worker.sh").toFile().setExecutable(true)).isTrue();
    piecework.here("fill", "job2", "apple", "banana", "cherry", "date", "fig", "grape").expect(0);
    String job =
        printed("--shape", shape, "-p", "2", "--expect", "6")
            // There is no image here; and all pods of this machine share its ports.
            .replace(
                "        args:\n",
                "        command: [sh, -c, 'exec \"$PIECEWORK\" \"$@\"', piecework]\n        args:\n")
            .replace("        - --health-port\n        - \"8081\"\n", "");
    Path file =
        piecework.write(
            "job.yaml",
            job
                + """
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: redis
                spec:
                  ports: [{port: 6379}]
                """);

    var ended = piecework.run("run", "-f", file.toString()).expect(0);

    assertThat(Files.readAllLines(piecework.file("done")))
        .as(ended.err())
        .containsExactlyInAnyOrder("apple", "banana", "cherry", "date", "fig", "grape");
    assertThat(ended.out()).contains("Completed");
  }
}
