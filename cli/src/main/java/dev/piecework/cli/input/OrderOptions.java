package dev.piecework.cli.input;

import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Stack;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** In which order items are filled. */
public final class OrderOptions {

  private static final String BY_NAME = "";
  private static final String FILE = "file";

  @Option(
      names = "--shuffle",
      arity = "0..1",
      paramLabel = "SEED",
      fallbackValue = BY_NAME,
      preprocessor = OnlyAfterEquals.class,
      description =
          "Fill in a random order, the same for the same SEED; default: one made of the input's"
              + " name. The whole input is held in memory.")
  @Nullable String shuffle;

  @Option(
      names = "--size",
      paramLabel = "FIELD|file",
      description =
          "Fill the largest first: by the number in this field (jsonl) or column (csv), or by the"
              + " size of the file that the payload names.")
  @Nullable String size;

  /** A word that follows is another argument: {@code --shuffle job2}. */
  static final class OnlyAfterEquals implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (!"=".equals(info.get("separator"))) {
        arguments.push(BY_NAME);
      }
      return false;
    }
  }

  /**
   * What was asked for.
   *
   * @param source the name of the input, of which a seed is made when none is given: so the same
   *     fill again gives the same order, and goes on where it broke off
   */
  RecordOrder order(String source) {
    if (shuffle != null) {
      return new RecordOrder.Shuffled(seed(shuffle, source));
    }
    String by = size;
    return by == null
        ? new RecordOrder.OfInput()
        : by.equals(FILE) ? new RecordOrder.LargestFile() : new RecordOrder.LargestField(by);
  }

  void check(RecordReader.Format format) {
    if (shuffle != null && size != null) {
      throw Refusal.usage("--shuffle and --size exclude each other");
    }
    if (shuffle != null) {
      long _ = seed(shuffle, "");
    }
    if (size != null && size.isBlank()) {
      throw Refusal.usage("--size '': name a field, or file; is a variable not set?");
    }
    boolean fields = format.hasFields();
    if (size != null && !size.equals(FILE) && !fields) {
      throw Refusal.usage(
          "--size "
              + Printable.typed(size, 60)
              + " names a field: it goes with --format jsonl or csv, or tsv; --size file takes the sizes of"
              + " the files that the lines name");
    }
  }

  private static long seed(String text, String source) {
    if (text.equals(BY_NAME)) {
      return seedOf(source);
    }
    if (!text.matches("-?\\d{1,18}")) {
      throw Refusal.usage(
          "--shuffle="
              + Printable.typed(text, 60)
              + ": a seed is a whole number of 18 digits at most");
    }
    return Long.parseLong(text);
  }

  /** The same for the same input. */
  static long seedOf(String source) {
    CRC32 sum = new CRC32();
    sum.update(source.getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }

  /** What gives this order again. */
  static void say(RecordOrder order, Terminal terminal) {
    switch (order) {
      case RecordOrder.Shuffled(long seed) ->
          terminal.say("the order is that of --shuffle=" + seed);
      case RecordOrder.SampleFirst(SampleSize size, long seed, RecordOrder others) -> {
        terminal.say("a sample of " + size.text() + " comes first, of seed " + seed);
        say(others, terminal);
      }
      case RecordOrder.OfInput _, RecordOrder.LargestField _, RecordOrder.LargestFile _ -> {}
    }
  }
}
