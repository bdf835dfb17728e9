package dev.piecework.cli.selftest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.Item;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.drill.Drill;
import dev.piecework.drill.DrillPlan;
import dev.piecework.drill.DrillQueue;
import dev.piecework.drill.DrillReport;
import dev.piecework.drill.KillWorker;
import dev.piecework.drill.Place;
import dev.piecework.worker.Worker;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandLoop;
import dev.piecework.worker.process.CommandTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small bags: one of commands in this process, and one in processes of which one is killed. */
final class BagCheck {

  private static final int ITEMS = 40;
  private static final int DRILLED = 200;

  private BagCheck() {}

  /**
   * Runs a command for each item, and looks whether each result came, once. The queue is gone then.
   */
  static String ofCommands(WorkQueue queue) throws InterruptedException, IOException {
    try {
      queue.fill(IntStream.range(0, ITEMS).mapToObj(i -> Item.of("item " + i)));
      long begin = System.nanoTime();
      CommandTemplate echo =
          CommandTemplate.of(List.of("/bin/sh", "-c", "echo \"$1\"", "sh", "{}"));
      Worker.on(queue)
          .slots(4)
          .timeout(Duration.ofSeconds(20))
          .run(new CommandLoop(CommandConfig.of(echo, queue.name())));
      long millis = (System.nanoTime() - begin) / 1_000_000;
      QueueStatus.Counts counts = queue.admin().status().counts();
      List<String> got =
          queue.results().map(one -> new String(one.result(), UTF_8).strip()).toList();
      TreeSet<String> wanted =
          IntStream.range(0, ITEMS)
              .mapToObj(i -> "item " + i)
              .collect(Collectors.toCollection(TreeSet::new));
      if (counts.done() != ITEMS || got.size() != ITEMS || !wanted.equals(new TreeSet<>(got))) {
        throw new IOException(
            counts.done()
                + " of "
                + ITEMS
                + " items done, "
                + counts.dead()
                + " dead, "
                + got.size()
                + " results");
      }
      return String.format(Locale.ROOT, "%d commands in %d ms, in 4 slots", ITEMS, millis);
    } finally {
      queue.admin().purge();
    }
  }

  /**
   * Kills worker processes in the middle of a bag, and holds their records against the promises.
   */
  static String ofKilledWorkers(Path folder, String redis, String queue, long seed)
      throws InterruptedException, IOException {
    DrillPlan plan =
        new DrillPlan(
            DRILLED, 2, Duration.ofSeconds(2), new DrillQueue(Duration.ofSeconds(1), false), seed);
    DrillReport report =
        new Drill(plan, who -> Place.at(redis), List.of(new KillWorker()), ignored -> {})
            .run(folder, queue, 700);
    if (!report.passed()) {
      throw new IOException(
          report.verdict().violations().isEmpty()
              ? "the bag was not drained in time"
              : "a promise was broken: " + report.verdict().violations().getFirst());
    }
    int killed = report.injected().size();
    return String.format(
        Locale.ROOT,
        "%d items, %d worker%s killed, nothing lost, nothing committed twice",
        DRILLED,
        killed,
        killed == 1 ? "" : "s");
  }
}
