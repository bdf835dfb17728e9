package dev.piecework.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.TestRedis;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bag of each kind, submitted, done and described. */
class KubeSubmitIT extends KubeBag {

  @ParameterizedTest
  @ValueSource(strings = {"pool", "queue"})
  void aBagIsDoneOnACluster(String shape) throws Exception {
    piecework.write(INPUT, numbers(100));
    var ended = piecework.run(submit(shape, "--results", file(RESULTS))).expect(0);
    assertThat(ended.err()).contains("drained: 100 done, 0 dead", "100 results");
    assertThat(Files.readAllLines(piecework.file(RESULTS))).hasSize(100);
    var described = here("kube", "describe", "job2").expect(0);
    assertThat(described.out())
        .contains("Name:", "Parallelism:", "Pods Statuses:", "2 Succeeded", "job2: drained")
        .contains("--run", "--expect");
    var again = here(submit(shape, "--results", file(RESULTS))).expect(0);
    assertThat(again.err()).contains("is Complete already");
    assertThat(Files.readAllLines(piecework.file(RESULTS))).hasSize(100);
    var deleted = here("kube", "delete", "job2").expect(0);
    assertThat(deleted.err()).contains("jobs.batch/job2 deleted", "statefulsets.apps/job2-redis");
    var gone = here("kube", "delete", "job2").expect(2);
    assertThat(gone.err()).contains("nothing in namespace 'bags' was made under the name 'job2'");
  }

  /** Results are taken out of each partition; the run is known by those of all. */
  @Test
  void aBagInPartitionsIsDoneAndItsFinishedRunIsKnown() throws Exception {
    piecework.write(INPUT, numbers(40));
    String[] submit = submit("pool", "--partitions", "3", "--results", file(RESULTS));
    assertThat(here(submit).expect(0).err()).contains("drained: 40 done, 0 dead", "40 results");
    assertThat(Files.readString(piecework.file(RESULTS)))
        .contains("\"id\":\"0-1\"", "\"id\":\"2-13\"");
    cluster
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(MockCluster.NAMESPACE)
        .withName("job2")
        .delete();
    assertThat(here(submit).expect(0).err()).contains("is finished already", "40 done");
    var other = here(submit("pool", "--partitions", "4", "--results", file(RESULTS))).expect(2);
    assertThat(other.err()).contains("queue 'job2' has 3 partitions, not 4");
    assertThat(Files.readAllLines(piecework.file(RESULTS))).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void aJobThatSomebodyWroteIsFilledFirstAndFollowed() throws Exception {
    try (TestRedis redis = TestRedis.started()) {
      cluster.addRedisService("redis", redis.port());
      cluster.controller().redisOfOthers(redis.uri());
      piecework.write(INPUT, numbers(50));
      piecework.write(
          "job.yaml",
          """
          apiVersion: batch/v1
          kind: Job
          metadata: {name: job-wq-2}
          spec:
            parallelism: 2
            template:
              metadata: {name: job-wq-2}
              spec:
                restartPolicy: OnFailure
                containers:
                - name: c
                  image: mine:1
                  args: [work, job2, --sh, 'echo "$1"']
          """);
      String[] submit = {"kube", "submit", "-f", file("job.yaml"), "--from", file(INPUT)};
      assertThat(here(submit).expect(0).err()).contains("drained: 50 done, 0 dead");
      assertThat(here(submit).expect(0).err()).contains("is Complete already");
      var described = here("kube", "describe", "job-wq-2", "-o", "json").expect(0);
      assertThat(described.lines()).hasSize(1);
      assertThat(described.out())
          .contains("\"kind\":\"Job\"", "\"queue\":{\"queue\":\"job2\"", "\"done\":50");
    }
  }

  @Test
  void aStreamIsFilledScaledAndLeftWithItsRedis() throws Exception {
    piecework.write(INPUT, numbers(50));
    var submit =
        piecework.start(
            "kube",
            "submit",
            "--with-redis",
            "-q",
            "job2",
            "--shape",
            "stream",
            "--image",
            "i:1",
            "--metrics",
            "--from",
            file(INPUT),
            "--",
            "true");
    submit.awaitErr("this cluster has no Prometheus operator");
    submit.awaitErr("Deployment 'job2' in namespace");
    piecework.with("REDIS_URL", requireNonNull(cluster.redis("job2-redis")).uri());
    var worker = piecework.start("work", "job2", "--forever", "--", "true");
    assertThat(submit.end().expect(0).err()).contains("drained: 50 done, 0 dead");
    piecework.write("more.txt", numbers(5));
    String same = "kube submit --with-redis -q job2 --shape stream --image i:1 --metrics --from ";
    String[] more = (same + file("more.txt") + " -- true").split(" ");
    assertThat(here(more).expect(0).err()).contains("drained: 5 done");
    assertThat(here(more).expect(0).err()).contains("drained: 5 done");
    worker.signal("TERM");
    assertThat(worker.end().code()).isEqualTo(143);
    assertThat(here("kube", "scale", "job2", "3").expect(0).err())
        .contains("Deployment 'job2': 3 pods, 1 before");
    var deployments = cluster.client().apps().deployments().inNamespace(MockCluster.NAMESPACE);
    assertThat(deployments.withName("job2").get().getSpec().getReplicas()).isEqualTo(3);
    assertThat(here("kube", "delete", "job2", "--keep-redis").expect(0).err())
        .contains("deployments.apps/job2 deleted")
        .doesNotContain("redis");
    assertThat(cluster.secret("job2-redis", "password")).isNotEmpty();
  }
}
