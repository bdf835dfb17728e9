package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher gives the short verbs a list of jars of their own: it has every class that they
 * load, and everything that they look for, on a machine that has nothing.
 */
class JarListsIT {

  /** Of a class, as {@code -Xlog:class+load} says where it comes from. */
  private static final Pattern FROM_JAR =
      Pattern.compile("(\\S+) source: (?:jar:)?file:(\\S+?\\.jar)");

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
    // The rehearsal, and verbs here, start a Redis: nothing else may be told where one is.
    machine.environment().put("XDG_STATE_HOME", folder + "/state");
    machine.environment().put("XDG_CACHE_HOME", folder + "/cache");
  }

  @Test
  void everyShortVerbIsInTheRehearsal() throws IOException {
    Set<String> rehearsed =
        Rehearsal.VERBS.stream()
            .map(line -> line.split(" ", 2)[0])
            .filter(word -> !word.startsWith("-"))
            .collect(Collectors.toSet());

    assertThat(rehearsed).containsExactlyInAnyOrderElementsOf(BareMachine.shortVerbs());
  }

  @Test
  void theShortListIsEnoughForEveryShortVerb() throws Exception {
    List<Path> core = BareMachine.core();

    var ended = rehearsal(join(core.stream()));

    ended.expect(0);
    assertThat(ended.err()).doesNotContain("missing", "NoClassDefFound");
  }

  /**
   * A class that code can do without is looked for too: with all jars nothing else may be found.
   */
  @Test
  void withAllJarsTheShortVerbsLoadNothingThatTheShortListLacks() throws Exception {
    List<Path> core = BareMachine.core();

    var ended =
        rehearsal(
            join(core.stream()) + ":" + BareMachine.jars() + "/*",
            "-Xlog:class+load:file=" + folder + "/classes.log");

    ended.expect(0);
    Set<Path> used = new TreeSet<>();
    for (String line : Files.readAllLines(folder.resolve("classes.log"))) {
      Matcher found = FROM_JAR.matcher(line);
      if (found.find()) {
        used.add(Path.of(found.group(2)));
      }
    }
    assertThat(used).contains(core.getFirst()).isSubsetOf(core);
  }

  @Test
  void aListThatLacksAJarIsNoticed() throws Exception {
    List<Path> core = new ArrayList<>(BareMachine.core());
    assertThat(core.removeIf(jar -> jar.getFileName().toString().startsWith("embedded-redis-")))
        .isTrue();

    assertThat(rehearsal(join(core.stream())).code()).isNotZero();
  }

  @Test
  void theListHasNoJarOfTheKubernetesClientTheWebServerOrRabbitMq() throws IOException {
    assertThat(BareMachine.core().stream().map(jar -> jar.getFileName().toString()))
        .noneMatch(name ->
            name.startsWith("kubernetes-")
                || name.startsWith("jib-")
                || name.startsWith("javalin-")
                || name.startsWith("amqp-client-")
                || name.startsWith("jetty-"));
  }

  private Piecework.Ended rehearsal(String classPath, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Dslf4j.provider=org.slf4j.nop.NOPServiceProvider"));
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", classPath, "dev.piecework.cli.Rehearsal"));
    return machine.run("1\n2\n3\n", command);
  }

  private static String join(Stream<Path> jars) {
    return jars.map(Path::toString).collect(Collectors.joining(":"));
  }
}
