package dev.piecework.cli.run;

import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.Producer;
import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.InputNotices;
import dev.piecework.cli.input.RecordFormat;
import dev.piecework.cli.input.RecordReader;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.RunningWorker;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Fills a run's input into its queue, while the run's worker is at it.
 *
 * @param sampling what is done before the rest is filled, or null
 */
record InputFill(
    Terminal terminal,
    Connection connection,
    RecordFormat format,
    InputNotices notices,
    @Nullable Sampling sampling) {

  /** False when the worker has ended before the input was read to its end. */
  boolean isReadToItsEnd(Producer producer, Input from, RunningWorker worker)
      throws IOException, InterruptedException {
    try (InputStream in = from.open();
        Producer _ = producer) {
      RecordReader reader = format.reader(in, from, connection.queue(), notices);
      long read = 0;
      for (Item item = reader.next(); item != null; item = reader.next()) {
        if (sampling != null && read == reader.sampled() && !sampling.isDoneBy(worker, producer)) {
          return false;
        }
        producer.add(item);
        read++;
      }
      FillReport report = producer.finish(connection.syncToDisk());
      notices.sayAtTheEnd();
      if (report.skipped() > 0) {
        terminal.say(Figures.count(report.skipped(), "record") + " skipped: ids seen before");
      }
      return true;
    }
  }
}
