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

  /** What matters more than what is said after it. */
  private static final List<String> TELLING =
      List.of(
          "Address already in use",
          "Address in use", // the same of musl, which the bundled server is linked with
          "Can't handle RDB format version",
          "Bad file format",
          "Unexpected end of file",
          "No space left on device",
          "Disk quota exceeded");

  private RedisLog() {}

  /** What explains an end: a telling line, or the last of the log, or what it said before. */
  static String lastComplaint(Path log, Path errors) {
    for (String telling : TELLING) {
      Optional<String> line = find(log, telling);
      if (line.isPresent()) {
        return PREFIX.matcher(line.get()).replaceFirst("").strip();
      }
    }
    for (String line : lines(log).reversed()) {
      String text = PREFIX.matcher(line).replaceFirst("").strip();
      if (!text.isEmpty() && !NOISE.matcher(text).find()) {
        return text;
      }
    }
    // A wrong line of the configuration is quoted in one line, and explained in the next.
    List<String> said = lines(errors).stream().filter(line -> !line.isBlank()).toList();
    String end = String.join(" ", said.subList(Math.max(0, said.size() - 2), said.size()));
    return end.isEmpty() ? "it says nothing in " + log : end.replace(">>> ", "");
  }

  static boolean isReady(Path log) {
    return find(log, "Ready to accept connections").isPresent()
        || find(log, "Sentinel ID is").isPresent();
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
