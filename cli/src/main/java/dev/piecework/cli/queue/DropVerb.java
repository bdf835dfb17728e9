package dev.piecework.cli.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.ItemState;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "With --id an item is dropped whatever its state but done; whoever works on one that is leased",
      "loses the lease, and is stopped with its next heartbeat.",
      "",
      "Example:",
      "  piecework drop job2 --id 17",
      "  piecework drop job2 --group 3fa12c"
    })
public final class DropVerb extends QueueVerb {

  @Mixin WhichDead which = new WhichDead();
  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--payload",
      paramLabel = "TEXT",
      description =
          "One item that waits and was never leased, so has no id yet; of equal ones the first.")
  @Nullable String payload;

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    which.check(payload != null, ", --payload TEXT");
    String id = which.id;
    ItemState state;
    long dropped;
    if (payload != null) {
      state = ItemState.WAITING;
      dropped = dropWaiting(open, payload);
    } else if (id != null) {
      state = open.admin().dropItem(id).orElseThrow(() -> which.notThere(queue, "item", ""));
      dropped = 1;
    } else {
      state = ItemState.DEAD;
      dropped = open.admin().drop(which.chosen(open));
    }
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeNumberProperty("dropped", dropped);
          json.writeStringProperty("state", state.word());
        },
        () ->
            Figures.count(dropped, state.word() + " item")
                + " dropped"
                + (state == ItemState.LEASED ? "; what its worker makes of it is refused" : ""));
    return ExitCode.DONE;
  }

  private long dropWaiting(WorkQueue open, String text) {
    if (!open.admin().dropWaiting(text.getBytes(UTF_8))) {
      throw Refusal.usage(
          "no item '"
              + Printable.typed(text, 100)
              + "' waits in "
              + queue
              + " without an id; see piecework items "
              + queue);
    }
    return 1;
  }
}
