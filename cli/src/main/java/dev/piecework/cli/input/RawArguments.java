package dev.piecework.cli.input;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Arguments as the bytes that were typed. Java decodes them as UTF-8 and loses what is not; Linux
 * still has them.
 */
public final class RawArguments {

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private RawArguments() {}

  /** The bytes of these arguments of this process, in this order. */
  public static List<byte[]> ofItems(List<String> items) {
    List<byte[]> known = items.stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList();
    if (items.stream().noneMatch(item -> item.indexOf('\ufffd') >= 0)) {
      return known;
    }
    try {
      return match(items, split(Files.readAllBytes(COMMAND_LINE)));
    } catch (IOException unreadable) {
      return known;
    }
  }

  /** Finds each item, in order, among the arguments: options may stand between them. */
  static List<byte[]> match(List<String> items, List<byte[]> arguments) {
    List<byte[]> found = new ArrayList<>();
    int at = arguments.size() - 1;
    for (int i = items.size() - 1; i >= 0; i--) {
      while (at >= 0 && !text(arguments.get(at)).equals(items.get(i))) {
        at--;
      }
      found.addFirst(at < 0 ? items.get(i).getBytes(StandardCharsets.UTF_8) : arguments.get(at--));
    }
    return found;
  }

  private static List<byte[]> split(byte[] commandLine) throws IOException {
    List<byte[]> arguments = new ArrayList<>();
    var records =
        new ByteRecords(
            new java.io.ByteArrayInputStream(commandLine), (byte) 0, Integer.MAX_VALUE - 64);
    for (byte[] next = records.next(); next != null; next = records.next()) {
      arguments.add(next);
    }
    return arguments;
  }

  private static String text(byte[] argument) {
    return new String(argument, StandardCharsets.UTF_8);
  }
}
