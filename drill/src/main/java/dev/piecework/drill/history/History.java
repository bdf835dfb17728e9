package dev.piecework.drill.history;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.piecework.drill.history.Operation.Answer;
import dev.piecework.drill.history.Operation.Moment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all clients of one queue did: every call, by the time at which it began, and what reached a
 * handler.
 */
public record History(List<Operation> operations, List<Handled> handled) {

  /** The ending of a history file's name. */
  public static final String SUFFIX = ".history";

  /** An item reached a handler, under a token. */
  public record Handled(String client, String id, long token, long at) {}

  private static final Answer DIED =
      new Answer.Unknown("the client did not live to see the answer");

  /** Reads all histories in a folder. A last line that was not finished is left out. */
  public static History read(Path folder) {
    List<Operation> operations = new ArrayList<>();
    List<Handled> handled = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
        new ClientFile(file).read(operations, handled);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot read the histories in " + folder, failed);
    }
    operations.sort(Comparator.comparingLong(operation -> operation.when().called()));
    return new History(operations, handled);
  }

  /** One client's file on its way to operations. */
  private static final class ClientFile {
    private final Path file;
    private final String client;
    private final Map<String, Operation> open = new LinkedHashMap<>();

    ClientFile(Path file) {
      this.file = file;
      String name = String.valueOf(file.getFileName());
      this.client = name.substring(0, name.length() - SUFFIX.length());
    }

    void read(List<Operation> operations, List<Handled> handled) throws IOException {
      try (BufferedReader lines = Files.newBufferedReader(file, US_ASCII)) {
        for (String line = whole(lines); line != null; line = whole(lines)) {
          String[] fields = line.split("\t", -1);
          long at = Long.parseLong(fields[2]);
          switch (fields[0]) {
            case "call" -> open.put(fields[1], called(fields, at));
            case "answer" ->
                operations.add(ended(fields, at, new Answer.Replied(Wire.read(fields, 3))));
            case "refused" -> operations.add(ended(fields, at, new Answer.Refused(why(fields))));
            // It may run later than that: it may still be on its way.
            case "unknown" ->
                operations.add(ended(fields, Long.MAX_VALUE, new Answer.Unknown(why(fields))));
            case "handled" ->
                handled.add(
                    new Handled(
                        client,
                        String.valueOf(Wire.read(fields, 3).getFirst()),
                        Long.parseLong(fields[4].substring(1)),
                        at));
            default -> throw new IOException("not a line of a history: " + line);
          }
        }
      }
      operations.addAll(open.values());
    }

    // BufferedReader does not tell a line that lacks its end: the last one is looked at.
    private static @Nullable String whole(BufferedReader lines) throws IOException {
      StringBuilder line = new StringBuilder(256);
      for (int c = lines.read(); c >= 0; c = lines.read()) {
        if (c == '\n') {
          return line.toString();
        }
        line.append((char) c);
      }
      return null;
    }

    private Operation called(String[] fields, long at) {
      return new Operation(
          client,
          fields[3],
          fields[4].isEmpty() ? List.of() : List.of(fields[4].split(" ", -1)),
          Wire.read(fields, 5),
          new Moment(at, Long.MAX_VALUE),
          DIED);
    }

    private Operation ended(String[] fields, long at, Answer answer) throws IOException {
      Operation call = open.remove(fields[1]);
      if (call == null) {
        throw new IOException(file + ": an answer to no call: " + fields[1]);
      }
      return new Operation(
          client,
          call.script(),
          call.names(),
          call.arguments(),
          new Moment(call.when().called(), at),
          answer);
    }

    private static String why(String[] fields) {
      return String.valueOf(Wire.read(fields, 3).getFirst());
    }
  }
}
