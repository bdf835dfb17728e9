package dev.piecework.cli.kept;

import dev.piecework.Result;
import dev.piecework.cli.results.AttemptFacts;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.process.CommandListener;
import dev.piecework.worker.process.CommandPlaces;
import dev.piecework.worker.process.CommandRecord;
import dev.piecework.worker.process.StartedCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept or passed on of the commands of this process beside their results. What cannot
 * be written is told once; the items of that command are given back, so that going on does them.
 */
public final class CommandRecords implements CommandListener, AutoCloseable {

  private final Terminal terminal;
  private final boolean live;
  private final CommandPlaces places;
  private final boolean quiet;
  private final @Nullable Tag outTag;
  private final @Nullable Tag errTag;
  private final List<CommandListener> kept = new ArrayList<>();
  private @Nullable Joblog joblog;
  private @Nullable KeptEnds ends;
  private final CompletableFuture<Refusal> failure = new CompletableFuture<>();

  CommandRecords(Terminal terminal, KeepOptions options, boolean tagStderr) {
    this.terminal = terminal;
    this.live = options.live;
    this.places =
        options.places.firstGiven() == null
            ? CommandPlaces.NONE
            : new WorkFolders(options.places, failure::complete);
    this.quiet = options.quietStderr;
    this.outTag = options.tag();
    this.errTag = quiet || (outTag == null && !tagStderr) ? null : options.tagOrItem();
  }

  /** Claims the files that were asked for; what is in them is not touched yet. */
  void claim(KeepOptions options, String queue) throws IOException {
    if (options.outputDir != null) {
      kept.add(OutputFolder.open(options.outputDir, queue));
    }
    if (options.joblog != null) {
      joblog = Joblog.open(options.joblog);
      kept.add(joblog);
    }
  }

  /** Also keeps how each command ended, for the rows of a results file. */
  public void keepEnds() {
    ends = new KeptEnds();
    kept.add(ends);
  }

  /** What is known of them. */
  public AttemptFacts facts() {
    return ends == null ? AttemptFacts.NONE : ends;
  }

  /**
   * From now on they are written.
   *
   * @param continued whether what is in them stays
   * @param command as it was typed
   */
  public void begin(boolean continued, String command) {
    try {
      if (joblog != null) {
        joblog.begin(continued, command, terminal);
      }
    } catch (IOException full) {
      throw new Refusal(ExitCode.CANNOT_WRITE, String.valueOf(full.getMessage()), full);
    }
  }

  /** Hears of nothing where nothing is asked for. */
  public CommandListener listener() {
    return live || errTag != null || !kept.isEmpty() ? this : CommandListener.NONE;
  }

  /** Where commands run. */
  public CommandPlaces places() {
    return places;
  }

  /** Where lines of standard error go that are not tagged. */
  public Consumer<String> stderr() {
    return quiet ? line -> {} : terminal::passOn;
  }

  /** Comes when something cannot be written, or nobody reads it any more. */
  public CompletableFuture<Refusal> failure() {
    return failure;
  }

  /** Throws what could not be written; a signal that came before is more important. */
  public void throwFailure() {
    Refusal full = failure.getNow(null);
    if (full != null && !Signals.received()) {
      throw full;
    }
  }

  /** Whether what commands print has been passed on already. */
  public boolean isLive() {
    return live;
  }

  /** What stands before each line of this result; empty for nothing. */
  public byte[] tag(Result result) {
    return outTag == null ? new byte[0] : outTag.of(result).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public CommandRecord started(StartedCommand command) {
    List<CommandRecord> parts = new ArrayList<>();
    for (CommandListener one : kept) {
      CommandRecord part = one.started(command);
      if (part != null) {
        parts.add(part);
      }
    }
    if (live) {
      String tag = outTag == null ? "" : outTag.of(command.attempt(), command.slot());
      parts.add(new LiveLines(terminal, tag.getBytes(StandardCharsets.UTF_8), failure::complete));
    }
    String before = errTag == null ? null : errTag.of(command.attempt(), command.slot());
    return new All(parts, before == null ? null : line -> terminal.passOn(before, line));
  }

  /** All who hear of one command. */
  private final class All implements CommandRecord {
    private final List<CommandRecord> parts;
    private final @Nullable Consumer<String> lines;

    All(List<CommandRecord> parts, @Nullable Consumer<String> lines) {
      this.parts = parts;
      this.lines = lines;
    }

    @Override
    public void printed(byte[] bytes, int length) {
      parts.forEach(part -> part.printed(bytes, length));
    }

    @Override
    public void complained(byte[] bytes, int length) {
      parts.forEach(part -> part.complained(bytes, length));
    }

    @Override
    public @Nullable Consumer<String> stderrLines() {
      return lines;
    }

    @Override
    public void ended(End end) throws IOException {
      try {
        for (CommandRecord part : parts) {
          part.ended(end);
        }
      } catch (IOException full) {
        failure.complete(
            new Refusal(ExitCode.CANNOT_WRITE, String.valueOf(full.getMessage()), full));
        throw full;
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (joblog != null) {
      joblog.close();
    }
  }
}
