package dev.piecework.cli.input;

import dev.piecework.QueueSettings;
import dev.piecework.cli.verb.Terminal;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * How items are written in an input.
 *
 * @param format how one record is told from the next
 * @param idField the field or column that holds an item's id; null when none does
 * @param unique whether an item whose id the run has seen is left out
 * @param order in which they become items
 */
public record RecordFormat(
    RecordReader.Format format, @Nullable String idField, boolean unique, RecordOrder order) {

  /** The same in this order. */
  public RecordFormat ordered(RecordOrder another) {
    return new RecordFormat(format, idField, unique, another);
  }

  /** Says what gives the order again, if it has a seed. */
  public void sayOrder(Terminal terminal) {
    OrderOptions.say(order, terminal);
  }

  /** Reads records as large as the queue's largest payload may need. */
  public RecordReader reader(InputStream in, QueueSettings settings) {
    // Base64 and escapes make a record longer than its payload.
    long longest = 6L * settings.payloadMax() + (1 << 16);
    return inOrder(
        RecordReader.of(in, format, idField, (int) Math.min(longest, Integer.MAX_VALUE - 64)));
  }

  /** These records in the order that is asked for. */
  public RecordReader inOrder(RecordReader records) {
    return order.isOfInput() ? records : new OrderedRecords(records, order);
  }
}
