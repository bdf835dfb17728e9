package dev.piecework.worker.internal.call;

import dev.piecework.worker.internal.session.SystemText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The environment that commands get: that of whoever called us, byte by byte. Two things come
 * between: the shell that starts the JVM may drop variables whose names it does not like (all
 * functions that bash exports) and has names of its own, and for Java's sake it sets the locale. It
 * tells of all.
 */
public final class CallerEnvironment {
  /** A system property: the locale variable that was changed, as it was; only its name: unset. */
  static final String LOCALE = "piecework.caller.locale";

  /**
   * A system property: where what was dropped or changed can be read, as hexadecimal text, once.
   */
  static final String DROPPED = "piecework.caller.variables";

  private static final List<byte[]> RETURNED = read(System.getProperty(DROPPED, ""));

  private CallerEnvironment() {}

  /**
   * @param ours what this process was given
   * @param names of variables that each command gets a value of its own for
   */
  public static List<byte[]> from(List<byte[]> ours, List<String> names) {
    return from(ours, names::contains);
  }

  /**
   * @param replaced whether each command gets a value of its own for a variable of this name
   */
  public static List<byte[]> from(List<byte[]> ours, Predicate<String> replaced) {
    String locale = System.getProperty(LOCALE, "");
    List<byte[]> all = new ArrayList<>();
    for (byte[] one : ours) {
      String name = name(one);
      if (!replaced.test(name)
          && !name.equals(name(bytes(locale)))
          && RETURNED.stream().noneMatch(other -> name(other).equals(name))) {
        all.add(one);
      }
    }
    if (locale.indexOf('=') > 0) {
      all.add(bytes(locale));
    }
    RETURNED.stream().filter(one -> !replaced.test(name(one))).forEach(all::add);
    return all;
  }

  /** What this process was given, as the bytes where the system tells them. */
  public static List<byte[]> ours() {
    try {
      return split(Files.readAllBytes(Path.of("/proc/self/environ")));
    } catch (IOException noProc) {
      return System.getenv().entrySet().stream()
          .map(one -> SystemText.bytes(one.getKey() + "=" + one.getValue()))
          .toList();
    }
  }

  /** The same where Java starts the process, which cannot pass on every name. */
  public static void restoreLocale(Map<String, String> environment) {
    String locale = System.getProperty(LOCALE, "");
    int equals = locale.indexOf('=');
    if (equals > 0) {
      environment.put(locale.substring(0, equals), locale.substring(equals + 1));
    } else {
      environment.remove(locale);
    }
  }

  /** How much of a command's room for arguments and variables is taken. */
  static long size() {
    long sum = RETURNED.stream().mapToLong(one -> one.length + 9L).sum();
    for (var variable : System.getenv().entrySet()) {
      sum +=
          variable.getKey().getBytes(StandardCharsets.UTF_8).length
              + variable.getValue().getBytes(StandardCharsets.UTF_8).length
              + 10L;
    }
    return sum;
  }

  /** Variables, each ended by a NUL. */
  private static List<byte[]> read(String file) {
    if (file.isEmpty()) {
      return List.of();
    }
    try {
      String text = Files.readString(Path.of(file), StandardCharsets.US_ASCII);
      return split(HexFormat.of().parseHex(text.replaceAll("\\s", "")));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "the variables that the launcher keeps for commands cannot be read from " + file, e);
    }
  }

  private static List<byte[]> split(byte[] variables) {
    List<byte[]> all = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < variables.length; i++) {
      if (variables[i] == 0) {
        all.add(Arrays.copyOfRange(variables, begin, i));
        begin = i + 1;
      }
    }
    return all;
  }

  private static String name(byte[] variable) {
    String text = new String(variable, StandardCharsets.ISO_8859_1);
    int equals = text.indexOf('=', 1);
    return equals < 0 ? text : text.substring(0, equals);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
