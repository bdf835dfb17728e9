package dev.piecework.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** {@code run -f}: the distribution with real pods, some of them killed. */
class JobIT {

  /** How many moments of a kill are tried; all hundred take some minutes. */
  private static final int MOMENTS = Integer.getInteger("piecework.moments", 4);

  private static final int ITEMS = 12;

  @RegisterExtension final Piecework piecework = new Piecework();

  private Path tutorial() throws IOException {
    piecework.write("worker.sh", "#!/bin/sh\necho $1 >>begun\nsleep 0.1\necho Working on $1\n");
    assertThat(piecework.file("worker.sh").toFile().setExecutable(true)).isTrue();
    return piecework.write(
        "job.yaml",
        """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: job-wq-2
        spec:
          parallelism: 2
          template:
            metadata:
              name: job-wq-2
            spec:
              containers:
              - name: c
                image: gcr.io/myproject/job-wq-2
                command: ["sh", "-c", "exec $PIECEWORK work job2 --slots 1 -- ./worker.sh {}"]
              restartPolicy: OnFailure
        """);
  }

  private Path plain(String spec, String script) throws IOException {
    return piecework.write(
        "job.yaml",
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: plain}
        spec:
        %s  template:
            spec:
              restartPolicy: Never
              containers:
              - name: worker
                image: busybox
                env: [{name: REDIS_URL, value: unused}]
                command: [sh, -c, '%s']
        """
            .formatted(spec, script));
  }

  @Test
  void theTutorialsJobRunsAsItStands() throws Exception {
    Path manifest = tutorial();
    var redis = piecework.start("redis");
    redis.awaitOut("\n");
    String[] fruits = {
      "apple", "banana", "cherry", "date", "fig", "grape", "lemon", "melon", "orange"
    };
    try (Jedis jedis = new Jedis(redis.out().strip())) {
      jedis.rpush("job2", fruits);
    }

    var ended = piecework.run("run", "-f", manifest.toString()).expect(0);

    assertThat(ended.out())
        .contains("Completions:      <unset>")
        .contains("Pods Statuses:    0 Active (0 Ready) / 2 Succeeded / 0 Failed")
        .containsPattern("Normal  Completed +\\d+s +job-controller  Job completed");
    assertThat(piecework.here("status", "job2").expect(0).out()).contains("9 done, 0 dead");
    Map<String, List<String>> byPod =
        piecework.here("results", "job2", "-o", "jsonl").expect(0).lines().stream()
            .collect(
                Collectors.groupingBy(
                    line -> line.replaceAll(".*\"worker\":\"([^\"]*)\".*", "$1")));
    assertThat(byPod.keySet()).allMatch(pod -> pod.startsWith("job-wq-2-"));
    assertThat(byPod.values()).anySatisfy(items -> assertThat(items).hasSizeGreaterThan(1));
  }

  static List<Integer> moments() {
    return IntStream.range(0, MOMENTS).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("moments")
  void aWorkerKilledMidItemCostsNoItem(int moment) throws Exception {
    Path manifest = tutorial();
    // The last item waits for the kill, so that there are workers, however late it comes.
    piecework.write(
        "worker.sh",
        Files.readString(piecework.file("worker.sh"))
            + "[ $1 != item%d ] || until [ -e go ]; do sleep 0.05; done\n".formatted(ITEMS - 1));
    List<String> fill = new ArrayList<>(List.of("fill", "job2"));
    IntStream.range(0, ITEMS).forEach(i -> fill.add("item" + i));
    piecework.run(fill.toArray(new String[0])).expect(0);
    int after = new Random(moment).nextInt(ITEMS - 1);

    var job = piecework.start("run", "-f", manifest.toString());
    await().atMost(Piecework.TIMEOUT).until(() -> begun() > after);
    kill(new Random(moment), job);
    piecework.write("go", "");

    var ended = job.end().expect(0);
    assertThat(ended.out()).contains("2 Succeeded / 0 Failed");
    List<String> results = piecework.here("results", "job2", "-o", "jsonl").expect(0).lines();
    assertThat(results).hasSize(ITEMS);
    Set<String> ids = new HashSet<>();
    results.forEach(line -> assertThat(ids.add(line.replaceFirst(".*\"payload\":", ""))).isTrue());
  }

  private long begun() throws IOException {
    Path begun = piecework.file("begun");
    return Files.exists(begun) ? Files.readAllLines(begun).size() : 0;
  }

  private static void kill(Random random, Piecework.Started job) {
    List<ProcessHandle> workers =
        ProcessHandle.of(job.pid())
            .orElseThrow()
            .descendants()
            .filter(p -> words(p).contains("\0work\0job2\0"))
            .toList();
    assertThat(workers).isNotEmpty();
    workers.get(random.nextInt(workers.size())).destroyForcibly();
  }

  /** All of them: what Java says of a process is cut after 4,096 characters. */
  private static String words(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  @Test
  void aJobThatFailsExitsSix() throws Exception {
    var ended =
        piecework.run("run", "-f", plain("  backoffLimit: 0\n", "exit 7").toString(), "-o", "json");

    assertThat(ended.expect(6).out()).contains("\"reason\" : \"BackoffLimitExceeded\"");
    assertThat(ended.err()).contains("Job has reached the specified backoff limit");
  }

  @Test
  void aWrongManifestExitsTwoWithALineForEachProblem() throws Exception {
    Path manifest = plain("  paralelism: 2\n", "true");

    var ended = piecework.run("run", "-f", manifest.toString()).expect(2);

    assertThat(ended.err())
        .isEqualTo(
            manifest
                + ":5: spec.paralelism: unknown field \"paralelism\"; did you mean"
                + " \"parallelism\"?\n");
  }

  @Test
  void aCronJobsTemplateIsRunOnceWhenAsked() throws Exception {
    Path manifest = plain("", "echo once");
    String job = Files.readString(manifest);
    piecework.write(
        "cron.yaml",
        job.substring(0, job.indexOf("spec:")).replace("kind: Job", "kind: CronJob")
            + "spec:\n  schedule: '* * * * *'\n  jobTemplate:\n"
            + job.substring(job.indexOf("spec:")).indent(4));

    assertThat(piecework.run("run", "-f", "cron.yaml").expect(2).err())
        .contains("cron.yaml:2: kind: CronJob plain", "--from-cronjob");
    assertThat(piecework.run("run", "-f", "cron.yaml", "--from-cronjob").expect(0).out())
        .contains("] once\n", "1 Succeeded");
    assertThat(piecework.run("run", "--from-cronjob", "--", "true").expect(2).err())
        .contains("--from-cronjob goes with -f JOB.YAML");
  }

  @Test
  void logsThatAreGoneAreNotNamed() throws Exception {
    Path manifest = plain("  ttlSecondsAfterFinished: 0\n", "echo said");

    assertThat(piecework.run("run", "-f", manifest.toString()).expect(0).err())
        .contains("logs: gone with the Job, as ttlSecondsAfterFinished says; --logs-dir DIR");
    var kept = piecework.run("run", "-f", manifest.toString(), "--logs-dir", "kept").expect(0);
    assertThat(kept.err()).contains("/kept\n");
    assertThat(piecework.file("kept")).isNotEmptyDirectory();
  }

  @Test
  void nothingRunsOnWhenTheLauncherIsKilled() throws Exception {
    Path manifest = plain("  parallelism: 2\n", "echo $$$$ >>pids; sleep 600 & wait");
    var job = piecework.start("run", "-f", manifest.toString());
    await().atMost(Piecework.TIMEOUT).until(() -> lines("pids").size() == 2);

    job.signal("KILL");

    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> lines("pids").stream().noneMatch(JobIT::isRunning));
    piecework.write("job.yaml", Files.readString(manifest).replace("sleep 600 & wait", "true"));
    assertThat(piecework.run("run", "-f", manifest.toString()).expect(0).err())
        .contains("the last run of Job plain was killed: cleaned up after it");
  }

  @Test
  void isScaledWhileItRunsAndInterruptedByCtrlC() throws Exception {
    Path manifest = plain("  parallelism: 1\n", "echo $$$$ >>pids; sleep 600");
    var job = piecework.start("run", "-f", manifest.toString());
    await().atMost(Piecework.TIMEOUT).until(() -> lines("pids").size() == 1);
    piecework.run("scale", "plain", "3").expect(0);
    await().atMost(Piecework.TIMEOUT).until(() -> lines("pids").size() == 3);

    job.signal("INT");

    assertThat(job.end().expect(130).out())
        .contains("Parallelism:      3", "0 Succeeded / 0 Failed");
    assertThat(lines("pids")).noneMatch(JobIT::isRunning);
    assertThat(piecework.run("scale", "plain", "1").expect(2).err())
        .contains("no Job named 'plain' runs on this machine");
  }

  private List<String> lines(String file) throws IOException {
    Path path = piecework.file(file);
    return Files.exists(path) ? Files.readAllLines(path) : List.of();
  }

  /** One that has ended and that nobody has waited for does not run. */
  private static boolean isRunning(String pid) {
    try {
      return !Files.readString(Path.of("/proc", pid, "stat")).matches("(?s).*\\) [ZX] .*");
    } catch (IOException gone) {
      return false;
    }
  }
}
