package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodRuntime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kube manifests}: which options go together, and what they become. */
final class KubeManifestsTest {

  private static final String FITS = "-q job2 --image i:1 --redis-secret s";

  @TempDir Path folder;

  /** What was said and printed. */
  private record Said(int code, String out, String err) {}

  private static Said kube(String options, String... command) {
    List<String> words = new ArrayList<>(List.of("kube", "manifests"));
    words.addAll(Stream.of(options.split(" ", -1)).filter(word -> !word.isEmpty()).toList());
    if (command.length > 0) {
      words.add("--");
      words.addAll(Arrays.asList(command));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            out, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of(), false, false);
    ExitCode code = Main.run(terminal, words.toArray(String[]::new));
    return new Said(
        code.number(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--image i:1|no -q QUEUE",
        "-q job2|no --image",
        "-q bad/name --image i:1|queue name 'bad/name'",
        "-q job2 --image i:1 --redis redis://r:1 --redis-ca-file /x|--redis-ca-file goes with",
        "-q job2 --image i:1 --redis-secret s --redis-ca-file /x|--redis-ca-file goes with",
        "-q job2 --image i:1 --with-redis --redis-key-file /x|--redis-key-file goes with",
        "-q job2 --image i:1 --redis rediss://r:1 --redis-key-file /x|go together",
        "-q job2 --image i:1 --redis rediss://r:1 --redis-ca-file /no/ca|certificates in /no/ca",
        "-q job2 --image i:1 --redis rediss://r:1 --redis-ca-file /etc/passwd|in /etc/passwd",
        "-q job2 --image i:1 --name Job_2|the name 'Job_2'",
        "-q job2 --image i:1 --name 2nd|the name '2nd'",
        "-q job2 --image i:1 -n my_space|the namespace 'my_space'",
        "--shape pol|did you mean 'pool'?",
        "--shape daemon|there are queue, pool, stream",
        "-p 0|at least one pod",
        "-p two|'two'",
        "--cpu lots|--cpu: 'lots' is not a quantity of processors",
        "--cpu 2..1|ends below its start",
        "--memory 512m|--memory: '512m' is too little memory",
        "--memory 1GB|write it like 512Mi",
        "--scratch 1|--scratch: '1' is too little disk",
        "--slots 0|--slots 0",
        "--batch 2 --child|--child reads items by itself",
        "--timeout soon|is not a duration",
        "--timeout 0s|an item needs some time",
        "--attempts 0|attempts",
        "--expect -1|--expect -1",
        "--ttl soon|is not a duration",
        "--active-deadline 10ms|whole seconds",
        "--grace 0s|--grace",
        "--backoff-limit -1|--backoff-limit -1",
        "--env PATH|write it like NAME=VALUE",
        "--env A=1 --env A=2|--env 'A' is there twice",
        "--env REDIS_URL=x|it comes from --redis",
        "--env-from vault|secret/NAME or configmap/NAME",
        "--env-from secret/My_Vault|no name in a cluster",
        "--node-selector disk|write it like NAME=VALUE",
        "--node-selector disk=a/b|no label's value",
        "--toleration gpu:NoShedule|did you mean 'NoSchedule'?",
        "--toleration =x|write it like the taint",
        "--image-pull-policy Sometimes|is none of IfNotPresent, Always, Never",
        "--image-pull-secret My_Secret|no name in a cluster",
        "--service-account-token|goes with --service-account",
        "--kueue-queue My_Queue|no name in a cluster",
        "--keda|--keda needs --shape stream",
        "--keda-min 2|goes with --keda",
        "--partitions 0|--partitions",
        "--shape stream --keda --partitions 2|--keda looks at one list",
        "--shape stream --keda --keda-min 5|is not 0 to 1",
        "--shape stream --keda --keda-items 0 -p 2|--keda-items 0",
        "--shape stream --ttl 1d|needs a Job",
        "--shape stream --suspend|needs a Job",
        "--shape stream --run r1|needs a Job",
        "--shape stream --leave-early|needs a Job",
        "--shape queue --leave-early|needs --shape pool",
        "--shape queue --fail-on-dead|needs --shape pool",
        "--redis redis://r|--redis-secret has the URL",
        "--redis-memory 1Gi|goes with --with-redis",
        "--redis-replicas 2|--redis-replicas goes with --with-redis",
        "--redis-shards 3|--redis-shards goes with --with-redis",
        "--shap pool|did you mean '--shape'?",
        "extra|one argument too many",
      })
  void whatDoesNotDoIsSaidInOneLine(String options, String said) {
    boolean whole = options.startsWith("-q ") || options.contains("--image i:1");
    Said ended = kube(whole ? options : FITS + " " + options, "./worker.sh", "{}");
    refused(ended, said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--redis redis://localhost:6379|a pod 'localhost' is the pod itself",
        "--redis redis://user:x@127.0.0.1|a pod '127.0.0.1' is the pod itself",
        "--redis http://cache|http",
        "--redis redis://r --with-redis|exclude each other",
        "--redis-password-file nowhere|goes with --redis or --with-redis",
        "--redis redis://r --redis-password-file nowhere|cannot read the password file nowhere",
        "--redis reds://:adm/in=@h|did you mean redis://?",
        "--redis redis://:adm/in=@h:0|a port that is no number from 1 to 65535",
        "--redis redis-sentinel://:adm/in=@h|/NAME",
        "--redis-sentinel-password-file nowhere|goes with --redis redis-sentinel://",
        "--redis redis://r --redis-sentinel-password-file /etc/hostname|redis-sentinel://",
        "--shape stream --keda --with-redis --redis-secret s|--keda needs --namespace",
        "--shape stream --keda --redis redis://a,redis://b|the URL of one Redis",
        "--shape stream --keda --redis-secret s|the URL of one Redis",
        "--shape stream --keda --redis redis://app@cache --redis-password-file /etc/hostname|no user's",
        "--redis-secret My_Secret|no name in a cluster",
        "--redis redis://r --redis-replicas 2|--redis-replicas goes with --with-redis",
        "--with-redis --redis-secret s --redis-replicas 1|--redis-replicas: it takes 2 to 4, not 1,",
        "--with-redis --redis-secret s --redis-replicas 5|it takes 2 to 4",
        "--with-redis --redis-secret s --redis-replicas -1|--redis-replicas: it takes 2 to 4, not -1,",
        "--with-redis --redis-secret s --redis-replicas two|'two'",
        "--with-redis --redis-secret s --redis-shards 2|--redis-shards: it takes 3 to 16, not 2,",
        "--with-redis --redis-secret s --redis-shards 0|--redis-shards: it takes 3 to 16, not 0,",
        "--with-redis --redis-secret s --redis-shards 3 --redis-replicas 2|exclude each other",
        "--with-redis --redis-secret s --redis-shards 3 --partitions 999|--partitions",
        "--shape stream --keda -n b --with-redis --redis-secret s --redis-shards 3|leave out --redis-shards",
        "--shape stream --keda -n b --with-redis --redis-secret s --redis-replicas 2|leave out --redis-replicas",
      })
  void aRedisThatDoesNotDoToo(String options, String said) {
    refused(kube("-q job2 --image i:1 " + options, "./worker.sh", "{}"), said);
  }

  @Test
  void aCommandIsNeededAndNotLookedForHere() {
    refused(kube(FITS), "no command");
    assertThat(kube(FITS, "/only/in/the/image", "{}").code()).isZero();
  }

  private static void refused(Said ended, String said) {
    assertThat(ended.err()).contains(said).doesNotContain("Exception", "in=");
    assertThat(ended.err().lines()).as(ended.err()).hasSize(1);
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"queue", "pool"})
  void whatIsPrintedIsAJobThatAnApiServerTakes(String shape) throws Exception {
    Said ended =
        kube(
            FITS
                + " --shape "
                + shape
                + " -p 3 --ttl 1d --active-deadline 12h --suspend --spot --toleration gpu"
                + " --node-selector disk=ssd --env A=b --env-from secret/s3 --kueue-queue lq"
                + " --image-pull-secret reg --service-account sa --run r1 --expect 10"
                + " --attempts 5 --backoff 1s..1m --timeout 90s --slots 4",
            "./worker.sh",
            "{}");
    String secrets = secret("s") + secret("s3");
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).isEmpty();
    // Our own reader refuses what an API server would.
    Path file = Files.writeString(folder.resolve("job.yaml"), ended.out() + secrets);
    JobFile job = JobFile.read(file, PodRuntime.PODMAN);
    assertThat(job.name()).isEqualTo("job2");
    assertThat(job.notUsed()).noneMatch(line -> line.contains("unknown"));
  }

  private static String secret(String name) {
    return "---\napiVersion: v1\nkind: Secret\nmetadata: {name: "
        + name
        + "}\nstringData: {url: u}\n";
  }

  @Test
  void optionsOfTheWorkerAreItsArguments() {
    String printed =
        kube(
                FITS
                    + " --slots 4 --batch 10 --timeout 90s --attempts 5 --losses 2 --backoff 2s..1m"
                    + " --lease-timeout 20s --keep history --results-max 1MiB --retention 0s --leave-early"
                    + " --fail-on-dead --wait-for-fill 5m --redis-timeout 2m --run r1 --expect 10"
                    + " --log text --metrics -o json",
                "./worker.sh",
                "{}")
            .out();
    String args = printed.replaceAll("(?s).*\"args\":\\[([^]]*)].*", "$1").replace("\"", "");
    assertThat(args.split(",", -1))
        .containsExactly(
            ("work job2 --slots 4 --batch 10 --timeout 1m30s --attempts 5 --losses 2 --backoff 2s..1m"
                    + " --lease-timeout 20s --keep history --results-max 1048576 --retention 0s"
                    + " --leave-early --fail-on-dead --wait-for-fill 5m --redis-timeout 2m"
                    + " --grace 1m30s --log text --health-port 8081 --metrics-port 9464 --run r1 --expect 10"
                    + " -- ./worker.sh {}")
                .split(" ", -1));
  }

  @Test
  void theGraceFitsTheTimeoutUpToABound() {
    assertThat(kube(FITS, "x").out()).contains("terminationGracePeriodSeconds: 30");
    assertThat(kube(FITS + " --timeout 2m", "x").out())
        .contains("terminationGracePeriodSeconds: 130");
    assertThat(kube(FITS + " --timeout 9h", "x").out())
        .contains("terminationGracePeriodSeconds: 310");
    assertThat(kube(FITS + " --timeout 2m --spot", "x").out())
        .contains("terminationGracePeriodSeconds: 20");
    assertThat(kube(FITS + " --grace 1h", "x").out())
        .contains("terminationGracePeriodSeconds: 3610");
  }

  @Test
  void aPasswordFromAFileIsPutIntoTheUrl() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "p@ss/word \n");
    String file4 = " --redis-password-file " + file;
    assertThat(kube("-q job2 --image i:1 --redis rediss://app@cache:6380/2" + file4, "x").out())
        .contains("url: \"rediss://app:p%40ss%2Fword@cache:6380/2\"");
    assertThat(kube("-q job2 --image i:1 --with-redis" + file4, "x").out())
        .contains("url: \"redis://:p%40ss%2Fword@job2-redis:6379\"", "password: p@ss/word\n");
  }

  @Test
  void replicasAreFoundByWayOfTheirSentinels() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "pw\n");
    String options = "-q job2 --image i:1 --with-redis --redis-password-file " + file;
    Said ended = kube(options + " --redis-replicas 2", "x");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .contains(
            "url: \"redis-sentinel://:pw@job2-redis-0.job2-redis:26379,"
                + "job2-redis-1.job2-redis:26379,job2-redis-2.job2-redis:26379/main\"",
            "replicas: 3");
    assertThat(kube(options + " --redis-replicas 0", "x").out())
        .isEqualTo(kube(options, "x").out());
  }

  @Test
  void shardsAreNamedAllAndTheQueueHasAPartitionForEach() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "pw\n");
    String options = "-q job2 --image i:1 --with-redis --redis-password-file " + file;
    Said ended = kube(options + " --redis-shards 3", "x");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .contains("url: \"redis://:pw@job2-redis-0.job2-redis:6379,", "replicas: 6")
        .containsPattern("- --partitions\\n *- \"3\"");
    assertThat(kube(options + " --redis-shards 3 --partitions 6", "x").out())
        .containsPattern("- --partitions\\n *- \"6\"");
    assertThat(kube(options + " --redis-shards 1", "x").out()).isEqualTo(kube(options, "x").out());
  }

  @Test
  void eachGrammarOfAUrlComesIntoTheSecretInOne() throws Exception {
    Path own = Files.writeString(folder.resolve("own"), "o/n\n");
    Path file = Files.writeString(folder.resolve("password"), "p@w\r\n");
    String files = " --redis-password-file " + file + " --redis-sentinel-password-file " + own;
    Said ended =
        kube("-q job2 --image i:1 --redis rediss-sentinel://app@s1,s2:7/main/3" + files, "x");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .contains(
            "url: \"rediss-sentinel://app:p%40w@s1:26379,s2:7/main/3?sentinel-password=o%2Fn\"");
    assertThat(kube("-q job2 --image i:1 --redis redis://:a/b@h", "x").out())
        .contains("url: \"redis://:a%2Fb@h:6379\"");
  }

  @Test
  void withoutAnyWordAboutRedisItIsTheServiceOfThePage() {
    Said ended = kube("-q job2 --image i:1", "x");
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("value: redis://redis:6379").doesNotContain("kind: Secret");
    assertThat(ended.err()).contains("the Service 'redis'");
  }

  @Test
  void kedaLooksAtAllKeysInWhichItemsWait() {
    String printed =
        kube(
                "-q job2 --image i:1 --shape stream -p 20 --keda --keda-min 0 --keda-items 100"
                    + " --redis redis://cache.example -n batch",
                "x")
            .out();
    assertThat(printed)
        .contains(
            "kind: ScaledObject",
            "minReplicaCount: 0",
            "maxReplicaCount: 20",
            "address: cache.example:6379",
            "listName: job2\n",
            "listLength: \"100\"",
            "listName: \"{job2}:delayed\"")
        .doesNotContain("replicas: 20", "TriggerAuthentication");
  }

  @Test
  void kedaGetsThePasswordOfTheUrl() {
    String printed =
        kube("-q job2 --image i:1 --shape stream --keda --redis redis://:p%40ss@cache.example", "x")
            .out();
    assertThat(printed)
        .contains(
            "kind: TriggerAuthentication", "password: p@ss\n", "url: \"redis://:p%40ss@cache");
  }

  /** Whoever follows docs/kubernetes.md must get what it says. */
  @Test
  void everyCommandOfTheGuideWorks() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "pw\n");
    List<String> commands =
        Files.readAllLines(Path.of("../docs/kubernetes.md")).stream()
            .filter(line -> line.startsWith("piecework kube manifests "))
            .map(line -> line.replaceAll(" [|<>].*", "").replace("/dev/stdin", password.toString()))
            // Where its password is kept is for the black-box tests.
            .map(line ->
                line.contains("--redis-secret")
                    ? line
                    : line.replace(
                        "--with-redis", "--with-redis --redis-password-file " + password))
            .toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(6);
    assertThat(commands)
        .allSatisfy(command -> {
          String[] parts = command.substring("piecework kube manifests ".length()).split(" -- ", 2);
          Said ended = kube(parts[0], parts[1].split(" ", -1));
          assertThat(ended.err()).isEmpty();
          assertThat(ended.code()).isZero();
        });
  }

  @Test
  void jsonIsOneList() {
    Said ended = kube(FITS + " -o json", "x");
    assertThat(ended.out()).startsWith("{\"apiVersion\":\"v1\",\"kind\":\"List\"");
    assertThat(ended.out().lines()).hasSize(1);
  }
}
