package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cluster says no to, in one line; and why a pod does not start, as soon as it is known. */
class KubeErrorsIT {

  @RegisterExtension final Piecework piecework = new Piecework();
  @RegisterExtension final MockCluster cluster = new MockCluster();

  @BeforeEach
  void point() throws Exception {
    piecework.write("in.txt", "a\nb\nc\n");
  }

  private static void assertOneClearLine(Piecework.Ended ended, String... parts) {
    assertThat(ended.err()).contains(parts).doesNotContain("\tat ", "Exception");
    assertThat(ended.err().lines()).as(ended.err()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "describe x --context prod|2|there is no context 'prod' in the kubeconfig; there are away,"
            + " test",
        "describe x --context away|4|context 'away' at http://127.0.0.1:1 cannot be reached",
        "describe x -n nowhere|2|there is no namespace 'nowhere'",
        "describe jib2|2|there is no Job 'jib2' in namespace 'bags'",
      })
  void oneLineForEachNoOfTheCluster(String verb, int code, String said) throws Exception {
    assertOneClearLine(
        piecework.here(cluster.verb(("kube " + verb).split(" "))).expect(code), said);
  }

  @Test
  void theLauncherExitsWithTheCodeOfTheVerb() throws Exception {
    piecework.with("KUBECONFIG", cluster.kubeconfig().toString());
    assertOneClearLine(
        piecework.run("kube", "describe", "jib2").expect(2),
        "there is no Job 'jib2' in namespace 'bags'");
  }

  @Test
  void whichVerbOnWhichResourceIsNotPermitted() throws Exception {
    cluster
        .front()
        .refuse(
            "^(PATCH|POST) /apis/batch/v1/",
            403,
            "jobs.batch is forbidden: User \"bob\" cannot patch resource \"jobs\" in API group"
                + " \"batch\" in the namespace \"bags\"");
    var ended = submit();
    assertThat(ended.expect(2).err())
        .contains("no permission: user 'bob' may not patch jobs.batch in namespace 'bags'")
        .doesNotContain("Exception");
    cluster.front().refuseNothing();
    cluster.front().refuse("/", 401, "Unauthorized");
    assertOneClearLine(submit().expect(2), "does not accept the credentials", "log in again");
  }

  /**
   * The client library only breaks the connection when a port-forward is refused: Redis was then
   * tried for ten minutes, and nobody said why.
   */
  @ParameterizedTest
  @ValueSource(ints = {403, 405})
  void thatAPortForwardIsNotLetThroughIsSaidAtOnce(int code) throws Exception {
    cluster.front().refuse("^GET .*/portforward", code, "no web sockets here");
    var ended = submit().expect(2);
    assertThat(ended.err())
        .contains("port-forward to pod job2-redis-0 failed: ", "(403)".repeat(code == 403 ? 1 : 0))
        .doesNotContain("trying for", "Connection reset", "Exception");
  }

  /** Before anything is made for it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|there is no Service 'redis' in namespace 'bags' with pods behind it",
        "--with-redis --shape stream --keda|--keda: this cluster has no KEDA",
        "--with-redis --kueue-queue main|--kueue-queue: this cluster has no Kueue",
      })
  void whatTheClusterLacksIsSaidInOneLine(@Nullable String options, String said) throws Exception {
    // The mock knows every group that it is asked for by name.
    cluster.front().refuse("^GET /apis/kueue", 404, "the server could not find it");
    List<String> words =
        new ArrayList<>(List.of("kube", "submit", "-q", "job2", "-n", "bags", "--image", "i:1"));
    if (options != null) {
      words.addAll(List.of(options.split(" ")));
    }
    words.addAll(List.of("--", "true"));
    var ended = piecework.here(cluster.verb(words.toArray(String[]::new))).expect(2);
    assertThat(ended.err()).contains(said).doesNotContain("Exception");
    var accounts = cluster.client().serviceAccounts().inNamespace(MockCluster.NAMESPACE);
    assertThat(accounts.list().getItems()).isEmpty();
  }

  private String[] words() {
    String first = "kube submit --with-redis -q job2 --image i:1 --from ";
    return (first + piecework.file("in.txt") + " -- true").split(" ");
  }

  /** Ends by itself. */
  private Piecework.Ended submit() throws Exception {
    return piecework.here(cluster.verb(words()));
  }

