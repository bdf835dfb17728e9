package dev.piecework.cli.input;

import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where items come from, and how they are written there. */
public final class InputOptions {

  @Option(
      names = "--from",
      paramLabel = "FILE|-",
      description = "Read items from this file, or from standard input.")
  public @Nullable String from;

  @Option(
      names = "--format",
      paramLabel = "lines|nul|jsonl|csv",
      description = {
        "How items are written; default lines, split at \\n; of CR LF the CR is taken off.",
        "jsonl: the payload is the line; but {\"payload\": TEXT} or {\"payloadBase64\": BASE64},"
            + " with or without \"id\" and nothing else, is unpacked.",
        "csv: a header, then a record per item; the payload is the record as it is written."
      })
  public RecordReader.Format format = RecordReader.Format.LINES;

  @Option(
      names = "--id",
      paramLabel = "FIELD",
      description = "The field (jsonl) or column (csv) that holds an item's id.")
  public @Nullable String idField;

  @Option(
      names = "--unique",
      description =
          "Skip and count items whose id the run has seen; of lines, those that are equal to one.")
  public boolean unique;

  @Mixin final LineOptions lines = new LineOptions();
  @Mixin final OrderOptions order = new OrderOptions();

  /** How items are written, and in which order they are filled. */
  public RecordFormat records() {
    String source = order.shuffle == null ? "" : Input.of(from).source();
    return new RecordFormat(format, idField, unique, order.order(source), lines.rules());
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
    RecordReader _ = RecordReader.of(InputStream.nullInputStream(), format, idField, 1);
    lines.check(format);
    order.check(format);
    if (unique && idField == null && format == RecordReader.Format.CSV) {
      throw Refusal.usage("--unique needs ids: name the field that holds them with --id");
    }
  }
}
