package dev.piecework.cli.kube;

import dev.piecework.cli.backend.LogPrinter;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "Each line comes with the name of its pod. With -f it goes on until the Job is over.",
      "",
      "Example:",
      "  piecework kube logs job2 -f"
    })
public final class KubeLogsVerb extends KubeVerb {

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the Job is over.")
  boolean follow;

  @Override
  ExitCode run(Terminal terminal, Cluster cluster) throws Exception {
    LogPrinter.print(terminal, backend(cluster), follow);
    return ExitCode.DONE;
  }
}