  private Piecework.Started following() throws Exception {
    piecework.with("KUBECONFIG", cluster.kubeconfig().toString());
    return piecework.start(words());
  }

  private static String interrupted(Piecework.Started submit) throws Exception {
    submit.signal("INT");
    return submit.end().expect(130).err();
  }

  private void submitUntil(String said) throws Exception {
    var submit = following();
    submit.awaitErr(said);
    interrupted(submit);
  }

  private void status(Pod pod, PodBuilder changed) {
    cluster
        .client()
        .pods()
        .inNamespace(MockCluster.NAMESPACE)
        .withName(pod.getMetadata().getName())
        .editStatus(there -> changed.build());
  }

  private boolean waits(Pod pod, String reason, String message) {
    status(
        pod,
        new PodBuilder(pod)
            .editStatus()
            .withContainerStatuses(
                new ContainerStatusBuilder()
                    .withName("worker")
                    .withImage("i:1")
                    .withNewState()
                    .withNewWaiting(message, reason)
                    .endState()
                    .build())
            .endStatus());
    return true;
  }

  @Test
  void anImageThatCannotBePulledIsSaid() throws Exception {
    cluster
        .controller()
        .script(pod -> waits(pod, "ImagePullBackOff", "Back-off pulling image \"i:1\""));
    var submit = following();
    submit.awaitErr("pod job2-0: ImagePullBackOff of i:1: Back-off pulling image");
    var pods = cluster.client().pods().inNamespace(MockCluster.NAMESPACE);
    waits(pods.withName("job2-0").get(), "CrashLoopBackOff", "back-off 10s restarting");
    submit.awaitErr("pod job2-0: CrashLoopBackOff"); // it has looked once more
    assertThat(interrupted(submit)).containsOnlyOnce("ImagePullBackOff of");
  }

  @Test
  void aPodThatFitsNowhereIsSaid() throws Exception {
    cluster
        .controller()
        .script(pod -> {
          status(
              pod,
              new PodBuilder(pod)
                  .editStatus()
                  .addNewCondition()
                  .withType("PodScheduled")
                  .withStatus("False")
                  .withReason("Unschedulable")
                  .withMessage("0/1 nodes are available: 1 Insufficient memory.")
                  .endCondition()
                  .endStatus());
          return true;
        });
    submitUntil("pod job2-0 fits on no node (Unschedulable): 0/1 nodes are available");
  }

  @Test
  void aQuotaIsSaid() throws Exception {
    cluster.controller().ignoreJobs();
    cluster
        .client()
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName("job2.1")
                .withNamespace(MockCluster.NAMESPACE)
                .endMetadata()
                .withType("Warning")
                .withReason("FailedCreate")
                .withMessage(
                    "Error creating: pods \"job2-x\" is forbidden: exceeded quota: compute,"
                        + " requested: cpu=250m, used: cpu=2, limited: cpu=2")
                .withNewInvolvedObject()
                .withKind("Job")
                .withName("job2")
                .withNamespace(MockCluster.NAMESPACE)
                .endInvolvedObject()
                .build())
        .create();
    submitUntil(
        "job job2: FailedCreate: Error creating: pods \"job2-x\" is forbidden: exceeded quota");
  }

  @Test
  void whatIsKilledForWantOfMemoryIsSaid() throws Exception {
    cluster
        .controller()
        .script(pod -> {
          status(
              pod,
              new PodBuilder(pod)
                  .editStatus()
                  .withContainerStatuses(
                      new ContainerStatusBuilder()
                          .withName("worker")
                          .withNewState()
                          .withNewTerminated()
                          .withExitCode(137)
                          .withReason("OOMKilled")
                          .endTerminated()
                          .endState()
                          .build())
                  .endStatus());
          return true;
        });
    submitUntil("pod job2-0 was killed for want of memory (OOMKilled): give it more with");
  }
}
