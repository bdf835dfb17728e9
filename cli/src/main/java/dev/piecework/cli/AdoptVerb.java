package dev.piecework.cli;

import dev.piecework.WorkQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(footer = {"", "Example:", "  piecework adopt job2"})
final class AdoptVerb extends QueueVerb {

  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    long adopted = open.adopt();
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeNumberProperty("adopted", adopted);
        },
        () -> Figures.count(adopted, "item") + " of rediswq workers put back to waiting");
    return ExitCode.DONE;
  }
}
