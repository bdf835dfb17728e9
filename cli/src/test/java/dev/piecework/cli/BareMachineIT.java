package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a newcomer types first, where no Redis is installed and nothing was ever run. */
class BareMachineIT {

  /** Which jars a verb is started with. */
  enum Jars {
    AS_THE_LAUNCHER_CHOOSES,
    ALL
  }

  // A Redis may still be writing there: the machine removes it.
  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  private BareMachine machine;

  @AfterEach
  void remove() {
    machine.remove();
  }

  @BeforeEach
  void machine() throws IOException {
    machine = new BareMachine(folder);
  }

  private Piecework.Ended run(Jars jars, String input, String... words) throws Exception {
    if (jars == Jars.AS_THE_LAUNCHER_CHOOSES) {
      return machine.pieceworkWith(input, words);
    }
    String all =
        BareMachine.core().stream().map(Path::toString).collect(Collectors.joining(":"))
            + ":"
            + BareMachine.jars()
            + "/*";
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", all));
    command.add("dev.piecework.cli.Main");
    command.addAll(Arrays.asList(words));
    return machine.run(input, command);
  }

  @ParameterizedTest
  @EnumSource
  void theFirstCommandPrintsTheFactorsOfTwentyNumbers(Jars jars) throws Exception {
    var ended = run(jars, numbers(), "run", "--", "factor", "{}").expect(0);

    assertThat(ended.lines()).hasSize(20).contains("20: 2 2 5");
  }

  @ParameterizedTest
  @EnumSource
  void aQueueIsFilledWorkedOnAndLookedAt(Jars jars) throws Exception {
    run(jars, "", "fill", "fruits", "apple", "banana", "cherry").expect(0);
    run(jars, "", "work", "fruits", "--", "echo", "{}").expect(0);

    assertThat(run(jars, "", "status", "fruits").expect(0).out()).contains("3 done");
    assertThat(run(jars, "", "results", "fruits", "-o", "raw").expect(0).lines())
        .containsExactlyInAnyOrder("apple", "banana", "cherry");
  }

  @Test
  void aDrillIsPassed() throws Exception {
    var ended =
        machine.piecework("drill", "--items", "100", "--workers", "2", "--time", "3s").expect(0);

    assertThat(ended.out()).contains("100");
  }

  @Test
  void theJobOfAManifestHasARedis() throws Exception {
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: hello}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers:
              - {name: hello, image: any, command: [sh, -c, 'echo "Redis at ${REDIS_URL%%:*}"']}
        """);

    var ended = machine.piecework("run", "-f", "job.yaml").expect(0);

    assertThat(ended.out()).contains("Redis at redis");
  }

  @Test
  void theRehearsalOfThisBuildWentToItsEnd() throws Exception {
    assertThat(BareMachine.DISTRIBUTION.resolve("rehearsal-failed")).doesNotExist();
    assertThat(BareMachine.jars().resolve("piecework.aot")).isNotEmptyFile();
  }

  /** What the last verb of the rehearsal needed comes from the cache, and not from its jar. */
  @Test
  void theCacheHoldsTheVerbsAndFitsThem() throws Exception {
    assertThatItComesFromTheCache(".PurgeVerb ", "purge", "nothing", "--yes");
  }

  @Test
  void theCacheForAllJarsHoldsTheVerbsOfKubeAndFitsThem() throws Exception {
    assumeTrue(
        Files.exists(BareMachine.jars().resolve("kube.aot")),
        "kube.aot: a build with -Dquick has none");
    assertThatItComesFromTheCache(
        ".KubeManifestsVerb ", "kube", "manifests", "-q", "q", "--image", "i:1", "--", "true");
  }

  private void assertThatItComesFromTheCache(String verb, String... words) throws Exception {
    machine.environment().put("PIECEWORK_JAVA_OPTS", "-Xlog:class+load:file=" + folder + "/log");
    machine.piecework(words);

    List<String> ours =
        Files.readAllLines(folder.resolve("log")).stream()
            .filter(line -> line.contains(" dev.piecework."))
            .toList();

    assertThat(ours).anyMatch(line -> line.contains(verb));
    long cached = ours.stream().filter(line -> line.contains("shared objects file")).count();
    assertThat(cached).as("of %s", ours).isGreaterThan(ours.size() * 9L / 10);
    // StartupClasses took these out of our jars.
    assertThat(ours).noneMatch(line -> line.contains("$$TypeSwitch"));
  }

  @Test
  void withoutAHomeItSaysWhereQueuesAreKept() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    machine.environment().put("PIECEWORK_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    machine.environment().put("HOME", "/dev/null");

    var filled = machine.piecework("fill", "q", "a").expect(0);
    var looked = machine.piecework("status", "q").expect(0);

    assertThat(filled.err())
        .contains("/dev/null cannot be written to", temporary.toString(), "XDG_STATE_HOME");
    assertThat(looked.out()).contains("1 waiting");
  }

  @Test
  void theHomeIsTheOneThatTheShellKnows() throws Exception {
    machine.piecework("fill", "q", "a").expect(0);

    assertThat(folder.resolve("home/.local/state/piecework/data")).isDirectory();
    assertThat(folder.resolve("home/.cache/piecework")).isDirectory();
  }

  @Test
  void aCacheThatIsNoFolderIsNamed() throws Exception {
    machine.environment().put("XDG_CACHE_HOME", "/dev/null");

    var ended = machine.piecework("fill", "q", "a").expect(70);

    assertOneLine(ended, "/dev/null/piecework", "XDG_CACHE_HOME");
  }

  @Test
  void aStateFolderThatIsNoneIsNamed() throws Exception {
    machine.environment().put("XDG_STATE_HOME", "/dev/null");

    assertOneLine(machine.piecework("fill", "q", "a").expect(70), "/dev/null/piecework");
  }

  @Test
  void aCacheThatNoProgramMayBeRunFromIsNamed() throws Exception {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    String mount = "mount -t tmpfs -o noexec tmpfs \"$0\"";
    assumeTrue(
        machine.sh("unshare -Urm sh -c '" + mount + "' \"$1\"", cache.toString()).code() == 0,
        "unshare -Urm: no namespaces of one's own here");
    machine.environment().put("XDG_CACHE_HOME", cache.toString());

    var ended =
        machine
            .sh(
                "exec unshare -Urm sh -c '" + mount + " && exec \"$1\" fill q a' \"$1\" \"$2\"",
                cache.toString(),
                BareMachine.DISTRIBUTION + "/bin/piecework")
            .expect(70);

    assertOneLine(ended, "noexec", cache.toString(), "XDG_CACHE_HOME");
  }

  @Test
  void aServerOnThePathThatDoesNotStartIsNamed() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path broken = bin.resolve("redis-server");
    machine.withPath(bin);
    Files.writeString(broken, "#!/bin/sh\necho 'libgone.so.1: cannot open' >&2\nexit 127\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();

    var ended = machine.piecework("fill", "q", "a").expect(70);

    assertOneLine(
        ended, broken.toString(), "on the PATH", "libgone.so.1", "PIECEWORK_REDIS_SERVER");
  }

  private static void assertOneLine(Piecework.Ended ended, String... parts) {
    assertThat(ended.err()).contains(parts).doesNotContain("\tat ", "Exception");
    assertThat(ended.err().lines()).as(ended.err()).hasSize(1);
    assertThat(ended.out()).isEmpty();
  }

  private static String numbers() {
    return IntStream.rangeClosed(1, 20).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }
}
