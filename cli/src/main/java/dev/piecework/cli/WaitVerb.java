package dev.piecework.cli;

import dev.piecework.QueueStatus;
import dev.piecework.Standing;
import dev.piecework.WorkQueue;
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
final class WaitVerb extends QueueVerb {

  private static final Duration STEP = Duration.ofSeconds(1);

  @Option(names = "--timeout", paramLabel = "1h", description = "How long to wait at most.")
  @Nullable Duration timeout;

  @Option(names = "--run", paramLabel = "ID", description = "Wait for this run and no other.")
  @Nullable String run;

  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) throws Exception {
    if (run != null) {
      open.expectRun(run);
    }
    long start = System.nanoTime();
    try (Progress progress = Progress.start(terminal, open, () -> true)) {
      while (true) {
        Standing standing = open.awaitEnd(next(start));
        ExitCode code = Ends.of(standing);
        if (code != null) {
          progress.close();
          report(terminal, open, Ends.sentence(queue, standing));
          return code;
        }
        if (!next(start).isPositive()) {
          progress.close();
          report(terminal, open, "not drained after " + Figures.time(timeOrZero()));
          return ExitCode.TIME_IS_OVER;
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

  private Duration timeOrZero() {
    return timeout == null ? Duration.ZERO : timeout;
  }

  private void report(Terminal terminal, WorkQueue open, String sentence) {
    if (output.json()) {
      QueueStatus status = open.status();
      terminal.print(Json.object(json -> StatusJson.write(json, status)));
    } else {
      terminal.say(sentence);
    }
  }
}
