package dev.piecework.cli.queue;

import dev.piecework.WorkQueue;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(footer = {"", "Example:", "  piecework resume job2"})
public final class ResumeVerb extends QueueVerb {

  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    open.admin().resume();
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeNullProperty("pausedFor");
        },
        () -> queue + " goes on");
    return ExitCode.DONE;
  }
}
