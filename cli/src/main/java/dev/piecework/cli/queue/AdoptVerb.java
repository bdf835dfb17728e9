package dev.piecework.cli.queue;

import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(footer = {"", "Example:", "  piecework adopt job2"})
public final class AdoptVerb extends QueueVerb {

  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    long adopted = open.admin().adopt();
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
