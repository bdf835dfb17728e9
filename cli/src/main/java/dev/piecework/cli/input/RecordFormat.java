package dev.piecework.cli.input;

import dev.piecework.FillRefusedException;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
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
 * @param rules which of them do, and how a table is written
 */
public record RecordFormat(
    RecordReader.Format format,
    @Nullable String idField,
    boolean unique,
    RecordOrder order,
    Rules rules) {

  /**
   * What is more to say of how they are written.
   *
   * @param lines which of them become items
   * @param table how a table is written, and what its records become
   * @param ahead how many items may wait before the next is read; null for as many as usual
   */
  record Rules(LineRules lines, TableForm table, @Nullable Long ahead) {}

  /** Which records become items. */
  public LineRules lines() {
    return rules.lines;
  }

  /** The same for inputs of which the same items are made, but for how they are written. */
  public String word() {
    return "format " + format + " id " + idField + " " + unique + rules.table.word();
  }

  /** The same in this order. */
  public RecordFormat ordered(RecordOrder another) {
    return new RecordFormat(format, idField, unique, another, rules);
  }

  /** Says what gives the order again, if it has a seed. */
  public void sayOrder(Terminal terminal) {
    OrderOptions.say(order, terminal);
  }

  /**
   * Reads records as large as the queue's largest payload may need.
   *
   * @param notices hears what is left out, and what is taken off
   */
  public RecordReader reader(InputStream in, QueueSettings settings, InputNotices notices) {
    return arranged(asTheyCome(in, settings, notices));
  }

  /** Reads an input into this queue: of one that may never end no more than others can take. */
  public RecordReader reader(InputStream in, Input from, WorkQueue queue, InputNotices notices) {
    RecordReader all = reader(in, queue.settings(), notices);
    Long asked = rules.ahead;
    boolean mayNeverEnd = from.stream() && order.isOfInput();
    long most = asked != null ? asked : mayNeverEnd ? Room.USUAL : 0;
    return most == 0 ? all : new Ahead(all, new Room(queue, most, notices::say));
  }

  /** All of them, as they come. */
  RecordReader asTheyCome(InputStream in, QueueSettings settings, InputNotices notices) {
    // Base64 and escapes make a record longer than its payload.
    long longest = 6L * settings.payloadMax() + (1 << 16);
    int most = (int) Math.min(longest, Integer.MAX_VALUE - 64);
    return format == RecordReader.Format.LINES
        ? new LineRecords(new ByteRecords(in, (byte) '\n', most), rules.lines, notices)
        : RecordReader.of(in, format, rules.table, idField, most);
  }

  /** These records: the part, with the ids and in the order that are asked for. */
  public RecordReader arranged(RecordReader records) {
    RecordReader part = rules.lines.isPart() ? new PartOfRecords(records, rules.lines) : records;
    RecordReader known = unique && !format.hasFields() ? new IdsOfContent(part) : part;
    return order.isOfInput() ? known : new OrderedRecords(known, order);
  }

  /** What was refused, with what in these options may be the cause. */
  public FillRefusedException explained(FillRefusedException refused, InputNotices notices) {
    FillRefusedException why = notices.explained(order.explained(refused));
    return format.isTable() && order.isOfInput()
        ? new FillRefusedException(
            why.getMessage()
                + " (with --raw-records a table's records are filled as they are written, as all"
                + " were before there were fields; else as JSON objects)")
        : why;
  }
}
