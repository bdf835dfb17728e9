package dev.piecework.cli.input;

import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a table is written. */
public final class TableOptions {

  @Option(
      names = "--no-header",
      description =
          "The first line of a table (csv, tsv) is a record too; columns are named 1, 2, ...;"
              + " default: it has their names.")
  boolean noHeader;

  @Option(
      names = "--delimiter",
      paramLabel = "C",
      description =
          "With --format csv: the character between fields, such as ';' or \\t; default: a comma.")
  @Nullable String delimiter;

  void check(RecordReader.Format format) {
    if (noHeader && !format.isTable()) {
      throw Refusal.usage("--no-header is about tables: it goes with --format csv or tsv");
    }
    if (delimiter != null && format != RecordReader.Format.CSV) {
      throw Refusal.usage("--delimiter is about the fields of a table: it goes with --format csv");
    }
    byte _ = delimiter(format);
  }

  byte delimiter(RecordReader.Format format) {
    String text = delimiter;
    if (text == null) {
      return (byte) (format == RecordReader.Format.TSV ? '\t' : ',');
    }
    char c = text.equals("\\t") ? '\t' : text.length() == 1 ? text.charAt(0) : 0;
    if (c == 0 || c > 126 || c == '"' || c == '\n' || c == '\r') {
      throw Refusal.usage(
          "--delimiter '"
              + Printable.typed(text, 60)
              + "' is not one ASCII character other than a quote and a line end");
    }
    return (byte) c;
  }
}
