package dev.piecework.testkit;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.embedded.RedisBinary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server program that somebody wants the tests to run on, beside the one that is found here.
 *
 * @param version what it says of itself, such as {@code Valkey 8.1.1}
 */
public record TestServer(Path program, String version) {

  /** Names them: paths of a redis-server or valkey-server, with colons or commas between. */
  public static final String VARIABLE = "PIECEWORK_TEST_SERVERS";

  private static final Pattern VERSION =
      Pattern.compile("(Redis|Valkey) server v=(\\d+\\.\\d+\\.\\d+)");
  private static final ThreadLocal<RedisBinary> STARTING = new ThreadLocal<>();

  /**
   * Those that the environment names, in that order; none where it names none.
   *
   * @throws IllegalStateException when one is not there, or is no such program: tests that did not
   *     run on it must not pass for tests that did
   */
  public static List<TestServer> named() {
    return named(System.getenv());
  }

  static List<TestServer> named(Map<String, String> environment) {
    String[] paths = environment.getOrDefault(VARIABLE, "").split("[:,]", -1);
    return Stream.of(paths)
        .map(String::strip)
        .filter(path -> !path.isEmpty())
        .collect(LinkedHashSet<String>::new, LinkedHashSet::add, LinkedHashSet::addAll)
        .stream()
        .map(TestServer::at)
        .toList();
  }

  private static TestServer at(String named) {
    Path program = Path.of(named).toAbsolutePath().normalize();
    if (!Files.isRegularFile(program)) {
      throw refused(named, "there is no such file");
    }
    if (!Files.isExecutable(program)) {
      throw refused(named, "it cannot be executed");
    }
    String said;
    try {
      Process asked =
          new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
      asked.getOutputStream().close();
      said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw refused(named, String.valueOf(e.getMessage()));
    }
    Matcher version = VERSION.matcher(said);
    if (!version.find()) {
      throw refused(
          named, "asked for its --version it says: " + said.lines().findFirst().orElse(""));
    }
    return new TestServer(program, version.group(1) + " " + version.group(2));
  }

  private static IllegalStateException refused(String named, String why) {
    return new IllegalStateException(
        VARIABLE
            + ": "
            + named
            + " is no redis-server or valkey-server that runs here: "
            + why
            + "; correct the path, or take it out of "
            + VARIABLE);
  }

  /** All that this starts, a server, a Cluster, Sentinels with theirs, runs this program. */
  public <T> T starting(Supplier<T> start) {
    STARTING.set(new RedisBinary(program, "named by " + VARIABLE));
    try {
      return start.get();
    } finally {
      STARTING.remove();
    }
  }

  /**
   * Of a server as this thread is to start it now: the one found here, or see {@link #starting}.
   */
  public static PrivateRedis.Builder builder() {
    RedisBinary named = STARTING.get();
    return named == null ? PrivateRedis.builder() : PrivateRedis.builder().binary(named);
  }

  @Override
  public String toString() {
    return version + " at " + program;
  }
}
