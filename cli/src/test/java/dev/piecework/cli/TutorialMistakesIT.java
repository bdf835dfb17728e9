package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the code of the Kubernetes tutorial does wrong, each by its name: the three that are about
 * the process of a worker. The others are the queue's.
 */
class TutorialMistakesIT {

  private static final String HELD =
      "echo $1 >> held; while [ ! -e go ]; do sleep 0.05; done; echo did $1";

  @RegisterExtension final Piecework piecework = new Piecework();

  private void awaitHeld() {
    await().atMost(Piecework.TIMEOUT).until(() -> Files.exists(piecework.file("held")));
  }

  /**
   * The Job controller takes the first exit 0 for the Job's success and replaces nobody from then
   * on. So an idle worker must not exit 0 while another still holds an item: when that one fails,
   * the idle one is who does the item.
   */
  @Test
  void aPodFailingAfterASiblingsSuccessIsIgnoredByTheJobController() throws Exception {
    piecework.here("fill", "job2", "apple", "--lapse", "1s").expect(0);
    Piecework.Started fails = piecework.startInGroup("work", "job2", "--slots", "1", "--sh", HELD);
    awaitHeld();
    Piecework.Started idle = piecework.start("work", "job2", "--slots", "1", "--", "echo", "late");
    idle.awaitErr("waiting for");

    fails.signalGroup("KILL");

    idle.end().expect(0);
    assertThat(piecework.here("results", "job2", "-o", "raw").expect(0).lines())
        .containsExactly("late apple");
  }

  @Test
  void anExceptionKillsTheWorker() throws Exception {
    piecework.here("fill", "job2", "bad", "good", "--attempts", "1").expect(0);

    piecework
        .run("work", "job2", "--slots", "1", "--sh", "test $1 = good && echo did $1")
        .expect(0);

    assertThat(piecework.here("results", "job2", "-o", "raw").expect(0).lines())
        .containsExactly("did good");
    assertThat(piecework.here("items", "job2", "--state", "dead").expect(0).out()).contains("bad");
  }

  /** Exit 0 would be taken for success; what is held goes back at once, not after a lapse. */
  @Test
  void noSigtermHandling() throws Exception {
    piecework.here("fill", "job2", "apple", "--lapse", "1h").expect(0);
    Piecework.Started told =
        piecework.start("work", "job2", "--slots", "1", "--grace", "0s", "--sh", HELD);
    awaitHeld();

    told.signal("TERM");

    told.end().expect(143);
    piecework.write("go", "");
    piecework.run("work", "job2", "--slots", "1", "--sh", HELD).expect(0);
    assertThat(piecework.here("results", "job2", "-o", "raw").expect(0).lines())
        .containsExactly("did apple");
  }
}
