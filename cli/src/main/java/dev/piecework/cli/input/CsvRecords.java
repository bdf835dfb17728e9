package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180 with a header line. The payload is the record as it was written, quotes and all, without
 * the line end; a quoted field may hold line ends. Blank lines are skipped.
 */
final class CsvRecords implements RecordReader {

  private final ByteRecords lines;
  private final @Nullable String idField;
  private int idColumn = -1;
  private boolean begun;
  private byte[] header = new byte[0];
  private @Nullable List<String> columns;
  private byte @Nullable [] last;

  CsvRecords(ByteRecords lines, @Nullable String idField) {
    this.lines = lines;
    this.idField = idField;
  }

  @Override
  public @Nullable Item next() throws IOException {
    if (!begun) {
      begun = true;
      byte[] first = record();
      if (first == null) {
        return null;
      }
      header = first;
      idColumn = idField == null ? -1 : column(idField);
    }
    byte[] record = record();
    last = record;
    if (record == null) {
      return null;
    }
    Item item = Item.of(record);
    return idColumn < 0 ? item : withId(item, record);
  }

  @Override
  public @Nullable String field(String name) {
    byte[] record = last;
    if (record == null) {
      return null;
    }
    int column = column(name);
    List<String> fields = fields(record);
    return column < fields.size() ? fields.get(column) : null;
  }

  private int column(String name) {
    List<String> known = columns;
    if (known == null) {
      known = fields(header);
      if (known.getFirst().startsWith("\ufeff")) {
        known.set(0, known.getFirst().substring(1));
      }
      columns = known;
    }
    int column = known.indexOf(name);
    if (column < 0) {
      throw Refusal.usage(
          "the header has no column '"
              + Printable.typed(name, 60)
              + "'; it has "
              + Printable.line(String.join(", ", known), 200));
    }
    return column;
  }

  private Item withId(Item item, byte[] record) {
    List<String> fields = fields(record);
    try {
      if (idColumn >= fields.size()) {
        throw new IllegalArgumentException("has no column '" + idField + "'");
      }
      return item.withId(fields.get(idColumn));
    } catch (IllegalArgumentException refused) {
      throw Refusal.usage(
          "the record that ends in line " + lines.count() + ": " + refused.getMessage(), refused);
    }
  }

  /** Lines until the quotes are closed. */
  private byte @Nullable [] record() throws IOException {
    byte[] line = lines.next();
    while (line != null && withoutReturn(line).length == 0) {
      line = lines.next();
    }
    if (line == null || !leavesQuoteOpen(line)) {
      return line == null ? null : withoutReturn(line);
    }
    long start = lines.count();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    boolean open = false;
    while (true) {
      record.writeBytes(line);
      open ^= leavesQuoteOpen(line);
      if (!open) {
        return withoutReturn(record.toByteArray());
      }
      line = lines.next();
      if (line == null || record.size() > lines.longest()) {
        throw Refusal.usage("the quote in line " + start + " is never closed");
      }
      record.write('\n');
    }
  }

  private static boolean leavesQuoteOpen(byte[] line) {
    boolean open = false;
    for (byte b : line) {
      open ^= b == '"';
    }
    return open;
  }

  private static byte[] withoutReturn(byte[] line) {
    boolean returns = line.length > 0 && line[line.length - 1] == '\r';
    return returns ? Arrays.copyOf(line, line.length - 1) : line;
  }

  static List<String> fields(byte[] record) {
    String text = new String(record, StandardCharsets.UTF_8);
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
