package dev.piecework.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of cases against a real cluster: {@code ./check --cluster}. Several run at a time;
 * those that take too long, and those whose outcome depends on how fast pods begin, are skipped by
 * name.
 */
final class ClusterCases {
  private static final int AT_A_TIME = 8;
  private static final Duration LONGEST =
      Duration.ofMinutes(Integer.parseInt(setting("PIECEWORK_CLUSTER_MINUTES", "10")));
  private static final Map<JobCase, Future<Outcome>> RUNNING = new LinkedHashMap<>();

  private static KubernetesClient client;
  private static ExecutorService threads;

  static List<JobCase> cases() {
    return JobCasesTest.cases();
  }

  private static String setting(String variable, String otherwise) {
    String value = System.getenv(variable);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  @BeforeAll
  static void start() throws Exception {
    Path kubeconfig = Path.of(setting("PIECEWORK_KUBECONFIG", ""));
    assertThat(kubeconfig).as("PIECEWORK_KUBECONFIG").isRegularFile();
    Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
    isThere(config);
    client = new KubernetesClientBuilder().withConfig(config).build();
    CaseOnCluster.Cluster cluster =
        new CaseOnCluster.Cluster(
            client,
            setting("PIECEWORK_CLUSTER_NAMESPACE", "default"),
            setting("PIECEWORK_CLUSTER_IMAGE", "busybox:1.36"),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            LONGEST.plusMinutes(5));
    String run = HexFormat.of().toHexDigits((short) new Random().nextInt());
    threads = Executors.newFixedThreadPool(AT_A_TIME);
    for (JobCase given : cases()) {
      if (whyNot(given).isEmpty()) {
        CaseOnCluster one = new CaseOnCluster(given, cluster, "case-" + run + "-" + RUNNING.size());
        RUNNING.put(given, threads.submit(one::run));
      }
    }
  }

  /** One answer, before each case waits for one for minutes. */
  private static void isThere(Config config) {
    Config impatient =
        new ConfigBuilder(config)
            .withRequestRetryBackoffLimit(0)
            .withConnectionTimeout(10_000)
            .withRequestTimeout(10_000)
            .build();
    try (KubernetesClient once = new KubernetesClientBuilder().withConfig(impatient).build()) {
      assertThat(once.getKubernetesVersion()).isNotNull();
    } catch (KubernetesClientException e) {
      throw new AssertionError(
          "the cluster at " + config.getMasterUrl() + " does not answer: " + e.getMessage(), e);
    }
  }

  @AfterAll
  static void stop() {
    if (client != null) {
      threads.shutdownNow();
      client.close();
    }
  }

  /** The limit is that of the case itself, which says how far it came. */
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  @ParameterizedTest
  @MethodSource("cases")
  void theClusterShowsTheSame(JobCase given) throws Exception {
    assumeThat(whyNot(given).map(why -> given + ": " + why)).isEmpty();
    assertThat(Objects.requireNonNull(RUNNING.get(given)).get())
        .isEqualTo(Outcome.expected(given).orElseThrow());
  }

  /** Why a case is not for a cluster, if it is not. */
  static Optional<String> whyNot(JobCase given) throws Exception {
    if (Outcome.expected(given).isEmpty()) {
      return Optional.of("its outcome depends on how fast pods begin");
    }
    SimulatedJob job = new SimulatedJob(given);
    job.run();
    Duration took = Duration.between(SetClock.START, last(job));
    return took.compareTo(LONGEST) > 0
        ? Optional.of("it takes " + took + "; PIECEWORK_CLUSTER_MINUTES may allow it")
        : Optional.empty();
  }

  private static Instant last(SimulatedJob job) {
    return job.loop.events().isEmpty() ? SetClock.START : job.loop.events().getLast().at();
  }
}
