package dev.piecework.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.Result;
import dev.piecework.ResultLog;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Results are a log: read on from where you stopped, and drop what you have kept elsewhere. */
public final class ResultsByPosition {

  private ResultsByPosition() {}

  public static void main(String[] args) throws InterruptedException {
    try (WorkQueue queue =
        WorkQueue.open(
            QueueConfig.of(args[0], "results-by-position")
                .withSettings(QueueSettings.DEFAULTS.withKeep(Keep.RESULTS)))) {
      queue.fill(Stream.of("a", "b", "c").map(Item::of));
      Worker.on(queue)
          .run(attempt -> Outcome.done(attempt.text().toUpperCase(Locale.ROOT).getBytes(UTF_8)));

      ResultLog log = queue.admin().resultLogs().getFirst();
      long position = 0;
      List<Result> some = log.after(position, 2);
      while (!some.isEmpty()) {
        for (Result result : some) {
          System.out.println(result.sequence() + " " + new String(result.result(), UTF_8));
          position = result.sequence();
        }
        log.dropUpTo(position);
        some = log.after(position, 2);
      }
      System.out.println(queue.results().count() + " left");
    }
  }
}

/* Output:
1 A
2 B
3 C
0 left
*/
