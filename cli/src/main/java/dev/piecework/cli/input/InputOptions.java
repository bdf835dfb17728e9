package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where items come from, and how they are written there. */
public final class InputOptions {

  @Option(
      names = "--from",
      paramLabel = "FILE|-",
      description =
          "Read items from this file, or from standard input; with fill also from a queue of"
              + " RabbitMQ: amqp[s]://[USER@]HOST[:PORT][/VHOST]/QUEUE.")
  public @Nullable String from;

  @Option(
      names = "--format",
      paramLabel = "lines|nul|jsonl|csv|tsv",
      description = {
        "How items are written; default lines, split at \\n; of CR LF the CR is taken off.",
        "jsonl: the payload is the line; but {\"payload\": TEXT} or {\"payloadBase64\": BASE64},"
            + " with or without \"id\" and nothing else, is unpacked.",
        "csv, tsv: a table, a record per item; the payload is a JSON object with a text for each"
            + " column."
      })
  public RecordReader.Format format = RecordReader.Format.LINES;

  @Option(
      names = "--id",
      paramLabel = "FIELD",
      description = "The field (jsonl) or column (csv, tsv) that holds an item's id.")
  public @Nullable String idField;

  @Option(
      names = "--unique",
      description =
          "Skip and count items whose id the run has seen; of lines, those that are equal to one.")
  public boolean unique;

  @Mixin final LineOptions lines = new LineOptions();
  @Mixin final AheadOption ahead = new AheadOption();
  @Mixin final OrderOptions order = new OrderOptions();

  @Mixin final TableOptions table = new TableOptions();

  /** Whether a table's records are filled as they are written. */
  public boolean raw;

  /** What is behind {@code :::}, or null. */
  public @Nullable Grid grid;

  private WantedFields wanted = WantedFields.NONE;

  /** Where items come from. */
  public Input source() {
    return grid == null ? Input.of(from) : new Input(null, false, grid);
  }

  /** How items are written, and in which order they are filled. */
  public RecordFormat records() {
    String source = order.shuffle == null ? "" : source().source();
    TableForm form = new TableForm(raw, !table.noHeader, table.delimiter(format), wanted);
    RecordFormat.Rules rules = new RecordFormat.Rules(lines.rules(), form, ahead.most);
    return new RecordFormat(written(), idField, unique, order.order(source), rules);
  }

  private RecordReader.Format written() {
    return grid == null ? format : RecordReader.Format.NUL;
  }

  /**
   * How far a source is read that gives items as they are, and may never end.
   *
   * @param says hears why it is not read on
   * @return null where it is read on in any case
   */
  public @Nullable Room room(WorkQueue queue, Consumer<String> says) {
    return ahead.room(queue, says);
  }

  /** Whether items are records, with fields. */
  public boolean hasFields() {
    return grid == null ? format.hasFields() && !raw : grid.isOfRecords();
  }

  /**
   * The same, but a sample of all comes first, by the seed of the order, or of the input's name.
   */
  public RecordFormat records(SampleSize sample) {
    RecordFormat all = records();
    long seed =
        all.order() instanceof RecordOrder.Shuffled shuffled
            ? shuffled.seed()
            : OrderOptions.seedOf(Input.of(from).source());
    return all.ordered(new RecordOrder.SampleFirst(sample, seed, all.order()));
  }

  /** Says what gives the order again, if it has a seed. */
  public void sayOrder(Terminal terminal) {
    records().sayOrder(terminal);
  }

  /** Says what does not go together, before anything is opened. */
  public void check() {
    if (grid != null) {
      checkGrid();
    }
    RecordReader _ = RecordReader.of(InputStream.nullInputStream(), format, idField, 1);
    lines.check(format);
    ahead.check(order.order("").isOfInput());
    order.check(format);
    table.check(format);
    if (raw && !format.hasFields()) {
      throw Refusal.usage(
          "--raw-records is about records: it goes with --format csv, tsv or jsonl");
    }
    if (unique && idField == null && format.isTable()) {
      throw Refusal.usage("--unique needs ids: name the field that holds them with --id");
    }
  }

  private void checkGrid() {
    if (from != null) {
      throw Refusal.usage("::: gives the items: leave out --from");
    }
    if (format != RecordReader.Format.LINES || idField != null || unique) {
      throw Refusal.usage(
          "::: gives the items: leave out --format, --id and --unique, which are about an input");
    }
  }

  /**
   * Refuses fields that the items cannot have, as far as the input can be read twice; a table that
   * cannot is refused when its header is read, before anything is filled.
   */
  public void require(WantedFields fields, QueueSettings settings) throws IOException {
    wanted = "id".equals(idField) ? fields.withoutOwn("id") : fields;
    if (!hasFields() || fields.equals(WantedFields.NONE)) {
      return;
    }
    Input source = source();
    if (grid != null) {
      fields.check(grid.columns());
    } else if (!source.stream()) {
      try (InputStream in = source.open()) {
        RecordReader records = records().asTheyCome(in, settings, InputNotices.none());
        if (format.isTable()) {
          Item _ = records.next();
        } else {
          fields.checkSome(records);
        }
      }
    }
  }
}
