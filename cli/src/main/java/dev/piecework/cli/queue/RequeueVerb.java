package dev.piecework.cli.queue;

import dev.piecework.ItemState;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    footer = {
      "",
      "With --id also an item that is delayed: it may be leased now.",
      "",
      "Example:",
      "  piecework requeue job2 --error \"timed out\"",
      "  piecework requeue job2 --group 3fa12c"
    })
public final class RequeueVerb extends QueueVerb {

  @Mixin WhichDead which = new WhichDead();
  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    which.check(false, "");
    String id = which.id;
    ItemState state =
        id == null
            ? ItemState.DEAD
            : open.admin()
                .requeueItem(id)
                .orElseThrow(() -> which.notThere(queue, "dead or delayed item", " --state dead"));
    long moved = id == null ? open.admin().requeue(which.chosen(open)) : 1;
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeNumberProperty("requeued", moved);
          json.writeStringProperty("state", state.word());
        },
        () -> Figures.count(moved, state.word() + " item") + " back to waiting");
    return ExitCode.DONE;
  }
}
