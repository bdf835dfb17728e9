package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * A table, with a header line or without. The payload is a JSON object with a text for each column,
 * in their order, or the record as it was written, quotes and all, without the line end; a quoted
 * field may hold line ends. Blank lines are skipped.
 */
final class CsvRecords implements RecordReader {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final ByteRecords lines;
  private final @Nullable String idField;
  private final TableForm form;
  private int idColumn = -1;
  private boolean begun;
  private byte[] header = new byte[0];
  private @Nullable List<String> columns;

  /** The names of the columns as they are written in each object. */
  private final List<String> keys = new ArrayList<>();

  private byte @Nullable [] ahead;
  private byte @Nullable [] last;
  private long count;

  CsvRecords(ByteRecords lines, @Nullable String idField, TableForm form) {
    this.lines = lines;
    this.idField = idField;
    this.form = form;
  }

  @Override
  public @Nullable Item next() throws IOException {
    if (!begun) {
      begun = true;
      byte[] first = record();
      if (first == null) {
        return null;
      }
      begin(first);
    }
    byte[] record = ahead == null ? record() : ahead;
    ahead = null;
    last = record;
    if (record == null) {
      return null;
    }
    count++;
    if (form.raw()) {
      Item item = Item.of(record);
      return idColumn < 0 ? item : withId(item, fields(record));
    }
    List<String> fields = strictFields(record);
    Item item = Item.of(object(fields));
    return idColumn < 0 ? item : withId(item, fields);
  }

  /** Takes the header, or makes one of the first record. */
  private void begin(byte[] first) {
    header = first;
    if (!form.header()) {
      ahead = first;
      int width = fields(first).size();
      columns = IntStream.rangeClosed(1, width).mapToObj(Integer::toString).toList();
    } else if (!form.raw()) {
      columns = checkedHeader(strictFields(first));
    }
    if (!form.raw()) {
      for (String name : columns()) {
        StringBuilder key = new StringBuilder(keys.isEmpty() ? "{\"" : ",\"");
        JsonStringEncoder.getInstance().quoteAsString(name, key);
        keys.add(key.append("\":\"").toString());
      }
      form.wanted().check(columns());
    }
    idColumn = idField == null ? -1 : column(idField);
  }

  private static List<String> checkedHeader(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isBlank()) {
        throw Refusal.usage(
            "column "
                + (i + 1)
                + " of the header has no name: give it one; --no-header if the first line is a"
                + " record, --raw-records to keep records as they are written");
      }
      if (!seen.add(names.get(i))) {
        throw Refusal.usage(
            "the header has two columns '"
                + Printable.typed(names.get(i), 60)
                + "': rename one; --no-header if the first line is a record, --raw-records to keep"
                + " records as they are written");
      }
    }
    return names;
  }

  private byte[] object(List<String> fields) {
    if (fields.size() != keys.size()) {
      throw Refusal.usage(
          where()
              + " has "
              + Figures.count(fields.size(), "field")
              + ", the "
              + (form.header() ? "header " : "first one ")
              + keys.size()
              + "; is the --delimiter another? --raw-records keeps records as they are written");
    }
    StringBuilder object = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      object.append(keys.get(i));
      JsonStringEncoder.getInstance().quoteAsString(fields.get(i), object);
      object.append('"');
    }
    return object.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private String where() {
    return count == 0
        ? "the header"
        : "record " + Figures.number(count) + " (up to line " + Figures.number(lines.count()) + ")";
  }

  private List<String> strictFields(byte[] record) {
    String text =
        Printable.strictText(record)
            .orElseThrow(() ->
                Refusal.usage(
                    where()
                        + " is not UTF-8: convert the file (iconv -t UTF-8), or keep records as"
                        + " they are written with --raw-records"));
    return TableRow.fields(text, form.delimiter());
  }

  private List<String> fields(byte[] record) {
    return TableRow.fields(new String(record, StandardCharsets.UTF_8), form.delimiter());
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

  private List<String> columns() {
    List<String> known = columns;
    if (known == null) {
      known = fields(header);
      columns = known;
    }
    return known;
  }

  private int column(String name) {
    List<String> known = columns();
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

  private Item withId(Item item, List<String> fields) {
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
    byte[] line = line();
    while (line != null && withoutReturn(line).length == 0) {
      line = line();
    }
    if (line == null) {
      return null;
    }
    boolean open = TableRow.isOpenAfter(line, false, form.delimiter());
    if (!open) {
      return withoutReturn(line);
    }
    long start = lines.count();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    while (true) {
      record.writeBytes(line);
      if (!open) {
        return withoutReturn(record.toByteArray());
      }
      line = line();
      if (line == null || record.size() > lines.longest()) {
        throw Refusal.usage("the quote in line " + start + " is never closed");
      }
      record.write('\n');
      open = TableRow.isOpenAfter(line, true, form.delimiter());
    }
  }

  private byte @Nullable [] line() throws IOException {
    byte[] line = lines.next();
    boolean marked =
        line != null
            && lines.count() == 1
            && line.length >= BYTE_ORDER_MARK.length
            && Arrays.equals(
                line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    return marked && line != null
        ? Arrays.copyOfRange(line, BYTE_ORDER_MARK.length, line.length)
        : line;
  }

  private static byte[] withoutReturn(byte[] line) {
    boolean returns = line.length > 0 && line[line.length - 1] == '\r';
    return returns ? Arrays.copyOf(line, line.length - 1) : line;
  }
}
