package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
    assertThat(ended.err()).contains("drained: 300 done, 0 dead", "300 results");
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

  private static String[] batches(int count, String... more) {
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
                "--image",
                "i:1",
                "--from",
                "in.txt",
                "--batch",
                String.valueOf(count)));
    words.addAll(List.of(more));
    words.addAll(List.of("--", "printf", "%s\\n", "{}"));
    return words.toArray(String[]::new);
  }

  @Test
  void aSubmitThatIsKilledAnywhereGoesOnWhereItWas() throws Exception {
    int count = 60_000;
    piecework.write("in.txt", numbers(count));
    String[] submit = batches(200, "--results", "out.jsonl");
    var first = piecework.start(submit);
    await().atMost(Piecework.PATIENCE).until(() -> cluster.redis("job2-redis") != null);
    first.signal("KILL"); // before or as it fills
    String password = cluster.secret("job2-redis", "password");
    var second = piecework.start(submit);
    second.awaitErr("Job 'job2' in namespace");
    second.signal("KILL"); // with the Job just made
    var other = piecework.run(batches(77)).expect(2);
    assertThat(other.err()).contains("is there already and runs something else");
    var ended = piecework.run(submit).expect(0);
    assertThat(ended.err()).contains("drained: 60,000 done, 0 dead");
    assertThat(cluster.secret("job2-redis", "password")).isEqualTo(password);
    assertThat(ids("out.jsonl")).hasSize(count).doesNotHaveDuplicates();
  }

  private List<String> ids(String file) throws Exception {
    try (var lines = Files.lines(piecework.file(file))) {
      return lines.map(line -> line.replaceAll(".*\"id\":\"(\\d+)\".*", "$1")).toList();
    }
  }

  @Test
  void aPodThatIsDeletedIsReplacedAndNothingIsLost() throws Exception {
    piecework.write("in.txt", numbers(400));
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
            "in.txt",
            "--slots",
            "1",
            "--sh",
            "sleep 0.03");
    submit.awaitErr("Job 'job2' in namespace");
    var pods = cluster.client().pods().inNamespace(MockCluster.NAMESPACE);
    await()
        .atMost(Piecework.PATIENCE)
        .until(
            () -> piecework.run("kube", "describe", "job2", "-o", "json").out(),
            out -> out.matches("(?s).*\"done\":[1-9].*"));
    pods.withName("job2-0").delete();
    cluster.front().breakForwards();
    submit.signal("INT");
    var detached = submit.end();
    assertThat(detached.code()).isEqualTo(130);
    assertThat(detached.err()).contains("piecework kube attach job2");
    var late = piecework.run("kube", "attach", "job2", "--time-limit", "1s").expect(5);
    assertThat(late.err()).contains("time limit of 1s passed");
    var attached = piecework.run("kube", "attach", "job2", "--logs").expect(0);
    assertThat(attached.err()).contains("drained: 400 done, 0 dead", "job2-2: piecework: working");
    var logs = piecework.run("kube", "logs", "job2").expect(0);
    assertThat(logs.out()).contains("job2-1: piecework: ", "job2-2: piecework: ");
  }

  @Test
  void redisDiesUnderItAndComesBack() throws Exception {
    piecework.write("in.txt", numbers(300));
    var submit = piecework.start(submitSlow("pool"));
    submit.awaitErr("Job 'job2' in namespace");
    cluster.redis("job2-redis").restart();
    assertThat(submit.end().expect(0).err()).contains("drained: 300 done, 0 dead");
  }

  @Test
  void aRedisThatComesBackEmptyIsNoSuccess() throws Exception {
    piecework.write("in.txt", numbers(300));
    var submit = piecework.start(submitSlow("pool"));
    submit.awaitErr("Job 'job2' in namespace");
    cluster.redis("job2-redis").restartEmpty();
    assertThat(submit.end().expect(3).err()).contains("its data was lost");
    // Nor is it for who comes later.
    piecework.run(submitSlow("pool")).expect(3);
  }

  private static String[] submitSlow(String shape) {
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
      "in.txt",
      "--slots",
      "1",
      "--sh",
      "sleep 0.02"
    };
  }

  @Test
  void deadItemsAndAFailedJobHaveTheirCodes() throws Exception {
    piecework.write("in.txt", numbers(20));
    var dead =
        piecework.run(
            "kube",
            "submit",
            "--with-redis",
            "-q",
            "some",
            "--image",
            "i:1",
            "--from",
            "in.txt",
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
      "in.txt",
      "--",
      "no-such-command",
      "{}"
    };
    var failed = piecework.run(submit);
    assertThat(failed.expect(6).err())
        .contains(
            "the Job failed: PodFailurePolicy",
            "ended with exit code 2; its last words: ",
            "no-such-command");
    assertThat(piecework.run(submit).expect(6).err()).contains("has failed", "--resume");
    var resumed =
        piecework.run(
            "kube",
            "submit",
            "--with-redis",
            "-q",
            "job2",
            "--image",
            "i:1",
            "--from",
            "in.txt",
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
}
