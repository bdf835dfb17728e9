package dev.piecework.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.BeforeEach;

/**
 * A bag on a Redis of several pods, from a laptop to a finished Job: what runs in the pods are real
 * processes with the command lines of the manifest, and are killed. Classes of few tests, which so
 * run beside one another.
 */
abstract class BagOnRedisPods extends KubeBag {

  private static final Duration LONG = Duration.ofMinutes(5);

  @BeforeEach
  void bePatient() {
    piecework.patient(Duration.ofMinutes(20));
  }

  /** One with so many items, and a last one that is there until {@link #go()}. */
  final String[] submit(int items, String kind, String number) throws IOException {
    piecework.write(INPUT, numbers(items) + "last\n");
    String first =
        "kube submit -q job2 -p 2 --slots 4 --image registry.example/job2:1 --with-redis ";
    String until = "until [ -e " + file("go") + " ]; do sleep 0.1; done";
    return words(
        first + kind + " " + number + " --from " + file(INPUT),
        List.of("--results", file(RESULTS)),
        "sleep 0.04; [ $1 != last ] || " + until);
  }

  final Piecework.Started started(String[] submit) throws Exception {
    var started = piecework.start(submit);
    started.awaitErr("Job 'job2' in namespace");
    return started;
  }

  /** The test has done all it wants to. */
  final void go() throws IOException {
    Files.createFile(piecework.file("go"));
  }

  /** When all of them are ready. */
  final RedisPods pods() throws IOException {
    await().atMost(LONG).until(() -> cluster.redisPods("job2-redis") != null);
    RedisPods pods = requireNonNull(cluster.redisPods("job2-redis"));
    awaitThat("all are ready", pods, pods::allReady);
    return pods;
  }

  static void awaitThat(String what, RedisPods pods, Callable<Boolean> condition)
      throws IOException {
    awaited(what, pods, condition, Boolean::booleanValue);
  }

  /** The first that is so. */
  private static <T> T awaited(String what, RedisPods pods, Callable<T> value, Predicate<T> isSo)
      throws IOException {
    try {
      return await(what).atMost(LONG).until(value, isSo);
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(late.getMessage() + "\n" + pods.logs(), late);
    }
  }

  /** What is written by now no failover undoes. */
  static void awaitCopies(RedisPods pods) throws IOException {
    List<Long> now = awaited("all answer", pods, pods::offsets, all -> !all.contains(-1L));
    awaitThat("replicas have what their masters have", pods, () -> pods.copied(now));
  }

  /** The pods that are masters, once there are so many: one may not answer just now. */
  static List<Integer> awaitMasters(RedisPods pods, int count) throws IOException {
    return awaited(
        count + " are masters", pods, () -> masters(pods), masters -> masters.size() == count);
  }

  static List<Integer> masters(RedisPods pods) {
    List<Integer> masters = new ArrayList<>();
    for (int i = 0; i < pods.count(); i++) {
      if (pods.ask(i, "role").startsWith("master")) {
        masters.add(i);
      }
    }
    return masters;
  }

  final void assertEachOnce(int items) throws Exception {
    assertThat(ids(RESULTS)).hasSize(items + 1).doesNotHaveDuplicates();
  }

  final void assertAllComeBackWithWhatTheyHad(String kind, String number) throws Exception {
    var submit = started(submit(200, kind, number));
    RedisPods pods = pods();
    for (int i = 0; i < pods.count(); i++) {
      pods.kill(i, false);
    }
    awaitThat("all are ready again", pods, pods::allReady);
    go();
    submit.end().expect(0);
    assertEachOnce(200);
  }
}
