package dev.piecework.cli.run;

import dev.piecework.HumanDuration;
import dev.piecework.cli.input.Grid;
import dev.piecework.cli.input.InputOptions;
import dev.piecework.cli.input.WantedFields;
import dev.piecework.cli.kept.CommandRecords;
import dev.piecework.cli.kept.KeepOptions;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.throttle.MedianTimeout;
import dev.piecework.cli.verb.OptionWords;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Values;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.process.AttemptContext;
import dev.piecework.worker.process.BatchLoop;
import dev.piecework.worker.process.ChildLoop;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandLoop;
import dev.piecework.worker.process.CommandTemplate;
import dev.piecework.worker.process.CommandUnusableException;
import dev.piecework.worker.process.ResultLimits;
import dev.piecework.worker.process.SlotLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command that is run for the items, and what it is given. */
public final class CommandOptions {

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Up to N payloads in one call; a failing call is halved until the failing item is alone.")
  int batch = 1;

  @Option(
      names = "--nul",
      description = "A batch's output is split into records at NUL, not at newlines.")
  boolean nul;

  @Option(names = "--stdin", description = "The payload comes on the command's standard input.")
  boolean stdin;

  @Option(
      names = "--sh",
      paramLabel = "TEXT",
      description = "Run TEXT with sh -c; the payload is $$1 there, never pasted text.")
  @Nullable String shell;

  @Option(
      names = "-I",
      paramLabel = "TEXT",
      description =
          "TEXT is the place of the payload instead of {}, which then is what it looks like.")
  @Nullable String place;

  @Option(
      names = "--paste",
      description =
          "Let items be pasted into the text of a program, as in: sh -c 'echo {}'. What such an"
              + " item says is run.")
  boolean paste;

  @Option(
      names = "--timeout",
      paramLabel = "1m|N%",
      description =
          "Per item: then its process group gets SIGTERM, 5 s later SIGKILL. 300%% is three times the"
              + " median of what has succeeded here, of 10 commands at least (300%%,10s: never below"
              + " 10 s). Default: none.")
  Values.@Nullable TimeLimit timeout;

  @Option(
      names = "--child",
      description =
          "Start the command once per slot; items are JSON lines on its stdin, answers on its stdout.")
  boolean child;

  @Option(
      names = "--window",
      paramLabel = "64",
      description = "With --child: how many items are sent ahead.")
  @Nullable Integer window;

  @Mixin final FieldOptions fields = new FieldOptions();
  @Mixin public KeepOptions kept = new KeepOptions();

  public List<String> words = List.of();

  /** Tells whether items are records; before anything is checked. */
  public void readFrom(InputOptions input) {
    fields.readFrom(input);
    if (input.grid != null && !words.isEmpty()) {
      boolean follows = !child && !template().takesPayload();
      words = input.grid.completed(words, place == null ? "{}" : place, follows);
    }
  }

  /** What the command asks of the records of its input. */
  public WantedFields wanted() {
    return fields.wanted(template(), words);
  }

  /** Whether a result is a line of something: of a batch's output, of a child's. */
  boolean resultsAreLines() {
    return child || batch > 1;
  }

  /** The command's name as it was typed, and not where it was found. */
  String typed() {
    return words.isEmpty() ? "sh" : words.getFirst();
  }

  /** What a run's default name is made of. */
  RunName.Work work() {
    List<String> all =
        new ArrayList<>(
            List.of(
                String.join("\0", words),
                String.valueOf(shell),
                "batch " + batch + nul,
                "stdin " + stdin,
                "child " + child));
    if (place != null) {
      all.add("place " + place);
    }
    if (fields.variables) {
      all.add("env-fields");
    }
    return new RunName.Work(typed(), all);
  }

  /** Says what does not go together, and that the command is there, before anything is leased. */
  void check() {
    checkTogether();
    try {
      template().check();
      // What it refuses is refused before anything is dropped.
      SlotLoop _ = loop(CommandConfig.of(template(), "queue"));
    } catch (CommandUnusableException | IllegalArgumentException unusable) {
      throw Refusal.usage(String.valueOf(unusable.getMessage()), unusable);
    }
  }

  /**
   * The options again, as words for another {@code piecework}; the command itself is not among
   * them.
   */
  public List<String> optionWords() {
    OptionWords written = new OptionWords();
    written.add("--batch", batch == 1 ? null : batch);
    written.flag("--nul", nul);
    written.flag("--stdin", stdin);
    written.add("--sh", shell);
    written.add("-I", place);
    written.flag("--paste", paste);
    fields.addTo(written);
    written.add("--timeout", timeout == null ? null : timeout.text());
    written.flag("--child", child);
    written.add("--window", window);
    kept.addTo(written);
    return written.list();
  }

