package dev.piecework.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Kills the process groups and removes the folders it knows when this JVM ends, even by SIGKILL: a
 * shell reads them from a pipe, and the system closes that.
 */
final class ExitCleanup {
  private static final String SCRIPT =
      """
      trap '' INT HUP QUIT TERM
      groups=' '
      while read -r sign group; do
        case $sign in
          +) groups="$groups$group " ;;
          -) groups="${groups%%" $group "*} ${groups#*" $group "}" ;;
          /) set -- "$@" "$group" ;;
        esac
      done
      for group in $groups; do kill -KILL -- "-$group" || kill -KILL "$group"; done 2>/dev/null
      [ $# -eq 0 ] || rm -rf -- "$@"
      """;

  private static @Nullable OutputStream pipe;

  private ExitCleanup() {}

  static void add(long group) {
    say("+ " + group);
  }

  static void remove(long group) {
    say("- " + group);
  }

  /** A new temporary folder, for what is not closed by everybody who opens it. */
  static Path temporaryFolder(String prefix) throws IOException {
    Path folder = Files.createTempDirectory(prefix);
    say("/ " + folder);
    return folder;
  }

  private static synchronized void say(String line) {
    try {
      if (pipe == null) {
        pipe =
            new ProcessBuilder("/bin/sh", "-c", SCRIPT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .getOutputStream();
      }
      pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      pipe.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
