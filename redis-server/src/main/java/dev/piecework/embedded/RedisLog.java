package dev.piecework.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what a server said in its log since it was started; the log is begun anew each time. */
final class RedisLog {
  private static final Pattern PREFIX = Pattern.compile("^\\d+:[A-Z] .*? [.\\-*#] ");
  private static final Pattern NOISE =
      Pattern.compile(
          "WARNING|Redis is starting|Valkey is starting|just started|Configuration loaded"
              + "|monotonic clock|maximum open files|Running mode=|Server initialized"
              + "|for writing the AOF|overcommit|supervised");

  private RedisLog() {}

  /** The last line that explains an end, or says where to look. */
  static String lastComplaint(Path log) {
    List<String> lines = lines(log);
    for (int i = lines.size() - 1; i >= 0; i--) {
      String text = PREFIX.matcher(lines.get(i)).replaceFirst("").strip();
      if (!text.isEmpty() && !NOISE.matcher(text).find()) {
        return text;
      }
    }
    return "it says nothing in " + log;
  }

  static boolean isReady(Path log) {
    return find(log, "Ready to accept connections").isPresent();
  }

  static Optional<String> find(Path log, String text) {
    return lines(log).stream().filter(line -> line.contains(text)).findFirst();
  }

  private static List<String> lines(Path log) {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      return List.of(); // not there yet: it has said nothing
    }
  }
}
