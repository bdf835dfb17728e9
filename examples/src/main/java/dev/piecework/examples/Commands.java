package dev.piecework.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Worker;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandLoop;
import dev.piecework.worker.process.CommandTemplate;
import java.util.List;
import java.util.stream.Stream;

/** A command for each item: what it prints is the result. */
public final class Commands {

  private Commands() {}

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue =
        WorkQueue.open(
            QueueConfig.of(args[0], "commands")
                .withSettings(QueueSettings.DEFAULTS.withKeep(Keep.RESULTS)))) {
      queue.fill(Stream.of("12", "35").map(Item::of));
      CommandTemplate factor = CommandTemplate.of(List.of("factor", "{}"));
      Worker.on(queue).run(new CommandLoop(CommandConfig.of(factor, queue.name())));

      queue.results().forEach(result -> System.out.print(new String(result.result(), UTF_8)));
    }
  }
}

/* Output:
12: 2 2 3
35: 5 7
*/
