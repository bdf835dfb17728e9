package dev.piecework.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs every example as a person would, and looks at what it printed. */
@Execution(ExecutionMode.CONCURRENT)
class ExamplesIT {

  private static final Path EXAMPLES = Path.of("").toAbsolutePath();
  private static final Path LAUNCHER =
      EXAMPLES.resolve("../cli/target/piecework/bin/piecework").normalize();

  private static final String[] FRUITS = {
    "apple", "banana", "cherry", "date", "fig", "grape", "lemon", "melon", "orange"
  };

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final List<Process> started = new ArrayList<>();

  @Test
  void fruitsAreAllDoneByTwoWorkers() throws Exception {
    List<String> lines = run("sh", "fruits/run.sh").lines().toList();

    for (String fruit : FRUITS) {
      assertThat(lines.stream().filter(line -> line.startsWith("Working on " + fruit + " ")))
          .as(fruit)
          .hasSize(1);
    }
  }

  @Test
  void factorPrintsWhatFactorPrints() throws Exception {
    String ours = run("sh", "factor/run.sh", "1000000000000", "1000000000050");

    String factors = run("sh", "-c", "seq 1000000000000 1000000000050 | factor");
    assertThat(ours).isEqualTo(factors);
  }

  @Test
  @Needs("unzip")
  void jdkSourcesHaveTheHashesThatSha256sumGives() throws Exception {
    Path sources = jdkSources();
    Path work = folder.resolve("jdk");

    run("sh", "jdk-sources/run.sh", sources.toString(), work.toString());

    Set<String> direct =
        run("sh", "-c", "cd " + work + " && xargs -n 500 sha256sum < files.txt")
            .lines()
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> ours = new ArrayList<>();
    for (String line : Files.readAllLines(work.resolve("out.jsonl"))) {
      ours.add(line.replaceAll(".*\"result\":\"([0-9a-f]{64}  [^\"\\\\]*)(\\\\n)?\".*", "$1"));
    }
    assertThat(ours).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(ours)).isEqualTo(direct);
  }

  @Test
  @Needs("python3")
  void pythonChildAnswersInOrder() throws Exception {
    String squares = run("sh", "python-child/run.sh", "500");

    assertThat(squares.lines())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 500)
                .mapToObj(i -> BigInteger.valueOf(i).pow(2).toString())
                .toList());
  }

  @Test
  void workersWaitForAProducerThatStreams() throws Exception {
    String output = run("sh", "streaming-producer/run.sh");

    assertThat(output.lines().filter(line -> line.startsWith("done: page")))
        .hasSize(30)
        .doesNotHaveDuplicates();
  }

  @Test
  @Needs({"python3-redis", "redis-cli"})
  void theTutorialsJobRunsWithAWorkerThatKnowsNothingOfUs() throws Exception {
    String output = run("sh", "rediswq-job/run.sh");

    Map<String, List<String>> byPod =
        output
            .lines()
            .filter(line -> line.contains("] Working on "))
            .collect(
                Collectors.groupingBy(
                    line -> line.substring(1, line.indexOf(']')),
                    Collectors.mapping(
                        line -> line.replaceFirst(".* on ", ""), Collectors.toList())));
    assertThat(byPod.values().stream().flatMap(List::stream)).containsExactlyInAnyOrder(FRUITS);
    assertThat(byPod.values()).anySatisfy(fruits -> assertThat(fruits).hasSizeGreaterThan(1));
    assertThat(output)
        .contains("Parallelism:      2", "Completions:      <unset>")
        .contains("0 Active (0 Ready) / 2 Succeeded / 0 Failed")
        .contains("job-controller  Job completed");
  }

  @Test
  void javaHandlerSaysWhatHappensNext() throws Exception {
    String redis = startRedis();
    String java = ProcessHandle.current().info().command().orElseThrow();

    String output =
        run(java, "-cp", System.getProperty("java.class.path"), WordLengths.class.getName(), redis);

    assertThat(output.lines())
        .containsExactlyInAnyOrder(
            "apple has 5 letters",
            "banana has 6 letters",
            "cherry has 6 letters",
            "item 4 is dead: no word, no length");
  }

  private String startRedis() throws Exception {
    Process redis =
        alone(
                new ProcessBuilder(LAUNCHER.toString(), "redis")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .directory(EXAMPLES.toFile()))
            .start();
    started.add(redis);
    String line = redis.inputReader().readLine();
    assertThat(line).startsWith("redis://");
    return line.strip();
  }

  // With an embedded Redis of its own, which goes soon after its last user.
  private ProcessBuilder alone(ProcessBuilder builder) {
    builder.environment().put("PIECEWORK", LAUNCHER.toString());
    builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    builder.environment().put("PIECEWORK_REDIS_IDLE", "1s");
    return builder;
  }

  @AfterEach
  void stopWhatWasStarted() {
    started.forEach(Process::destroy);
  }

  // The JDK's src.zip where there is one; else a small zip of files, for the example is the same.
  private Path jdkSources() throws IOException {
    Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
    if (Files.isRegularFile(sources)) {
      return sources;
    }
    Path zip = folder.resolve("src.zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      for (int i = 0; i < 300; i++) {
        entries.putNextEntry(new ZipEntry("java.base/File" + i + ".java"));
        entries.write(("class File" + i + " {}\n").getBytes(UTF_8));
      }
    }
    return zip;
  }

  private String run(String... command) throws Exception {
    assertThat(LAUNCHER).as("the distribution, which package builds").isExecutable();
    Path output = folder.resolve("output-" + System.nanoTime());
    Path errors = folder.resolve("errors-" + System.nanoTime());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(EXAMPLES.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    Process process = alone(builder).start();
    started.add(process);
    int exit = process.waitFor();
    assertThat(exit).as("%s: %s", String.join(" ", command), Files.readString(errors)).isZero();
    try (Stream<String> lines = Files.lines(output)) {
      return lines.map(line -> line + "\n").collect(Collectors.joining());
    }
  }
}
