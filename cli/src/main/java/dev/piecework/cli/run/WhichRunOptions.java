package dev.piecework.cli.run;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which run of a queue a worker works for, here or elsewhere. */
public final class WhichRunOptions {

  @Option(names = "--run", paramLabel = "ID", description = "Work for this run and no other.")
  public @Nullable String run;

  @Option(
      names = "--expect",
      paramLabel = "N",
      description = "The run must come to hold N items: fewer is a loss.")
  public @Nullable Long expect;
}
