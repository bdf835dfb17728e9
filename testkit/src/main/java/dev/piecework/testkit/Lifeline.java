package dev.piecework.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Kills the process groups it knows when this JVM ends, even by SIGKILL: a shell reads their
 * numbers from a pipe, and the system closes that.
 */
final class Lifeline {
  private static final String SCRIPT =
      """
      trap '' INT HUP QUIT TERM
      groups=' '
      while read -r sign group; do
        case $sign in
          +) groups="$groups$group " ;;
          -) groups="${groups%%" $group "*} ${groups#*" $group "}" ;;
        esac
      done
      for group in $groups; do kill -KILL -- "-$group" || kill -KILL "$group"; done 2>/dev/null
      """;

  private static @Nullable OutputStream pipe;

  private Lifeline() {}

  static void add(long group) {
    say("+ " + group);
  }

  static void remove(long group) {
    say("- " + group);
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
      pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      pipe.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
