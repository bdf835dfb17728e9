package dev.piecework.cli.run;

import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.RecordFormat;
import dev.piecework.cli.redis.WhereRedis;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The names that {@code run} gives to its queues when nobody does. */
final class RunName {

  private static final int DIGITS = 12;

  private RunName() {}

  /**
   * The command that is run for the items.
   *
   * @param program its first word; {@code sh} where it is a text for that
   * @param whatChangesResults all of it that gives other results when it is another
   */
  record Work(String program, List<String> whatChangesResults) {}

  /** The same for the same command on the same file in the same folder; else a new one. */
  static String of(Work command, RecordFormat format, Input from, Path folder) {
    List<String> parts = new ArrayList<>();
    parts.add(folder.toAbsolutePath().normalize().toString());
    parts.addAll(command.whatChangesResults());
    parts.add(format.word());
    if (format.lines().skip() > 0) { // of the other parts a run may be continued with more
      parts.add("skip " + format.lines().skip());
    }
    parts.add(from.source());
    String program = command.program();
    String word =
        program.substring(program.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    word = word.substring(0, Math.min(word.length(), 40));
    String digits =
        from.stream()
            ? HexFormat.of().toHexDigits(new SecureRandom().nextLong())
            : digest(String.join("\0\0", parts));
    return "run-" + (word.isEmpty() ? "" : word + "-") + digits.substring(0, DIGITS);
  }

  /** Tells the queue of this name in this Redis from every other. */
  static long lockPlace(WhereRedis where, String name) {
    String redis =
        switch (where) {
          // Who we are there may be said in the URL or beside it.
          case WhereRedis.At at -> at.uri().shown() + "/" + at.uri().database();
          case WhereRedis.Embedded embedded -> "";
        };
    return HexFormat.fromHexDigitsToLong(digest(redis + "\0" + name), 0, 16) >>> 2;
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
