package dev.piecework.job.process;

import static dev.piecework.job.process.JobOnThisMachine.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of real processes. */
@Tag("slow")
final class JobRunTest {
  @TempDir Path state;

  @Test
  void workersThatSucceedCompleteIt() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(
            state, manifest("completions: 4, parallelism: 2", "Never", "echo done"));
    JobRun.Result result = job.finish();
    assertThat(result.isComplete()).isTrue();
    assertThat(result.state().counts().succeeded()).isEqualTo(4);
    assertThat(job.lines()).containsExactly("done", "done", "done", "done");
    try (var logs = Files.list(result.logs().folder())) {
      assertThat(logs).hasSize(4).allSatisfy(log -> assertThat(log).hasContent("done"));
    }
  }

  @Test
  void aFailureBeyondTheLimitFailsItAndEndsTheRest() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(
            state,
            manifest(
                "completions: 2, parallelism: 2, completionMode: Indexed, backoffLimit: 0",
                "Never",
                "[ $JOB_COMPLETION_INDEX = 0 ] || exit 3; sleep 600"));
    JobRun.Result result = job.finish();
    assertThat(result.isComplete()).isFalse();
    assertThat(result.state().counts().failed()).isEqualTo(2);
    assertThat(result.state().conditions())
        .extracting(c -> c.type() + " " + c.reason())
        .containsExactly("FailureTarget BackoffLimitExceeded", "Failed BackoffLimitExceeded");
  }

  @Test
  void aCrashedContainerBeginsAgainInItsPod() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(
            state,
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: j}
            spec:
              parallelism: 1
              template:
                spec:
                  restartPolicy: OnFailure
                  volumes: [{name: shared, emptyDir: {}}]
                  containers:
                  - name: worker
                    image: x
                    command: [sh, -c]
                    args:
                    - echo $HOSTNAME; touch $TMPDIR/mine; ls $TMPDIR/..;
                      [ -e /shared/been ] || { touch /shared/been; kill -9 $$$$; }
                    volumeMounts: [{name: shared, mountPath: /shared}]
            """);
    JobRun.Result result = job.finish();
    assertThat(result.isComplete()).isTrue();
    assertThat(result.state().counts().failed()).isZero();
    assertThat(result.events()).hasSize(2);
    String pod = job.lines().getFirst();
    assertThat(job.lines())
        .containsExactly(
            pod, "tmp-worker-0", "volumes", pod, "tmp-worker-0", "tmp-worker-1", "volumes");
  }

  @Test
  void theDeadlineEndsWhatIgnoresSigterm() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(
            state,
            manifest(
                "activeDeadlineSeconds: 5", // by then the shell has its trap
                "Never",
                "trap : TERM; echo $$; while :; do sleep 0.1; done"));
    JobRun.Result result = job.finish();
    assertThat(result.state().holding("Failed").orElseThrow().reason())
        .isEqualTo("DeadlineExceeded");
    assertThat(JobOnThisMachine.isRunning(job.lines().getFirst())).isFalse();
  }

  @Test
  void theEnvironmentIsWhatTheManifestSays() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(
            state,
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {COLOUR: red, app.conf: "a = 1\\n"}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: hidden}
            data: {password: czNjcmV0JCg=}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: redis}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: {name: env}
            spec:
              completions: 1
              completionMode: Indexed
              template:
                metadata: {labels: {team: blue}}
                spec:
                  restartPolicy: Never
                  volumes:
                  - {name: conf, configMap: {name: settings}}
                  - {name: keys, secret: {secretName: hidden}}
                  containers:
                  - name: worker
                    image: x
                    command: [sh, -c]
                    args: ['echo "$(GREETING) $COLOUR $PASSWORD $TEAM $INDEX";
                            echo "$POD $NAMESPACE"; echo "$HOSTNAME default";
                            cat /etc/app/app.conf /keys/password; echo;
                            echo "$FAR $REDIS_SERVICE_HOST:$REDIS_SERVICE_PORT $(NONE) $$(GREETING)"']
                    envFrom: [{configMapRef: {name: settings}}]
                    env:
                    - {name: WHO, value: world}
                    - {name: GREETING, value: "hello, $(WHO)"}
                    - {name: PASSWORD, valueFrom: {secretKeyRef: {name: hidden, key: password}}}
                    - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    - {name: NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
                    - {name: TEAM, valueFrom: {fieldRef: {fieldPath: "metadata.labels['team']"}}}
                    - name: INDEX
                      valueFrom:
                        fieldRef:
                          fieldPath: metadata.annotations['batch.kubernetes.io/job-completion-index']
                    - {name: FAR, value: "redis://redis:6379/1"}
                    volumeMounts:
                    - {name: conf, mountPath: /etc/app}
                    - {name: keys, mountPath: /keys}
            """,
            "redis://:pw@127.0.0.1:7777");
    assertThat(job.finish().isComplete()).isTrue();
    List<String> lines = job.lines();
    assertThat(lines.getFirst()).isEqualTo("hello, world red s3cret$( blue 0");
    assertThat(lines.get(1)).isEqualTo(lines.get(2)).startsWith("env-0-");
    assertThat(lines.subList(3, 5)).containsExactly("a = 1", "s3cret$(");
    assertThat(lines.getLast()).startsWith("redis://:pw@127.0.0.1:7777/1 127.0.0.1:7777 ");
  }

  @Test
  void initContainersRunFirstAndASidecarAsLongAsThePod() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(
            state,
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: parts}
            spec:
              template:
                spec:
                  restartPolicy: Never
                  initContainers:
                  - {name: first, image: x, command: [sh, -c, "echo 1"]}
                  - {name: side, image: x, restartPolicy: Always,
                     command: [sh, -c, "trap '[ ! -e TRAPPED.over ] || echo bye; exit 0' TERM; touch TRAPPED;
                       while :; do sleep 0.05; done"]}
                  containers:
                  - {name: worker, image: x,
                     command: [sh, -c, "until [ -e TRAPPED ]; do sleep 0.05; done; echo 2;
                       touch TRAPPED.over"]}
            """
                .replace("TRAPPED", state.resolve("trapped").toString()));
    assertThat(job.finish().isComplete()).isTrue();
    // What two containers say at the same time comes in any order; bye is for one that came last.
    assertThat(job.lines()).startsWith("1").contains("2", "bye");
    assertThat(job.printed.getFirst()).matches("\\[parts-\\w{5}/first] 1");
  }

  @Test
  void aCommandThatIsNotThereIsAFailure() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(state, manifest("backoffLimit: 0", "Never", "exec /no/such/command"));
    assertThat(job.finish().state().counts().failed()).isEqualTo(1);
    assertThat(job.lines().getFirst()).contains("/no/such/command");
  }

  @Test
  void nothingOfAPodOutlivesIt() throws Exception {
    Path said = state.resolve("said");
    JobOnThisMachine job =
        new JobOnThisMachine(
            state,
            manifest(
                "",
                "Never",
                "sleep 600 & sh -c 'sleep 601 & echo $!'; echo $!;"
                    + " setsid sh -c 'echo $$; touch "
                    + said
                    + "; exec sleep 602' & until [ -e "
                    + said
                    + " ]; do sleep 0.05; done"));
    assertThat(job.finish().isComplete()).isTrue();
    assertThat(job.lines()).hasSize(3);
    for (String pid : job.lines()) {
      // Killed it is by now, which takes a moment.
      await().until(() -> !JobOnThisMachine.isRunning(pid));
    }
  }

  @Test
  void parallelismChangesWhileItRuns() throws Exception {
    Path gate = state.resolve("gate");
    JobOnThisMachine job =
        new JobOnThisMachine(
                state,
                manifest(
                    "completions: 3, parallelism: 1",
                    "Never",
                    "echo up; while [ ! -e " + gate + " ]; do sleep 0.05; done"))
            .start();
    await().atMost(60, TimeUnit.SECONDS).until(() -> job.printed.size() == 1);
    assertThat(JobControl.running(state)).containsExactly("j");
    assertThat(JobControl.send(state, "j", new JobChange.Parallelism(3))).isTrue();
    await().atMost(60, TimeUnit.SECONDS).until(() -> job.printed.size() == 3);
    Files.createFile(gate);
    assertThat(job.result().isComplete()).isTrue();
    assertThat(JobControl.send(state, "j", new JobChange.Parallelism(3))).isFalse();
    assertThat(JobControl.running(state)).isEmpty();
  }

  @Test
  void aSuspendedJobWaitsForItsResume() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(state, manifest("suspend: true", "Never", "echo up")).start();
    await().atMost(60, TimeUnit.SECONDS).until(() -> !JobControl.running(state).isEmpty());
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> JobControl.send(state, "j", new JobChange.Suspend(false)));
    assertThat(job.result().events())
        .extracting(e -> e.reason())
        .containsExactly("Suspended", "SuccessfulCreate", "Resumed", "Completed");
    assertThat(job.notices)
        .containsExactly(
            "Job j is suspended: no pod begins until 'piecework scale j --resume'",
            "changed: suspend false");
  }

  /** Guards against: a Job that waits without a word. */
  @Test
  void aJobOfNoParallelismSaysWhatItWaitsFor() throws Exception {
    String waits = "Job j has parallelism 0: no pod begins until 'piecework scale j N'";
    JobOnThisMachine job =
        new JobOnThisMachine(
                state, manifest("parallelism: 0, completions: 2", "Never", "echo up; sleep 600"))
            .start();
    await().atMost(20, TimeUnit.SECONDS).until(() -> job.notices.contains(waits));
    assertThat(JobControl.send(state, "j", new JobChange.Parallelism(1))).isTrue();
    await().atMost(20, TimeUnit.SECONDS).until(() -> job.printed.size() == 1);
    assertThat(JobControl.send(state, "j", new JobChange.Parallelism(0))).isTrue();
    await().atMost(20, TimeUnit.SECONDS).until(() -> job.notices.size() == 4);
    job.run.stop();
    assertThat(job.result().stopped()).isTrue();
    assertThat(job.notices)
        .containsExactly(waits, "changed: parallelism 1", "changed: parallelism 0", waits);
  }

  @Test
  void aJobOfNoParallelismThatNeedsNoPodIsComplete() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(state, manifest("parallelism: 0, completions: 0", "Never", "true"));
    assertThat(job.finish().isComplete()).isTrue();
    assertThat(job.notices).isEmpty();
  }

  /** Guards against: the name of a folder that is gone. */
  @Test
  void whatIsLeftOfTheLogsIsTold() throws Exception {
    JobRun.Logs logs =
        new JobOnThisMachine(state, manifest("ttlSecondsAfterFinished: 0", "Never", "echo up"))
            .finish()
            .logs();
    assertThat(logs.kept()).isFalse();
    assertThat(logs.folder()).doesNotExist();
    logs =
        new JobOnThisMachine(state, manifest("ttlSecondsAfterFinished: 99", "Never", "echo up"))
            .finish()
            .logs();
    assertThat(logs.kept()).isTrue();
    assertThat(logs.expiry()).isAfter(InstantSource.system().instant());
    logs = new JobOnThisMachine(state, manifest("", "Never", "echo up")).finish().logs();
    assertThat(logs).isEqualTo(new JobRun.Logs(logs.folder(), null, true));
  }

  @Test
  void stoppedItEndsItsPodsGracefullyAndAskedTwiceAtOnce() throws Exception {
    JobOnThisMachine job =
        new JobOnThisMachine(
                state,
                manifest(
                        "parallelism: 1",
                        "OnFailure",
                        "trap 'echo asked' TERM; echo up; while :; do sleep 0.05; done")
                    .replace("Seconds: 2", "Seconds: 600"))
            .start();
    await().atMost(60, TimeUnit.SECONDS).until(() -> job.printed.size() == 1);
    job.run.stop();
    await().atMost(60, TimeUnit.SECONDS).until(() -> job.lines().contains("asked"));
    job.run.stop();
    JobRun.Result result = job.result();
    assertThat(result.stopped()).isTrue();
    assertThat(result.state().isFinished()).isFalse();
    assertThat(result.state().counts().active()).isZero();
    assertThat(job.lines()).startsWith("up");
  }

  @Test
  void twoOfOneNameDoNotRunAtOnce() throws Exception {
    JobOnThisMachine first =
        new JobOnThisMachine(state, manifest("", "Never", "echo up; sleep 600")).start();
    await().atMost(60, TimeUnit.SECONDS).until(() -> first.printed.size() == 1);
    JobOnThisMachine second = new JobOnThisMachine(state, manifest("", "Never", "true"));
    assertThat(second.run.run()).isEmpty();
    first.run.stop();
    assertThat(first.result().stopped()).isTrue();
  }

  @Test
  void variablesExpandAsInKubernetes() {
    Map<String, String> known = Map.of("A", "1", "B", "$(A)");
    assertThat(Expansion.of("$(A) $(B) $(C) $$(A) $A $( $", known))
        .isEqualTo("1 $(A) $(C) $(A) $A $( $");
  }
}
