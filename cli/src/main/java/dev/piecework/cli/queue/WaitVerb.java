package dev.piecework.cli.queue;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.output.Progress;
import dev.piecework.cli.output.StatusJson;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "Exits 0 when drained, 1 when some items are dead, 3 when the run is lost or incomplete, 5",
      "when the time is over.",
      "",
      "Example:",
      "  piecework wait job2 --timeout 1h && echo all done"
    })
public final class WaitVerb extends QueueVerb {

  private static final Duration STEP = Duration.ofSeconds(1);

  @Option(names = "--timeout", paramLabel = "1h", description = "How long to wait at most.")
  @Nullable Duration timeout;

  @Option(names = "--run", paramLabel = "ID", description = "Wait for this run and no other.")
  @Nullable String run;

  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue any) throws Exception {
    WorkQueue open = run == null ? any : onlyFor(any, run);
    QueueState state = await(terminal, open, System.nanoTime());
    ExitCode code = Ends.of(state);
    report(
        terminal,
        open,
        code != null
            ? Ends.sentence(open, state)
            : "not drained after "
                + Figures.time(timeout == null ? Duration.ZERO : timeout)
                + ": "
                + Ends.sentence(open, state));
    return code != null ? code : ExitCode.TIME_IS_OVER;
  }

  private static WorkQueue onlyFor(WorkQueue any, String run) {
    try {
      return any.with(SessionOptions.DEFAULTS.withRun(run));
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** The state at its end, or when the time is over. */
  private QueueState await(Terminal terminal, WorkQueue open, long start)
      throws InterruptedException {
    try (Progress _ = Progress.start(terminal, open, () -> true)) {
      while (true) {
        QueueState state = open.awaitEnd(next(start));
        if (Ends.of(state) != null || !next(start).isPositive()) {
          return state;
        }
      }
    }
  }

  private Duration next(long start) {
    if (timeout == null) {
      return STEP;
    }
    Duration left = timeout.minusNanos(System.nanoTime() - start);
    return left.compareTo(STEP) < 0 ? left.isNegative() ? Duration.ZERO : left : STEP;
  }

  private void report(Terminal terminal, WorkQueue open, String sentence) {
    if (output.json()) {
      QueueStatus status = open.admin().status();
      terminal.print(Json.object(json -> StatusJson.write(json, status)));
    } else {
      terminal.say(sentence);
    }
  }
}
