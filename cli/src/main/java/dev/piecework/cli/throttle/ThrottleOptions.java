package dev.piecework.cli.throttle;

import dev.piecework.HumanDuration;
import dev.piecework.QueueState;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Values;
import dev.piecework.worker.SlotLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When the next command may start, and how commands share the machine with others. */
public final class ThrottleOptions {

  private static final Pattern LOAD = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)(%?)");
  private static final int NICEST = 19;
  private static final long LOOK_MILLIS = 100;
  private static final int LOOKS_PER_QUESTION = 10;

  @Option(
      names = "--delay",
      paramLabel = "200ms",
      description = "So much time between the starts of two commands; default none.")
  @Nullable Duration delay;

  @Option(
      names = "--load",
      paramLabel = "N|N%",
      description =
          "Start nothing while so many processes want a processor; of a share 100%% is all"
              + " processors. Default: whatever the load.")
  @Nullable String load;

  @Option(
      names = "--min-memory",
      paramLabel = "2G",
      description =
          "Start nothing while less memory is free, in a container of its limit; default: whatever"
              + " is free.")
  Values.@Nullable Size minMemory;

  @Option(
      names = "--memory-guard",
      description =
          "With --min-memory: while less than half of it is free the youngest command is ended and"
              + " its item given back, which counts as nothing; the last one that runs goes on.")
  boolean memoryGuard;

  @Option(
      names = "--nice",
      paramLabel = "N",
      description = "Commands run with this niceness, 1 to 19; default: that of piecework.")
  @Nullable Integer nice;

  /**
   * Says what does not go together, before anything is leased.
   *
   * @param child whether commands live long and take items one after the other
   */
  public void check(boolean child) {
    if (delay != null && (delay.isZero() || delay.isNegative())) {
      throw Refusal.usage("--delay " + HumanDuration.format(delay) + ": it is above zero");
    }
    if (delay != null && child) {
      throw Refusal.usage("--delay is between starts, and --child starts once per slot");
    }
    if (load != null) {
      double _ = most(load, 1);
    }
    if (memoryGuard && minMemory == null) {
      throw Refusal.usage("--memory-guard goes with --min-memory");
    }
    if (memoryGuard && child) {
      throw Refusal.usage(
          "--memory-guard ends the command of an item, and --child has one for all");
    }
    if (minMemory != null && minMemory.bytes() < 1) {
      throw Refusal.usage("--min-memory 0: that much is always free");
    }
    if (minMemory != null && !Machine.HERE.tellsMemory()) {
      throw Refusal.usage("--min-memory: this system does not tell what is free (/proc/meminfo)");
    }
    if (nice != null && (nice < 1 || nice > NICEST)) {
      throw Refusal.usage("--nice " + nice + " is not 1 to " + NICEST);
    }
  }

  /** This loop, throttled as was asked for: itself if nothing was. */
  public SlotLoop on(SlotLoop loop, WorkQueue queue, Terminal terminal) {
    SlotLoop polite = nice == null ? loop : new NiceLoop(loop, nice);
    List<StartRule> rules = rules();
    if (rules.isEmpty()) {
      return polite;
    }
    YoungestFirst running = new YoungestFirst();
    if (memoryGuard && minMemory != null) {
      MemoryGuard guard =
          new MemoryGuard(minMemory.bytes(), Machine.HERE::free, running, terminal::say);
      Thread.ofPlatform().daemon().name("memory-guard").start(guard);
    }
    StartGate gate =
        new StartGate(rules, new Over(queue), terminal::say, () -> Thread.sleep(LOOK_MILLIS));
    return new ThrottledLoop(polite, gate, running);
  }

  private List<StartRule> rules() {
    List<StartRule> rules = new ArrayList<>();
    if (delay != null) {
      rules.add(new DelayRule(delay, InstantSource.system()));
    }
    if (load != null) {
      int processors = Runtime.getRuntime().availableProcessors();
      rules.add(new LoadRule(most(load, processors), Machine.HERE::load));
    }
    if (minMemory != null) {
      rules.add(new MemoryRule(minMemory.bytes(), Machine.HERE::free));
    }
    return rules;
  }

  static double most(String text, int processors) {
    Matcher words = LOAD.matcher(text);
    double number = words.matches() ? Double.parseDouble(words.group(1)) : 0;
    if (number <= 0) {
      throw Refusal.usage(
          "--load '"
              + Printable.typed(text, 60)
              + "' is no number of processes above 0, nor a share of the processors like 80%");
    }
    return words.group(2).isEmpty() ? number : processors * number / 100;
  }

  /**
   * Whether the run is over. While nothing may start nobody asks for items, and so nobody hears
   * that there are none: one question a second, of the slot whose turn it is.
   */
  private static final class Over implements BooleanSupplier {

    private final WorkQueue queue;
    private int looks;

    Over(WorkQueue queue) {
      this.queue = queue;
    }

    @Override
    public boolean getAsBoolean() {
      looks++;
      return looks % LOOKS_PER_QUESTION == 0
          && switch (queue.state()) {
            case QueueState.Drained drained -> true;
            case QueueState.Incomplete incomplete -> true;
            case QueueState.Lost lost -> true;
            case QueueState.NeverFilled never -> true;
            case QueueState.Ready ready -> false;
            case QueueState.NotYet notYet -> false;
            case QueueState.Paused paused -> true;
            case QueueState.ResultsFull full -> true;
          };
    }
  }
}
