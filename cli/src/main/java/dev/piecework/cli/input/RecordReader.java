package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads items from an input, one at a time; what was read before is not kept. */
public interface RecordReader {

  /** The formats of {@code --format}. */
  enum Format {
    LINES,
    NUL,
    JSONL,
    CSV,
    TSV;

    /** Whether a record has columns, whose names a header may have. */
    public boolean isTable() {
      return this == CSV || this == TSV;
    }

    /** Whether a record has fields with names. */
    public boolean hasFields() {
      return this == JSONL || isTable();
    }

    /** As people write it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The next item, or null at the end of the input. */
  @Nullable Item next() throws IOException;

  /**
   * This field of the record that came last.
   *
   * @return its text or number; null where it has none, or records have no fields
   */
  default @Nullable String field(String name) {
    return null;
  }

  /** How many records came first as a sample of all; known with the first, 0 if none did. */
  default int sampled() {
    return 0;
  }

  /**
   * @param idField the field or column with the id, or null
   * @param longest the longest record in bytes; a longer one is refused before it fills the memory
   */
  static RecordReader of(InputStream in, Format format, @Nullable String idField, int longest) {
    return of(in, format, TableForm.RAW, idField, longest);
  }

  /**
   * @param form of a table
   * @param idField the field or column with the id, or null
   * @param longest the longest record in bytes; a longer one is refused before it fills the memory
   */
  static RecordReader of(
      InputStream in, Format format, TableForm form, @Nullable String idField, int longest) {
    if (idField != null && (format == Format.LINES || format == Format.NUL)) {
      throw Refusal.usage(
          "--id names a field: it goes with --format jsonl or csv, or tsv, not "
              + (format == Format.NUL ? "nul" : "lines"));
    }
    return switch (format) {
      case LINES -> delimited(new ByteRecords(in, (byte) '\n', longest));
      case NUL -> delimited(new ByteRecords(in, (byte) 0, longest));
      case JSONL -> new JsonRecords(new ByteRecords(in, (byte) '\n', longest), idField);
      case CSV, TSV -> new CsvRecords(new ByteRecords(in, (byte) '\n', longest), idField, form);
    };
  }

  private static RecordReader delimited(ByteRecords records) {
    return () -> {
      byte[] record = records.next();
      return record == null ? null : Item.of(record);
    };
  }
}
