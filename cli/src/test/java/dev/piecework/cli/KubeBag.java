package dev.piecework.cli;

import dev.piecework.cli.Piecework.Ended;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * From a laptop to a finished Job: the real launcher, a real Redis, pods that are processes.
 * Classes of few tests, which so run beside one another.
 */
abstract class KubeBag {

  /** Long enough for a second pod to start before the first has done all. */
  static final String COMMAND = "sleep 0.1; echo \"done $1\"";

  static final String INPUT = "in.txt";
  static final String RESULTS = "out.jsonl";

  @RegisterExtension final Piecework piecework = new Piecework();
  @RegisterExtension final MockCluster cluster = new MockCluster();

  @BeforeEach
  void point() throws Exception {
    piecework.with("KUBECONFIG", cluster.kubeconfig().toString());
  }

  static String numbers(int count) {
    return String.join("\n", IntStream.rangeClosed(1, count).mapToObj(String::valueOf).toList())
        + "\n";
  }

  /** In the JVM of the test. */
  final Ended here(String... words) throws Exception {
    return piecework.here(cluster.verb(words));
  }

  final String file(String name) {
    return piecework.file(name).toString();
  }

  static String[] words(String first, List<String> more, String program) {
    return Stream.of(List.of(first.split(" ", -1)), more, List.of("--sh", program))
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  final String[] submit(String shape, String... more) {
    String first = "kube submit --with-redis -q job2 -p 2 --image registry.example/job2:1 --shape ";
    return words(first + shape + " --from " + file(INPUT), List.of(more), COMMAND);
  }

  final List<String> ids(String file) throws Exception {
    try (var lines = Files.lines(piecework.file(file))) {
      return lines.map(line -> line.replaceAll(".*\"id\":\"(\\d+)\".*", "$1")).toList();
    }
  }
}
