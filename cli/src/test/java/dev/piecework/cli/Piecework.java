package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.embedded.EmbeddedRedis;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The command line as a person has it: the real launcher, with state and cache folders of its own.
 * What a test starts is ended with the test, the embedded Redis by its idle limit.
 */
final class Piecework implements BeforeEachCallback, AfterEachCallback {

  static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final Path LAUNCHER =
      Path.of("target/piecework/bin/piecework").toAbsolutePath().normalize();

  /** How a process ended, and what it printed. */
  record Ended(int code, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }

    Ended expect(int wanted) {
      assertThat(code).as("exit code; stderr: %s; stdout: %s", err, out).isEqualTo(wanted);
      return this;
    }
  }

  private final Map<String, String> environment = new HashMap<>();
  private final List<Started> started = new ArrayList<>();
  private Path folder = Path.of("");
  private int count;
  private Duration timeout = TIMEOUT;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    prepare();
  }

  /** For one that is no extension of a test. */
  void prepare() throws IOException {
    folder = Files.createTempDirectory("piecework-cli-");
    environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    environment.put("PIECEWORK_REDIS_IDLE", "1m");
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    started.forEach(process -> process.process.destroyForcibly());
    EmbeddedRedis.stop(folder.resolve("state/piecework"));
    if (context.getExecutionException().isEmpty()) {
      removeAll();
    }
  }

  void removeAll() {
    remove(folder);
  }

  /** What the last of the processes still write there comes to its end. */
  static void remove(Path folder) {
    await()
        .pollDelay(Duration.ZERO)
        .atMost(TIMEOUT)
        .ignoreExceptionsInstanceOf(IOException.class)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> {
          try (var files = Files.walk(folder)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
              Files.deleteIfExists(path);
            }
          }
          return true;
        });
  }

  /** The folder that everything is started in. */
  Path folder() {
    return folder;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  Piecework with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** For verbs that take long where everything is slow. */
  Piecework patient(Duration longest) {
    timeout = longest;
    return this;
  }

  /** Runs a verb to its end, without input. */
  Ended run(String... arguments) throws Exception {
    return runWith(new byte[0], arguments);
  }

  /** Runs a verb to its end, with this on its standard input. */
  Ended runWith(String input, String... arguments) throws Exception {
    return runWith(input.getBytes(StandardCharsets.UTF_8), arguments);
  }

  Ended runWith(byte[] input, String... arguments) throws Exception {
    Path file = Files.write(folder.resolve("in-" + count), input);
    Started process = start(command(arguments), ProcessBuilder.Redirect.from(file.toFile()));
    return process.end();
  }

  /**
   * Runs a verb to its end in this JVM, where the process is not what is tested: to fill, to look
   * and to steer around the processes that are. It costs a twentieth. Without input; files by their
   * absolute paths.
   */
  Ended here(String... arguments) throws Exception {
    Map<String, String> all = new HashMap<>(System.getenv());
    all.putAll(environment);
    Path out = folder.resolve("out-" + count);
    Path err = folder.resolve("err-" + count);
    count++;
    ExitCode code;
    try (OutputStream facts = new BufferedOutputStream(Files.newOutputStream(out));
        PrintStream said = new PrintStream(err.toFile(), StandardCharsets.UTF_8)) {
      code = Main.run(new Terminal(facts, said, all, false, false), arguments);
    }
    return new Ended(code.number(), Files.readString(out), Files.readString(err));
  }

  /** Starts a verb, with a pipe for its standard input. */
  Started start(String... arguments) throws IOException {
    return start(command(arguments), ProcessBuilder.Redirect.PIPE);
  }

  /** Starts a verb as the leader of a process group of its own, as a shell does. */
  Started startInGroup(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("setsid"));
    all.addAll(command(arguments));
    return start(all, ProcessBuilder.Redirect.PIPE);
  }

  /** Starts any other program, where the launcher is in {@code $PIECEWORK}. */
  Started startProgram(String... words) throws IOException {
    return start(List.of(words), ProcessBuilder.Redirect.PIPE);
  }

  private static List<String> command(String... arguments) {
    List<String> all = new ArrayList<>(List.of(LAUNCHER.toString()));
    all.addAll(Arrays.asList(arguments));
    return all;
  }

  private Started start(List<String> command, ProcessBuilder.Redirect input) throws IOException {
    int number = count++;
    Path out = folder.resolve("out-" + number);
    Path err = folder.resolve("err-" + number);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("PIECEWORK", LAUNCHER.toString());
    builder.redirectInput(input).redirectOutput(out.toFile()).redirectError(err.toFile());
    Started process = new Started(builder.start(), out, err, timeout);
    started.add(process);
    return process;
  }

  /** A verb under way. */
  static final class Started {
    private final Process process;
    private final Path out;
    private final Path err;
    private final Duration timeout;

    Started(Process process, Path out, Path err, Duration timeout) {
      this.process = process;
      this.out = out;
      this.err = err;
      this.timeout = timeout;
    }

    void say(String text) throws IOException {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    }

    void endInput() throws IOException {
      process.getOutputStream().close();
    }

    long pid() {
      return process.pid();
    }

    boolean isAlive() {
      return process.isAlive();
    }

    String out() throws IOException {
      return Files.readString(out);
    }

    String err() throws IOException {
      return Files.readString(err);
    }

    void awaitErr(String text) {
      await().atMost(TIMEOUT).until(() -> err().contains(text));
    }

    void awaitOut(String text) {
      await().atMost(TIMEOUT).until(() -> out().contains(text));
    }

    void signal(String name) throws Exception {
      kill(name, String.valueOf(pid()));
    }

    void signalGroup(String name) throws Exception {
      kill(name, "-" + pid());
    }

    private static void kill(String name, String target) throws Exception {
      Process kill = new ProcessBuilder("kill", "-" + name, "--", target).inheritIO().start();
      assertThat(kill.waitFor()).isZero();
    }

    Ended end() throws Exception {
      assertThat(process.waitFor(timeout.toSeconds(), TimeUnit.SECONDS))
          .as("ends; stderr so far: %s", err())
          .isTrue();
      return new Ended(process.exitValue(), out(), err());
    }
  }
}
