package dev.piecework.cli.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueState;
import dev.piecework.cli.backend.WorkersView.End;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.verb.ExitCode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What workers and their queue together mean. */
class WorkersEndTest {

  private static final QueueState DONE = new QueueState.Drained("r", 10, 0);
  private static final QueueState SOME_DEAD = new QueueState.Drained("r", 9, 1);
  private static final QueueState READY = new QueueState.Ready();
  private static final End FAILED = new End.Failed("BackoffLimitExceeded", "too often");

  private static WorkersView view(
      String kind, @Nullable Integer completions, int succeeded, End end) {
    return new WorkersView(
        kind,
        "job2",
        kind.equals("Job"),
        new WorkersView.Wish(completions, 3, false),
        succeeded,
        end);
  }

  private static WorkersView job(End end) {
    return view("Job", 3, 0, end);
  }

  private static @Nullable WorkersEnd end(
      @Nullable WorkersView view, @Nullable QueueState state, int looks) {
    return end(view, state, true, looks);
  }

  private static @Nullable WorkersEnd end(
      @Nullable WorkersView view, @Nullable QueueState state, boolean filled, int looks) {
    return WorkersEnd.of(now -> Ends.sentence("job2", now), view, state, filled, looks);
  }

  private static ExitCode code(@Nullable WorkersView view, @Nullable QueueState state, int looks) {
    return Objects.requireNonNull(end(view, state, looks)).code();
  }

  @Test
  void bothHaveToBeOver() {
    assertThat(end(job(new End.NotYet()), DONE, 0)).isNull();
    assertThat(code(job(new End.Complete()), DONE, 1)).isEqualTo(ExitCode.DONE);
    assertThat(code(job(new End.Complete()), SOME_DEAD, 1)).isEqualTo(ExitCode.SOME_DEAD);
    // What is said of the queue is what whoever asked it knows, such as what its dead died of.
    WorkersEnd named =
        WorkersEnd.of(now -> "1 dead: bad", job(new End.Complete()), SOME_DEAD, true, 1);
    assertThat(Objects.requireNonNull(named).sentence()).isEqualTo("1 dead: bad");
  }

  @Test
  void aRunThatIsStoppedEarlyEndsItWhateverItsWorkersDo() {
    QueueState early = new QueueState.Paused(QueueState.Paused.STOPPED_EARLY + "all 30 failed");
    for (End how : List.of(new End.NotYet(), new End.Complete(), FAILED)) {
      assertThat(code(job(how), early, 0)).isEqualTo(ExitCode.PAUSED);
    }
    assertThat(Objects.requireNonNull(end(null, early, 0)).sentence())
        .startsWith("stopped early: all 30 failed")
        .contains("piecework resume job2");
    assertThat(end(job(new End.NotYet()), new QueueState.Paused("lunch"), 0)).isNull();
  }

  @Test
  void aCompleteJobIsNoSuccessWhileItemsWait() {
    assertThat(end(job(new End.Complete()), READY, 1)).isNull();
    assertThat(code(job(new End.Complete()), READY, WorkersEnd.LOOKS)).isEqualTo(ExitCode.RUN_LOST);
    assertThat(code(job(new End.Complete()), null, WorkersEnd.LOOKS)).isEqualTo(ExitCode.RUN_LOST);
  }

  @Test
  void aFailedJobIsSixUnlessTheQueueSaysMore() {
    assertThat(code(job(FAILED), READY, WorkersEnd.LOOKS)).isEqualTo(ExitCode.JOB_FAILED);
    assertThat(code(job(FAILED), DONE, 1)).isEqualTo(ExitCode.JOB_FAILED);
    assertThat(code(job(FAILED), SOME_DEAD, 1)).isEqualTo(ExitCode.SOME_DEAD);
    assertThat(code(job(FAILED), new QueueState.Lost("gone"), 1)).isEqualTo(ExitCode.RUN_LOST);
  }

  @Test
  void aJobThatIsGoneIsNoSuccessUnlessDrained() {
    assertThat(code(null, DONE, 1)).isEqualTo(ExitCode.DONE);
    assertThat(code(null, READY, WorkersEnd.LOOKS)).isEqualTo(ExitCode.JOB_FAILED);
  }

  @Test
  void aLostRunIsNeverWaitedFor() {
    assertThat(code(job(new End.NotYet()), new QueueState.Lost("gone"), 0))
        .isEqualTo(ExitCode.RUN_LOST);
    QueueState incomplete = new QueueState.Incomplete(List.of("in.txt"));
    assertThat(code(job(new End.NotYet()), incomplete, 0)).isEqualTo(ExitCode.RUN_LOST);
    assertThat(end(job(new End.NotYet()), incomplete, false, 0)).isNull();
  }

  @Test
  void aStreamEndsForWhoFilledItWhenThatIsDone() {
    WorkersView stream = view("Deployment", null, 0, new End.NotYet());
    assertThat(code(stream, DONE, 0)).isEqualTo(ExitCode.DONE);
    assertThat(end(stream, DONE, false, 0)).isNull();
  }

  @Test
  void scalingSaysWhatWillComeOfIt() {
    End running = new End.NotYet();
    assertThat(Scaling.said(view("Job", 3, 1, running), 2, "kube")).doesNotContain("but");
    assertThat(Scaling.said(view("Job", 3, 1, running), 5, "kube"))
        .contains("leave room for 2 at once");
    assertThat(Scaling.said(view("Job", null, 0, running), 5, "kube")).doesNotContain("but");
    assertThat(Scaling.said(view("Job", null, 1, running), 5, "kube")).contains("starts no more");
  }
}
