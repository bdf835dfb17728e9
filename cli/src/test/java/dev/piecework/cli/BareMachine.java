package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.embedded.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A machine on which no Redis is to be found: a PATH of links to all programs but those, and a home
 * with nothing in it. And what a distribution is made of, as its launcher names it.
 */
final class BareMachine {

  /** All verbs in one JVM take a minute where everything is slow. */
  private static final long TIMEOUT_SECONDS = 150;

  static final Path DISTRIBUTION = Path.of("target/piecework").toAbsolutePath().normalize();

  /** Where Debian's and other people's programs are, the first one counts. */
  private static final List<Path> PROGRAMS =
      Stream.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin").map(Path::of).toList();

  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private int count;

  BareMachine(Path folder) throws IOException {
    this.folder = folder;
    environment.put("PATH", pathWithout(List.of()).toString());
    environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PIECEWORK_REDIS_IDLE", "1s");
  }

  /** Made once, and kept: thousands of links are much for a folder of each test. */
  private static synchronized Path pathWithout(List<String> left) throws IOException {
    Path path =
        DISTRIBUTION
            .resolveSibling("bare-machine")
            .resolve("path-without-redis-" + String.join("-", left));
    Files.createDirectories(path);
    for (Path programs : PROGRAMS) {
      if (Files.isDirectory(programs)) {
        try (Stream<Path> all = Files.list(programs)) {
          for (Path program : all.toList()) {
            link(path, program, left);
          }
        }
      }
    }
    return path;
  }

  private static void link(Path path, Path program, List<String> left) throws IOException {
    String word = program.getFileName().toString();
    if (!word.startsWith("redis") && !word.startsWith("valkey") && !left.contains(word)) {
      Path name = path.resolve(word);
      if (!Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(name, program);
      }
    }
  }

  /** Stops the Redis that the verbs have started, and removes all files. */
  void remove() {
    String state = environment.getOrDefault("XDG_STATE_HOME", folder + "/home/.local/state");
    if (Files.isDirectory(Path.of(state, "piecework"))) {
      EmbeddedRedis.stop(Path.of(state, "piecework"));
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException inUse) {
      folder.toFile().deleteOnExit();
    }
  }

  /** What each program is started with; nothing else of this process's environment is. */
  Map<String, String> environment() {
    return environment;
  }

  Path folder() {
    return folder;
  }

  /** Takes programs off the PATH. */
  void without(String... programs) throws IOException {
    environment.put("PATH", pathWithout(List.of(programs)).toString());
  }

  /** Puts a folder before all others on the PATH. */
  void withPath(Path programs) {
    environment.merge("PATH", "", (path, none) -> programs + ":" + path);
  }

  Piecework.Ended sh(String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    command.addAll(Arrays.asList(arguments));
    return run("", command);
  }

  Piecework.Ended piecework(String... words) throws Exception {
    return pieceworkWith("", words);
  }

  Piecework.Ended pieceworkWith(String input, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(DISTRIBUTION + "/bin/piecework"));
    command.addAll(Arrays.asList(words));
    return run(input, command);
  }

  Piecework.Ended run(String input, List<String> command) throws Exception {
    int number = count++;
    Path in = Files.writeString(folder.resolve("in-" + number), input);
    Path out = folder.resolve("out-" + number);
    Path err = folder.resolve("err-" + number);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process =
        builder
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(ended).as("%s ends; stderr so far: %s", command, Files.readString(err)).isTrue();
    return new Piecework.Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** The folder of the jars of this distribution. */
  static Path jars() throws IOException {
    return DISTRIBUTION.resolve("lib").resolve(inLauncher("^lib=.*/lib/(\\w+)$"));
  }

  /** The short list of jars, in the order of the class path. */
  static List<Path> core() throws IOException {
    Path jars = jars();
    return Stream.of(inLauncher("^for jar in (.*); do$").split(" ", -1))
        .map(jars::resolve)
        .toList();
  }

  /** The verbs that get the short list. */
  static List<String> shortVerbs() throws IOException {
    List<String> verbs =
        new ArrayList<>(
            List.of(inLauncher("^ *(\\w+( \\| \\w+)+)\\) all= ;;$").split(" \\| ", -1)));
    verbs.add("run");
    return verbs;
  }

  private static String inLauncher(String pattern) throws IOException {
    var matcher =
        java.util.regex.Pattern.compile(pattern, java.util.regex.Pattern.MULTILINE)
            .matcher(Files.readString(DISTRIBUTION.resolve("bin/piecework")));
    assertThat(matcher.find()).as("%s in bin/piecework", pattern).isTrue();
    return matcher.group(1);
  }
}
