package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a laptop to a finished Job: the real launcher, a real Redis, pods that are processes. */
class KubeSubmitIT {

  private static final String COMMAND = "echo \"done $1\"";

  @RegisterExtension final Piecework piecework = new Piecework();
  @RegisterExtension final MockCluster cluster = new MockCluster();

  @BeforeEach
  void point() throws Exception {
    piecework.with("KUBECONFIG", cluster.kubeconfig().toString());
  }

  private static String numbers(int count) {
    return String.join("\n", IntStream.rangeClosed(1, count).mapToObj(String::valueOf).toList())
        + "\n";
  }

  private String[] submit(String shape, String... more) {
    var words =
        new java.util.ArrayList<>(
            List.of(
                "kube",
                "submit",
                "--with-redis",
                "-q",
                "job2",
                "-p",
                "2",
                "--shape",
                shape,
                "--image",
                "registry.example/job2:1",
                "--from",
                "in.txt"));
    words.addAll(List.of(more));
    words.addAll(List.of("--sh", COMMAND));
    return words.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pool", "queue"})
  void aBagIsDoneOnACluster(String shape) throws Exception {
    piecework.write("in.txt", numbers(300));
    var ended = piecework.run(submit(shape, "--results", "out.jsonl")).expect(0);
    assertThat(ended.err())
        .contains("waiting for Redis to be ready", "drained: 300 done, 0 dead", "300 results");
    assertThat(Files.readAllLines(piecework.file("out.jsonl"))).hasSize(300);
    var described = piecework.run("kube", "describe", "job2").expect(0);
    assertThat(described.out())
        .contains("Name:", "Parallelism:", "Pods Statuses:", "2 Succeeded", "job2: drained")
        .contains("--run", "--expect");
    var again = piecework.run(submit(shape, "--results", "out.jsonl")).expect(0);
    assertThat(again.err()).contains("is Complete already");
    assertThat(Files.readAllLines(piecework.file("out.jsonl"))).hasSize(300);
    var deleted = piecework.run("kube", "delete", "job2").expect(0);
    assertThat(deleted.err()).contains("jobs.batch/job2 deleted", "statefulsets.apps/job2-redis");
    var gone = piecework.run("kube", "delete", "job2").expect(2);
    assertThat(gone.err()).contains("nothing in namespace 'bags' was made under the name 'job2'");
  }
}
