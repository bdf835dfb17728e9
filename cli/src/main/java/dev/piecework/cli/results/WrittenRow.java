package dev.piecework.cli.results;

import dev.piecework.cli.output.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * A row as it is read again from a results file.
 *
 * @param run empty if it names none
 * @param resultFile the file that has its result, if one has
 */
record WrittenRow(String id, String run, boolean dead, @Nullable String resultFile) {

  private static final List<String> COLUMNS = List.of(ResultText.CSV_FILE_HEADER.split(","));

  /** Null for what is no row of ours. */
  static @Nullable WrittenRow ofJson(byte[] line) {
    String id = null;
    String run = "";
    String file = null;
    boolean dead = false;
    try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
          switch (name) {
            case "id" -> id = parser.getString();
            case "resultFile" -> file = parser.getString();
            case "run" -> run = parser.getString();
            case "state" -> dead = parser.getString().equals(ResultText.DEAD);
            default -> {}
          }
        }
        parser.skipChildren();
      }
    } catch (JacksonException broken) {
      return null;
    }
    return id == null ? null : new WrittenRow(id, run, dead, file);
  }

  /** Null for what is no row of ours. */
  static @Nullable WrittenRow ofCsv(byte[] record) {
    List<String> cells = cells(new String(record, StandardCharsets.UTF_8));
    if (cells.size() != COLUMNS.size()) {
      return null;
    }
    boolean inFile = List.of(cell(cells, "base64").split(" ")).contains("resultFile");
    return new WrittenRow(
        cell(cells, "id"),
        cell(cells, "run"),
        cell(cells, "state").equals(ResultText.DEAD),
        inFile ? cell(cells, "result") : null);
  }

  private static String cell(List<String> cells, String column) {
    return cells.get(COLUMNS.indexOf(column));
  }

  /** Whether a quote that was opened before the end of this line is closed behind it. */
  static boolean leavesQuoteOpen(byte[] line) {
    boolean open = false;
    for (byte one : line) {
      open ^= one == '"';
    }
    return open;
  }

  private static List<String> cells(String record) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < record.length(); i++) {
      char c = record.charAt(i);
      if (c == '"') {
        // Of two quotes within quotes the second is one.
        if (!quoted && i > 0 && record.charAt(i - 1) == '"') {
          cell.append('"');
        }
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
