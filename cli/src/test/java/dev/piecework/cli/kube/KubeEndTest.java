package dev.piecework.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueState;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.kubernetes.cluster.WorkloadView;
import dev.piecework.kubernetes.cluster.WorkloadView.End;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a Job and its queue together mean. */
class KubeEndTest {

  private static final QueueState DONE = new QueueState.Drained("r", 10, 0);
  private static final QueueState SOME_DEAD = new QueueState.Drained("r", 9, 1);
  private static final QueueState READY = new QueueState.Ready();
  private static final End FAILED = new End.Failed("BackoffLimitExceeded", "too often");

  private static WorkloadView view(
      String kind, @Nullable Integer completions, int succeeded, End end) {
    return new WorkloadView(
        kind,
        "job2",
        "uid",
        Map.of(),
        Map.of(),
        new WorkloadView.Wish(completions, 3, false),
        new WorkloadView.Pods(3, 3, succeeded, 0),
        end,
        new WorkloadView.Worker("worker", "i:1", List.of(), null));
  }

  private static WorkloadView job(End end) {
    return view("Job", 3, 0, end);
  }

  private static @Nullable KubeEnd end(
      @Nullable WorkloadView view, @Nullable QueueState state, int looks) {
    return KubeEnd.of("job2", view, state, true, looks);
  }

  private static ExitCode code(@Nullable WorkloadView view, @Nullable QueueState state, int looks) {
    return Objects.requireNonNull(end(view, state, looks)).code();
  }

  @Test
  void bothHaveToBeOver() {
    assertThat(end(job(new End.NotYet()), DONE, 0)).isNull();
    assertThat(code(job(new End.Complete()), DONE, 1)).isEqualTo(ExitCode.DONE);
    assertThat(code(job(new End.Complete()), SOME_DEAD, 1)).isEqualTo(ExitCode.SOME_DEAD);
  }

  @Test
  void aCompleteJobIsNoSuccessWhileItemsWait() {
    assertThat(end(job(new End.Complete()), READY, 1)).isNull();
    assertThat(code(job(new End.Complete()), READY, KubeEnd.LOOKS)).isEqualTo(ExitCode.RUN_LOST);
    assertThat(code(job(new End.Complete()), null, KubeEnd.LOOKS)).isEqualTo(ExitCode.RUN_LOST);
  }

  @Test
  void aFailedJobIsSixUnlessTheQueueSaysMore() {
    assertThat(code(job(FAILED), READY, KubeEnd.LOOKS)).isEqualTo(ExitCode.JOB_FAILED);
    assertThat(code(job(FAILED), DONE, 1)).isEqualTo(ExitCode.JOB_FAILED);
    assertThat(code(job(FAILED), SOME_DEAD, 1)).isEqualTo(ExitCode.SOME_DEAD);
    assertThat(code(job(FAILED), new QueueState.Lost("gone"), 1)).isEqualTo(ExitCode.RUN_LOST);
  }

  @Test
  void aJobThatIsGoneIsNoSuccessUnlessDrained() {
    assertThat(code(null, DONE, 1)).isEqualTo(ExitCode.DONE);
    assertThat(code(null, READY, KubeEnd.LOOKS)).isEqualTo(ExitCode.JOB_FAILED);
  }

  @Test
  void aLostRunIsNeverWaitedFor() {
    assertThat(code(job(new End.NotYet()), new QueueState.Lost("gone"), 0))
        .isEqualTo(ExitCode.RUN_LOST);
    QueueState incomplete = new QueueState.Incomplete(List.of("in.txt"));
    assertThat(code(job(new End.NotYet()), incomplete, 0)).isEqualTo(ExitCode.RUN_LOST);
    assertThat(KubeEnd.of("job2", job(new End.NotYet()), incomplete, false, 0)).isNull();
  }

  @Test
  void aStreamEndsForWhoFilledItWhenThatIsDone() {
    WorkloadView stream = view("Deployment", null, 0, new End.NotYet());
    assertThat(code(stream, DONE, 0)).isEqualTo(ExitCode.DONE);
    assertThat(KubeEnd.of("job2", stream, DONE, false, 0)).isNull();
  }

  @Test
  void scalingSaysWhatWillComeOfIt() {
    End running = new End.NotYet();
    assertThat(KubeScaleVerb.said(view("Job", 3, 1, running), 2)).doesNotContain("but");
    assertThat(KubeScaleVerb.said(view("Job", 3, 1, running), 5))
        .contains("leave room for 2 at once");
    assertThat(KubeScaleVerb.said(view("Job", null, 0, running), 5)).doesNotContain("but");
    assertThat(KubeScaleVerb.said(view("Job", null, 1, running), 5)).contains("starts no more");
  }

  @Test
  void aHostOfTheNamespaceIsAService() {
    assertThat(KubeRedis.service("redis", "bags")).isEqualTo("redis");
    assertThat(KubeRedis.service("redis.bags.svc.cluster.local", "bags")).isEqualTo("redis");
    assertThat(KubeRedis.service("redis.other", "bags")).isNull();
    assertThat(KubeRedis.service("cache.example.com", "bags")).isNull();
    assertThat(KubeRedis.service("10.0.0.7", "bags")).isNull();
  }
}
