package dev.piecework.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The client, a pod or Redis dies while a bag is done. */
class KubeSubmitFaultsIT extends KubeBag {

  private String[] batches(int count, String... more) {
    String first = "kube submit --with-redis -q job2 -p 2 --image i:1 --batch " + count;
    return words(
        first + " --from " + file(INPUT), List.of(more), "sleep 0.2; printf '%s\\n' \"$@\"");
  }

  @Test
  void aSubmitThatIsKilledAnywhereGoesOnWhereItWas() throws Exception {
    int count = 6_000;
    piecework.write(INPUT, numbers(count));
    String[] submit = batches(50, "--results", file(RESULTS));
    var first = piecework.start(submit);
    await().atMost(Piecework.TIMEOUT).until(() -> cluster.redis("job2-redis") != null);
    first.signal("KILL"); // before or as it fills
    String password = cluster.secret("job2-redis", "password");
    var second = piecework.start(submit);
    second.awaitErr("Job 'job2' in namespace");
    second.signal("KILL"); // with the Job just made
    var other = here(batches(77)).expect(2);
    assertThat(other.err()).contains("is there already and runs something else");
    var ended = here(submit).expect(0);
    assertThat(ended.err()).contains("drained: 6,000 done, 0 dead");
    assertThat(cluster.secret("job2-redis", "password")).isEqualTo(password);
    assertThat(ids(RESULTS)).hasSize(count).doesNotHaveDuplicates();
  }

  @Test
  void aPodThatIsDeletedIsReplacedAndNothingIsLost() throws Exception {
    piecework.write(INPUT, numbers(100));
    var submit =
        piecework.start(
            "kube",
            "submit",
            "--with-redis",
            "-q",
            "job2",
            "-p",
            "2",
            "--image",
            "i:1",
            "--from",
            file(INPUT),
            "--slots",
            "1",
            "--sh",
            "sleep 0.24");
    submit.awaitErr("Job 'job2' in namespace");
    awaitRunning("job2-0");
    awaitRunning("job2-1");
    var pods = cluster.client().pods().inNamespace(MockCluster.NAMESPACE);
    pods.withName("job2-0").delete();
    cluster.front().breakForwards();
    awaitRunning("job2-2");
    submit.signal("INT");
    var detached = submit.end();
    assertThat(detached.code()).isEqualTo(130);
    assertThat(detached.err()).contains("piecework kube attach job2");
    var late = here("kube", "attach", "job2", "--time-limit", "1s").expect(5);
    assertThat(late.err()).contains("time limit of 1s passed");
    var attached = here("kube", "attach", "job2", "--logs").expect(0);
    assertThat(attached.err()).contains("drained: 100 done, 0 dead", "job2-2: piecework: working");
    var logs = here("kube", "logs", "job2").expect(0);
    assertThat(logs.out()).contains("job2-1: piecework: ", "job2-2: piecework: ");
  }

  private void awaitRunning(String pod) {
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> {
          var there =
              cluster.client().pods().inNamespace(MockCluster.NAMESPACE).withName(pod).get();
          return there != null && "Running".equals(there.getStatus().getPhase());
        });
  }

  @Test
  void redisDiesUnderItAndComesBack() throws Exception {
    piecework.write(INPUT, numbers(60));
    var submit = piecework.start(submitSlow("pool"));
    submit.awaitErr("Job 'job2' in namespace");
    requireNonNull(cluster.redis("job2-redis")).restart();
    assertThat(submit.end().expect(0).err()).contains("drained: 60 done, 0 dead");
  }

  @Test
  void aRedisThatComesBackEmptyIsNoSuccess() throws Exception {
    piecework.write(INPUT, numbers(60));
    var submit = piecework.start(submitSlow("pool"));
    submit.awaitErr("Job 'job2' in namespace");
    requireNonNull(cluster.redis("job2-redis")).restartEmpty();
    assertThat(submit.end().expect(3).err()).contains("its data was lost");
    // Nor is it for who comes later.
    here(submitSlow("pool")).expect(3);
  }

  private String[] submitSlow(String shape) {
    return new String[] {
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
      "i:1",
      "--from",
      file(INPUT),
      "--slots",
      "1",
      "--sh",
      "sleep 0.2"
    };
  }
}
