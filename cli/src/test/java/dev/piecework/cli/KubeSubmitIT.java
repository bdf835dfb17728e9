package dev.piecework.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.cli.Piecework.Ended;
import dev.piecework.testkit.TestRedis;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a laptop to a finished Job: the real launcher, a real Redis, pods that are processes. */
class KubeSubmitIT {

  /** Long enough for a second pod to start before the first has done all. */
  private static final String COMMAND = "sleep 0.1; echo \"done $1\"";

  private static final String INPUT = "in.txt";
  private static final String RESULTS = "out.jsonl";

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

  /** In the JVM of the test. */
  private Ended here(String... words) throws Exception {
    return piecework.here(cluster.verb(words));
  }

  private String file(String name) {
    return piecework.file(name).toString();
  }

  private static String[] words(String first, List<String> more, String program) {
    return Stream.of(List.of(first.split(" ", -1)), more, List.of("--sh", program))
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  private String[] submit(String shape, String... more) {
    String first = "kube submit --with-redis -q job2 -p 2 --image registry.example/job2:1 --shape ";
    return words(first + shape + " --from " + file(INPUT), List.of(more), COMMAND);
  }

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

  /** As after {@code --ttl}, which takes the Job alone, and {@code delete --keep-redis}. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFinishedRunIsKnownFromItsQueueAndNotFromItsJob(boolean byTtl) throws Exception {
    piecework.write(INPUT, numbers(5));
    String[] submit = submit("pool", "--results", file(RESULTS));
    here(submit).expect(0);
    var job =
        cluster.client().batch().v1().jobs().inNamespace(MockCluster.NAMESPACE).withName("job2");
    if (byTtl) {
      job.delete();
    } else {
      here("kube", "delete", "job2", "--keep-redis").expect(0);
    }
    var again = here(submit).expect(0);
    assertThat(again.err())
        .contains("is finished already, and nothing was filled; --fresh", "drained: 5 done");
    assertThat(Files.readAllLines(piecework.file(RESULTS))).hasSize(5);
    assertThat(job.get()).isNull();
    if (byTtl) {
      piecework.write(INPUT, numbers(7));
      assertThat(here(submit).expect(0).err()).contains("drained: 7 done");
      assertThat(ids(RESULTS)).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7");
    } else {
      piecework.write(INPUT, "x\n" + numbers(5));
      assertThat(here(submit).expect(2).err()).contains("is finished, and the input", "--fresh");
      assertThat(here(submit("pool", "--as", "other")).expect(0).err()).contains("6 done");
    }
    job.delete();
    assertThat(here(submit("pool", "--fresh")).expect(0).err()).contains("dropped the queue with");
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

  private List<String> ids(String file) throws Exception {
    try (var lines = Files.lines(piecework.file(file))) {
      return lines.map(line -> line.replaceAll(".*\"id\":\"(\\d+)\".*", "$1")).toList();
    }
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

  @Test
  void deadItemsAndAFailedJobHaveTheirCodes() throws Exception {
    piecework.write(INPUT, numbers(20));
    var dead =
        here(
            "kube",
            "submit",
            "--with-redis",
            "-q",
            "some",
            "--image",
            "i:1",
            "--from",
            file(INPUT),
            "--sh",
            "test $1 != 7 || exit 65");
    assertThat(dead.expect(1).err()).contains("19 done, 1 dead");
    String[] submit = {
      "kube",
      "submit",
      "--with-redis",
      "-q",
      "job2",
      "--image",
      "i:1",
      "--from",
      file(INPUT),
      "--",
      "no-such-command",
      "{}"
    };
    var failed = here(submit);
    assertThat(failed.expect(6).err())
        .contains(
            "the Job failed: PodFailurePolicy",
            "ended with exit code 2; its last words: ",
            "no-such-command");
    assertThat(here(submit).expect(6).err()).contains("has failed", "--resume");
    var resumed =
        here(
            "kube",
            "submit",
            "--with-redis",
            "-q",
            "job2",
            "--image",
            "i:1",
            "--from",
            file(INPUT),
            "--resume",
            "--delete-on-exit",
            "--",
            "true",
            "{}");
    assertThat(resumed.expect(0).err()).contains("20 done, 0 dead", "deleted what was made");
    assertThat(cluster.client().secrets().inNamespace(MockCluster.NAMESPACE).list().getItems())
        .extracting(secret -> secret.getMetadata().getName())
        .containsExactly("some-redis");
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
