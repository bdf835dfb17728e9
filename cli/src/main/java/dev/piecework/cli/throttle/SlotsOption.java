package dev.piecework.cli.throttle;

import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.worker.Worker;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many commands run at once. */
public final class SlotsOption {

  private static final String AUTO = "auto";
  private static final Pattern WORDS = Pattern.compile("(\\+?)(\\d{1,9})(%?)");

  @Option(
      names = "--slots-file",
      paramLabel = "FILE",
      description =
          "How many is in FILE, written as for --slots; it is looked at again when it changes. A"
              + " running worker is changed by piecework set too. Default: --slots.")
  @Nullable Path file;

  @Option(
      names = {"-p", "--slots"},
      paramLabel = "N|N%|+N|auto",
      description =
          "How many commands run at once: a number, a share of the processors (50%%), so many more"
              + " than there are (+2); auto, the default, is as many as there are, in a container"
              + " as many as its CPU limit allows.")
  @Nullable String slots;

  private String said = "";

  /** As many as are asked for, at least one. */
  public int count() {
    if (file != null && slots != null) {
      throw Refusal.usage("--slots-file says how many slots there are: leave out --slots");
    }
    if (file == null) {
      return count(slots == null ? AUTO : slots);
    }
    said = SlotsFile.text(file);
    return count(said);
  }

  /**
   * What is looked at while commands run. To be asked after {@link #count()}: what it said then is
   * no change.
   *
   * @param fitting as many as can be had of those that it asks for
   */
  public SlotsFile file(IntUnaryOperator fitting) {
    return new SlotsFile(file, said, fitting);
  }

  static int count(String text) {
    return count(text, Runtime.getRuntime().availableProcessors());
  }

  static int count(String text, int processors) {
    if (text.equals(AUTO)) {
      return processors;
    }
    Matcher words = WORDS.matcher(text);
    boolean more = words.matches() && !words.group(1).isEmpty();
    boolean share = words.matches() && !words.group(3).isEmpty();
    if (!words.matches() || (more && share)) {
      throw Refusal.usage(
          "--slots '"
              + Printable.typed(text, 60)
              + "' is neither a number nor "
              + AUTO
              + ", nor written like 50% or +2");
    }
    long number = Long.parseLong(words.group(2));
    long slots =
        share
            ? Math.max(number == 0 ? 0 : 1, Math.round(processors * number / 100.0))
            : more ? processors + number : number;
    if (slots < 1) {
      throw Refusal.usage("--slots " + text + ": at least one slot is needed");
    }
    if (slots > Worker.MOST_SLOTS) {
      throw Refusal.usage(
          "--slots "
              + text
              + ": there are "
              + Figures.number(Worker.MOST_SLOTS)
              + " slots at most");
    }
    return (int) slots;
  }
}