  /** Says what does not go together. Whether the command is there is not looked at. */
  public void checkTogether() {
    if (words.isEmpty() && shell == null) {
      throw Refusal.usage("no command: put it after --, as in: -- ./convert.sh {}");
    }
    if (!words.isEmpty() && shell != null) {
      throw Refusal.usage("a command after -- and --sh exclude each other");
    }
    if (child && (batch > 1 || stdin || nul || shell != null)) {
      throw Refusal.usage("--child reads items by itself: leave out --batch, --stdin, --nul, --sh");
    }
    if (place != null && (shell != null || child || place.isEmpty())) {
      throw Refusal.usage(
          place.isEmpty()
              ? "-I '': an empty text stands nowhere"
              : "-I goes with a command after -- that items are put into");
    }
    if (Grid.isIn(words)) {
      throw Refusal.usage("::: gives items: that is for run, and for fill (fill QUEUE ::: a b)");
    }
    fields.check(child, batch);
    if (!paste) {
      template().programWithItem().ifPresent(CommandOptions::refusePasted);
    }
    if (window != null && !child) {
      throw Refusal.usage("--window goes with --child");
    }
    if (batch < 1 || batch > 1_000) {
      throw Refusal.usage("--batch " + batch + " is not 1 to 1,000");
    }
    kept.check(resultsAreLines(), child);
    if (window != null && (window < 1 || window > 1_000)) {
      throw Refusal.usage("--window " + window + " is not 1 to 1,000");
    }
    Duration fixed = fixedTimeout();
    if (fixed != null && (fixed.isZero() || fixed.isNegative())) {
      throw Refusal.usage("--timeout " + HumanDuration.format(fixed) + ": an item needs some time");
    }
    if (timeout != null && timeout.fixed() == null && resultsAreLines()) {
      throw Refusal.usage(
          "--timeout "
              + timeout.text()
              + " needs a command for each item: give a time with "
              + (child ? "--child" : "--batch"));
    }
  }

  /** How long an item may take; null for no limit, or one that is known later. */
  public @Nullable Duration fixedTimeout() {
    return timeout == null ? null : timeout.fixed();
  }

  private static void refusePasted(String program) {
    throw Refusal.usage(
        "an item in the text of a program ("
            + Printable.line(program, 60)
            + ") would be run as a part of it: use --sh 'TEXT' with \"$1\" for the item, or pass"
            + " {} behind the text (sh -c 'TEXT' sh {}); --paste if it is meant");
  }

  /** As many slots as were asked for, or as the limit of open files allows, which is said. */
  int slotsThatFit(int asked, Terminal terminal) {
    SlotLimit limit = SlotLimit.now(child);
    if (asked <= limit.slots()) {
      return asked;
    }
    String why =
        Figures.count(asked, "slot")
            + " would need "
            + limit.openFilesFor(asked)
            + " open files, the limit is "
            + limit.openFiles()
            + " (ulimit -n)";
    if (limit.slots() == 0) {
      throw Refusal.usage(why);
    }
    terminal.say(why + ": working in " + Figures.count(limit.slots(), "slot"));
    return limit.slots();
  }

  /** What each slot does with its items; {@link #check} comes before. */
  SlotLoop loop(
      String queue, ResultLimits results, CommandRecords records, AttemptContext context) {
    return loop(
        CommandConfig.of(template(), queue)
            .withResults(results)
            .withStderr(records.stderr())
            .withListener(records.listener())
            .withPlaces(records.places())
            .withContext(context));
  }

  private SlotLoop loop(CommandConfig given) {
    CommandConfig config = given;
    if (timeout != null) {
      try {
        config = limited(config, timeout);
      } catch (IllegalArgumentException wrong) {
        throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
      }
    }
    if (child) {
      return new ChildLoop(config, window == null ? ChildLoop.DEFAULT_WINDOW : window);
    }
    return batch > 1 ? new BatchLoop(config, batch, nul) : new CommandLoop(config);
  }

  private static CommandConfig limited(CommandConfig config, Values.TimeLimit limit) {
    if (limit.fixed() != null) {
      return config.withTimeout(limit.fixed());
    }
    MedianTimeout median = new MedianTimeout(limit.share(), limit.least(), config.listener());
    return config.withListener(median).withTimeout(median);
  }

  /** Refuses words that are no command, such as an empty one. */
  CommandTemplate template() {
    try {
      CommandTemplate template =
          shell == null ? CommandTemplate.of(words) : CommandTemplate.shell(shell);
      if (place != null) {
        template = template.withPlace(place);
      }
      return fields.on(stdin ? template.onStdin() : template, child, paste);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
