package dev.piecework.worker.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which shell guards commands, and how a process gets a session of its own. */
public final class Shell {
  private Shell() {}

  /** Whether there is no shell to start commands. */
  public static boolean isMissing() {
    return !Files.isExecutable(Path.of(path()));
  }

  /** Whether {@link #inOwnSession} knows a way. */
  public static boolean canStartSessions() {
    return find("setsid").isPresent() || find("perl").isPresent();
  }

  /** dash where there is one: it starts commands by vfork and reads its input in blocks. */
  public static String path() {
    String asked = System.getProperty("piecework.shell", "");
    return asked.isEmpty() ? find("dash").orElse("/bin/sh") : asked;
  }

  /**
   * A command line that becomes the leader of a new session without changing its process id.
   *
   * @throws IOException when this system has no way to do that
   */
  public static List<String> inOwnSession(List<String> command) throws IOException {
    List<String> all = new ArrayList<>();
    Optional<String> setsid = find("setsid");
    if (setsid.isPresent()) {
      all.add(setsid.get());
    } else {
      // macOS has no setsid, but a perl.
      all.add(
          find("perl")
              .orElseThrow(() ->
                  new IOException(
                      "running commands needs 'setsid' (package util-linux) on the PATH")));
      all.addAll(List.of("-MPOSIX", "-e", "POSIX::setsid(); exec {$ARGV[0]} @ARGV or exit 127"));
    }
    all.addAll(command);
    return all;
  }

  /** Where a program is on the PATH, if it is. */
  public static Optional<String> find(String name) {
    String search = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String folder : search.split(File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        Path path = Path.of(folder, name);
        if (Files.isExecutable(path) && !Files.isDirectory(path)) {
          return Optional.of(path.toString());
        }
      }
    }
    return Optional.empty();
  }
}
