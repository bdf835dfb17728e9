package dev.piecework.cli.input;

import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Refusal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How far an input is read before what was read is done. */
public final class AheadOption {

  @Option(
      names = "--ahead",
      paramLabel = "N",
      description =
          "Read no further while N items wait and somebody works, nor while those that wait take a"
              + " tenth of Redis's memory; 0: read on in any case. Default: 1,000,000 of a pipe and of"
              + " RabbitMQ, no limit of a file.")
  @Nullable Long most;

  /**
   * For a source that may never end and is not read as one of records.
   *
   * @param says hears why there is none
   * @return null where it is read on in any case
   */
  @Nullable Room room(WorkQueue queue, Consumer<String> says) {
    long asked = most == null ? Room.USUAL : most;
    return asked == 0 ? null : new Room(queue, asked, says);
  }

  void check(boolean asTheyCome) {
    if (most != null && most < 0) {
      throw Refusal.usage("--ahead " + most + ": a number of items, from 0 on");
    }
    if (most != null && most > 0 && !asTheyCome) {
      throw Refusal.usage("--ahead is for items as they come: --shuffle and --size read all first");
    }
  }
}
