package dev.piecework.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("process")
class ExactEnvironmentTest {
  @TempDir Path folder;

  private static byte[] start(ExactEnvironment environment, List<String> command) throws Exception {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    environment.writeStart(text, environment.restored(command));
    return text.toByteArray();
  }

  private static String run(ExactEnvironment environment, byte[] text) throws Exception {
    ProcessBuilder shell = new ProcessBuilder(Shell.path(), "-s").redirectErrorStream(true);
    environment.hideFrom(shell, name -> false);
    Process process = shell.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(text);
    }
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  /** Whether env looks values up itself, which not every env can. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theCommandHasTheseVariablesAndNoOthers(boolean expands) throws Exception {
    ExactEnvironment environment =
        ExactEnvironment.ofCaller()
            .without(name -> true)
            .with(Map.of("IFS", ":", "my.name", "ä '$X'\n\\t"));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    List<String> command = List.of("/bin/cat", "/proc/self/environ");
    environment.writeStart(text, environment.restored(command, expands));
    String said = run(environment, text.toByteArray());
    assertThat(said.split("\0")).containsExactlyInAnyOrder("IFS=:", "my.name=ä '$X'\n\\t");
  }

  @Test
  void theFolderIsToldToWhoWasToldOne() throws Exception {
    ExactEnvironment environment =
        ExactEnvironment.ofCaller().without(name -> true).in(Path.of("/there"));
    assertThat(run(environment, start(environment, List.of("/usr/bin/env")))).isEmpty();
    environment.with(Map.of("PWD", "/here")).in(Path.of("/there"));
    assertThat(run(environment, start(environment, List.of("/usr/bin/env"))))
        .isEqualTo("PWD=/there\n");
  }

  /** Guards against: of {@code rm a b}, cut by the end of the JVM, {@code rm a} is run. */
  @Test
  void whatIsCutIsNotRun() throws Exception {
    Path made = folder.resolve("made");
    ExactEnvironment environment = ExactEnvironment.ofCaller().without(name -> true);
    byte[] text = start(environment, List.of("/bin/mkdir", made.toString(), made + "-too"));
    for (int cut = 2; cut < 5; cut++) {
      run(environment, Arrays.copyOf(text, text.length - cut));
    }
    run(environment, Arrays.copyOf(text, new String(text, UTF_8).indexOf(" '" + made + "-too")));
    assertThat(made).doesNotExist();
    run(environment, text);
    assertThat(Files.isDirectory(made)).isTrue();
  }
}
