package dev.piecework.cli.input;

import dev.piecework.FillRefusedException;
import dev.piecework.QueueSettings;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * How items are written in an input.
 *
 * @param format how one record is told from the next
 * @param idField the field or column that holds an item's id; null when none does
 * @param unique whether an item whose id the run has seen is left out
 * @param order in which they become items
 * @param table how a table is written, and what its records become
 */
public record RecordFormat(
    RecordReader.Format format,
    @Nullable String idField,
    boolean unique,
    RecordOrder order,
    TableForm table) {

  /** Reads records as large as the queue's largest payload may need. */
  public RecordReader reader(InputStream in, QueueSettings settings) {
    return inOrder(unordered(in, settings));
  }

  /** The same as they come. */
  RecordReader unordered(InputStream in, QueueSettings settings) {
    // Base64 and escapes make a record longer than its payload.
    long longest = 6L * settings.payloadMax() + (1 << 16);
    return RecordReader.of(
        in, format, table, idField, (int) Math.min(longest, Integer.MAX_VALUE - 64));
  }

  /** The same for inputs of which the same items are made, but for how they are written. */
  public String word() {
    return "format " + format + " id " + idField + " " + unique + table.word();
  }

  /** The same, with what else may be the cause. */
  public FillRefusedException explained(FillRefusedException refused) {
    FillRefusedException ordered = order.explained(refused);
    return format.isTable() && order.isOfInput()
        ? new FillRefusedException(
            refused.getMessage()
                + " (with --raw-records a table's records are filled as they are written, as all"
                + " were before there were fields; else as JSON objects)")
        : ordered;
  }

  /** These records in the order that is asked for. */
  public RecordReader inOrder(RecordReader records) {
    return order.isOfInput() ? records : new OrderedRecords(records, order);
  }
}
