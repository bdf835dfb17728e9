package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is submitted again when it is finished, or has failed. */
class KubeSubmitAgainIT extends KubeBag {

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
}
