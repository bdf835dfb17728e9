package dev.piecework.cli.run;

import dev.piecework.StopEarly;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.worker.SlotLoop;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --stop-early} in the words of GNU parallel, where they mean the same. */
final class HaltOption {

  private static final Pattern WORDS =
      Pattern.compile("(now|soon),fail=(?:(\\d{1,9})|(\\d{1,3}(?:\\.\\d{1,6})?%))");

  /** What is done when. */
  private record Halt(StopEarly when, boolean now) {}

  @Option(
      names = "--halt",
      paramLabel = "never|soon,fail=N|now,fail=N",
      description =
          "The words of GNU parallel for --stop-early: pause when N items, or P%%, are dead; with"
              + " now what runs is ended and given back. Default: as --stop-early.")
  @Nullable String halt;

  /** Before the settings are read. */
  void giveTo(SettingsOptions settings, boolean child) {
    if (halt == null) {
      return;
    }
    Halt read = read(halt);
    if (read.now() && child) {
      throw Refusal.usage("--halt now ends the commands of items: --child has none, use soon");
    }
    if (!settings.stopEarly(read.when())) {
      throw Refusal.usage("--halt and --stop-early say the same: give one of them");
    }
  }

  /** This loop, whose commands are ended with the worker if that was asked for. */
  SlotLoop on(SlotLoop loop) {
    return halt != null && read(halt).now() ? new EndsAtOnce(loop) : loop;
  }

  private static Halt read(String text) {
    // The numbers are those of its older versions.
    switch (text) {
      case "never", "0" -> {
        return new Halt(StopEarly.off(), false);
      }
      case "1" -> {
        return new Halt(new StopEarly.DeadItems(0), false);
      }
      case "2" -> {
        return new Halt(new StopEarly.DeadItems(0), true);
      }
      default -> {}
    }
    Matcher words = WORDS.matcher(text);
    if (!words.matches() || "0".equals(words.group(2))) {
      throw refused(text);
    }
    boolean now = words.group(1).equals("now");
    String share = words.group(3);
    try {
      return new Halt(
          share == null
              ? new StopEarly.DeadItems(Long.parseLong(words.group(2)) - 1)
              : StopEarly.parse(share),
          now);
    } catch (IllegalArgumentException above) {
      throw refused(text);
    }
  }

  private static Refusal refused(String text) {
    String instead =
        text.contains("success=")
            ? "; nothing stops at what is done: --limit N takes so many items"
            : text.contains("done=") ? "; --limit N takes so many items" : "";
    return Refusal.usage(
        "--halt '"
            + Printable.typed(text, 60)
            + "' is neither never nor like soon,fail=3, soon,fail=10% or now,fail=1"
            + instead);
  }
}
