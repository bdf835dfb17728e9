package dev.piecework.cli.kube;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where in the cluster. */
final class NamespaceOption {

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "The namespace; default: the one of the context.")
  @Nullable String name;
}
