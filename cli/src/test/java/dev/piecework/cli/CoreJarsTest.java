package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CoreJarsTest {

  private static final String CLI = "pkg:maven/dev.piecework/piecework-cli@1?type=jar";
  private static final String KUBERNETES =
      "pkg:maven/dev.piecework/piecework-kubernetes@1?type=jar";
  private static final String SERVER = "pkg:maven/dev.piecework/piecework-redis-server@1?type=jar";
  private static final String QUEUE = "pkg:maven/dev.piecework/piecework@1?type=jar";
  private static final String REDIS = "pkg:maven/org.example/a-redis@2?type=jar";
  private static final String JIB = "pkg:maven/org.example/jib@3?type=jar";
  private static final String NATIVE = "pkg:maven/org.example/x%2By@4?classifier=linux&type=jar";

  @Test
  void whateverAModuleNeedsIsThereButForWhatOnlyKubernetesBrings() {
    String bill =
        bill(
            needs(CLI, KUBERNETES, SERVER),
            needs(KUBERNETES, JIB, QUEUE),
            needs(SERVER, REDIS),
            needs(JIB, NATIVE),
            needs(QUEUE),
            needs(REDIS),
            needs(NATIVE));

    assertThat(CoreJars.named(bill))
        .containsExactly(
            "piecework-1.jar", // whose resources each start reads
            "piecework-cli.jar",
            "piecework-kubernetes-1.jar",
            "piecework-redis-server-1.jar",
            "a-redis-2.jar");
  }

  @Test
  void whatKubernetesBringsIsThereWhereAnotherNeedsItToo() {
    String bill =
        bill(
            needs(CLI, KUBERNETES, SERVER),
            needs(KUBERNETES, JIB),
            needs(SERVER, JIB),
            needs(JIB, NATIVE),
            needs(NATIVE));

    assertThat(CoreJars.named(bill)).contains("jib-3.jar", "x+y-4-linux.jar");
  }

  @Test
  void whatMetricsNeedComesWithThemAlone() {
    String metrics = "pkg:maven/dev.piecework/piecework-metrics@1?type=jar";
    String prometheus = "pkg:maven/org.example/prometheus@5?type=jar";
    String bill =
        bill(
            needs(CLI, metrics, SERVER),
            needs(metrics, QUEUE, prometheus),
            needs(prometheus, NATIVE),
            needs(SERVER),
            needs(NATIVE),
            needs(QUEUE));

    assertThat(CoreJars.named(bill))
        .contains("piecework-metrics-1.jar")
        .doesNotContain("prometheus-5.jar");
    assertThat(CoreJars.forModule(bill, "metrics"))
        .containsExactly("prometheus-5.jar", "x+y-4-linux.jar");
  }

  @Test
  void aBillThatIsNotWholeIsRefused() {
    assertThatThrownBy(() -> CoreJars.named(bill(needs(CLI, SERVER))))
        .hasMessageContaining("piecework-redis-server");
  }

  private static String bill(String... entries) {
    return "{\"metadata\":{\"component\":{\"bom-ref\":\"%s\"}},\"dependencies\":[%s]}"
        .formatted(CLI, String.join(",", entries));
  }

  private static String needs(String ref, String... needed) {
    String list = Stream.of(needed).map(one -> '"' + one + '"').collect(Collectors.joining(","));
    return "{\"ref\":\"%s\",\"dependsOn\":[%s]}".formatted(ref, list);
  }
}
