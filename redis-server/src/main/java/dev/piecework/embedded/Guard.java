package dev.piecework.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The shell script that keeps the server, as far as its starter sees it. It runs in a session of
 * its own, so that neither a terminal's Ctrl-C nor the end of its starter's group reaches it.
 *
 * @param generation names its pipe
 * @param process the script's process, which need not be a child of ours
 * @param starter our end of the pipe that holds it back until {@link #go}
 */
record Guard(String generation, KnownProcess process, Process starter) {
  private static final String SHELL = "/bin/sh";

  /**
   * Where there is no setsid, job control gives at least a process group of its own. The shell
   * between stays: at its end the JDK would close the pipe that the guard answers by.
   */
  private static final String OWN_GROUP =
      """
      set -m 2>/dev/null
      exec 3<&0
      "$0" "$@" <&3 3<&- &
      exec 3<&- </dev/null >/dev/null
      wait
      """;

  static Guard launch(StateFolder folder, RedisBinary binary, Duration idle) throws IOException {
    return launch(folder, binary, idle, System.getenv());
  }

  static Guard launch(
      StateFolder folder, RedisBinary binary, Duration idle, Map<String, String> environment)
      throws IOException {
    String generation = StateFolder.randomHex(8);
    List<String> command = new ArrayList<>();
    RedisBinary.onPath("setsid", environment)
        .ifPresentOrElse(
            setsid -> command.add(setsid.toString()),
            () -> command.addAll(List.of(SHELL, "-c", OWN_GROUP)));
    command.addAll(List.of(SHELL, folder.guardScript().toString(), binary.path().toString()));
    command.addAll(List.of(generation, seconds(idle)));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.path().toFile());
    builder.redirectError(folder.empty(folder.errors()).toFile());
    // It lives long: it keeps no secret of the verb that happened to start it.
    builder.environment().clear();
    builder
        .environment()
        .put("PATH", environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"));
    builder.environment().put("LC_ALL", "C");
    Process starter = builder.start();
    try {
      BufferedReader said = starter.inputReader(StandardCharsets.UTF_8);
      String line = said.readLine();
      if (line == null) {
        throw new IOException("its guard did not start: " + complaint(folder));
      }
      KnownProcess process = KnownProcess.of(Long.parseLong(line.strip()));
      return new Guard(generation, process, starter);
    } catch (IOException | RuntimeException e) {
      starter.getOutputStream().close();
      throw e;
    }
  }

  /** Lets it start the server. Before this, our death would have ended it too. */
  void go() throws IOException {
    try (OutputStream out = starter.getOutputStream()) {
      out.write("go\n".getBytes(StandardCharsets.US_ASCII));
    } finally {
      starter.getInputStream().close();
    }
  }

  static String seconds(Duration idle) {
    // Not by BigDecimal, which makes a table when it is first used: 20 ms of each start.
    String whole = String.valueOf(idle.toSeconds());
    String fraction = String.valueOf(1_000 + idle.toMillisPart()).substring(1);
    while (fraction.endsWith("0")) {
      fraction = fraction.substring(0, fraction.length() - 1);
    }
    // Whole seconds without a fraction: all that POSIX promises.
    return fraction.isEmpty() ? whole : whole + "." + fraction;
  }

  private static String complaint(StateFolder folder) throws IOException {
    String said = Files.readString(folder.errors()).strip();
    return said.isEmpty() ? SHELL + " says nothing" : said.lines().toList().getLast();
  }
}
