package dev.piecework.cli;

import dev.piecework.WorkQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(footer = {"", "Example:", "  piecework drop job2 --id 17"})
final class DropVerb extends QueueVerb {

  @Mixin WhichDead which = new WhichDead();
  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    var chosen = which.chosen();
    long dropped = open.drop(chosen);
    which.requireFound(dropped, queue);
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeNumberProperty("dropped", dropped);
        },
        () -> Figures.count(dropped, "dead item") + " dropped");
    return ExitCode.DONE;
  }
}
