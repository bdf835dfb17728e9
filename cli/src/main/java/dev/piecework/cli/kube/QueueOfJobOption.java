package dev.piecework.cli.kube;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The queue of a Job that is there. */
final class QueueOfJobOption {

  @Option(
      names = {"-q", "--queue"},
      paramLabel = "NAME",
      description = "The queue; default: as it is written on the Job.")
  @Nullable String name;
}
