package dev.piecework.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code ./check --cluster} does, against an API server of fabric8's and a controller that
 * replays what a real one did.
 */
@EnableKubernetesMockClient(crud = true)
@Tag("slow")
final class CaseOnClusterTest {
  /** It would write a line for each request; kept here, for loggers are forgotten. */
  private static final Logger QUIET = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  @SuppressWarnings("NullAway.Init") // by the extension
  static KubernetesClient client;

  private static int run;

  @BeforeAll
  static void quiet() {
    QUIET.setLevel(Level.WARNING);
  }

  static List<JobCase> recordings() {
    return RecordingsTest.recordings();
  }

  private static Outcome run(JobCase given, UnaryOperator<JobStatus> falsified) throws Exception {
    String recording = String.valueOf(given.row().get("recording"));
    String name = recording + "-" + run++;
    CaseOnCluster one =
        new CaseOnCluster(
            given,
            new CaseOnCluster.Cluster(
                client,
                "default",
                "busybox:1.36",
                Duration.ofMillis(20),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60)),
            name);
    RecordedController controller = new RecordedController(client, name, recording, falsified);
    Thread replay = Thread.ofPlatform().daemon().start(controller);
    Outcome seen = one.run();
    replay.join();
    assertThat(controller.scripts)
        .isNotEmpty()
        .allSatisfy(script -> assertThat(script).containsKey("piecework.dev/lives-worker"));
    return seen;
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void aRecordedCaseIsFoundToBeAsOurRulesSay(JobCase given) throws Exception {
    SimulatedJob ours = new SimulatedJob(given);
    ours.run();
    assertThat(run(given, UnaryOperator.identity())).isEqualTo(Outcome.of(ours));
    assertThat(client.batch().v1().jobs().inNamespace("default").list().getItems()).isEmpty();
  }

  @Test
  void aControllerThatDoesOtherwiseIsNoticed() throws Exception {
    JobCase given = recordings().getFirst();
    SimulatedJob ours = new SimulatedJob(given);
    ours.run();
    Outcome oneMore =
        run(given, s -> new JobStatusBuilder(s).withSucceeded(s.getSucceeded() + 1).build());
    assertThat(oneMore).isNotEqualTo(Outcome.of(ours));
  }

  /** Enough of the table has an outcome that does not hang on the speed of a cluster. */
  @Test
  void mostCasesAreForAClusterToo() throws Exception {
    int given = 0;
    for (JobCase one : JobCasesTest.cases()) {
      given += Outcome.expected(one).isPresent() ? 1 : 0;
    }
    assertThat(given).isGreaterThanOrEqualTo(60);
  }
}
