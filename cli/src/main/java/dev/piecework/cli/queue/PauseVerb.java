package dev.piecework.cli.queue;

import dev.piecework.WorkQueue;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(footer = {"", "Example:", "  piecework pause job2 --reason \"the API is down\""})
public final class PauseVerb extends QueueVerb {

  @Option(names = "--reason", paramLabel = "TEXT", description = "Shown by status and workers.")
  String reason = "paused by hand";

  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    open.admin().pause(reason);
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeStringProperty("pausedFor", reason);
        },
        () -> queue + " is paused; what is leased goes on");
    return ExitCode.DONE;
  }
}
