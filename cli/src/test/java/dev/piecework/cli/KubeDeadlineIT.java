package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many pods there are is chosen by a deadline. */
class KubeDeadlineIT {

  @RegisterExtension final Piecework piecework = new Piecework();
  @RegisterExtension final MockCluster cluster = new MockCluster();

  @BeforeEach
  void point() throws Exception {
    piecework.with("KUBECONFIG", cluster.kubeconfig().toString());
    piecework.write(
        "in.txt",
        IntStream.rangeClosed(1, 150).mapToObj(n -> n + "\n").collect(Collectors.joining()));
  }

  private String[] submit(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "kube",
                "submit",
                "--with-redis",
                "-q",
                "job2",
                "--image",
                "i:1",
                "--slots",
                "1",
                "--lease-timeout",
                "1500ms",
                "--from",
                piecework.file("in.txt").toString()));
    words.addAll(List.of(more));
    words.addAll(List.of("--sh", "sleep 0.1; echo $1"));
    return words.toArray(String[]::new);
  }

  @Test
  void morePodsAreStartedWhereOneWouldBeTooLate() throws Exception {
    var ended = piecework.run(submit("--deadline", "8s", "--max-parallelism", "3")).expect(0);
    assertThat(ended.err())
        .contains("for the deadline: ", " are left", "Job 'job2': ", "1 before")
        .contains("drained: 150 done, 0 dead");
  }

  @Test
  void whatDoesNotGoTogetherIsSaid() throws Exception {
    String[][] wrong = {
      {"go together", "--deadline", "5m"},
      {"go together", "--max-parallelism", "5"},
      {
        "leave out --shape stream",
        "--deadline",
        "5m",
        "--max-parallelism",
        "5",
        "--shape",
        "stream"
      },
      {"less than the 6 pods", "--deadline", "5m", "--max-parallelism", "5", "-p", "6"},
      {"is no time", "--deadline", "0s", "--max-parallelism", "5"},
    };
    for (String[] one : wrong) {
      String[] more = java.util.Arrays.copyOfRange(one, 1, one.length);
      var ended = piecework.here(cluster.verb(submit(more))).expect(2);
      assertThat(ended.err()).contains(one[0]);
      assertThat(ended.err().lines()).hasSize(1);
    }
  }
}
