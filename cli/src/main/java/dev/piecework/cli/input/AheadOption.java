package dev.piecework.cli.input;

import dev.piecework.cli.verb.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How far an input is read before what was read is done. */
public final class AheadOption {

  @Option(
      names = "--ahead",
      paramLabel = "N",
      description =
          "Read no further while N items wait and somebody works, nor while those that wait take a"
              + " tenth of Redis's memory; 0: read on in any case. Default: 1,000,000 of a pipe, no"
              + " limit of a file.")
  @Nullable Long most;

  void check(boolean asTheyCome) {
    if (most != null && most < 0) {
      throw Refusal.usage("--ahead " + most + ": a number of items, from 0 on");
    }
    if (most != null && most > 0 && !asTheyCome) {
      throw Refusal.usage("--ahead is for items as they come: --shuffle and --size read all first");
    }
  }
}
