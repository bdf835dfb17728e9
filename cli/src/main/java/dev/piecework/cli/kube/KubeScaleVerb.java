package dev.piecework.cli.kube;

import dev.piecework.cli.backend.Scaling;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    footer = {
      "",
      "Workers that are told to stop give back what they hold. 0 is a pause: no pod runs.",
      "",
      "Example:",
      "  piecework kube scale job2 20"
    })
public final class KubeScaleVerb extends KubeVerb {

  @Parameters(index = "1", paramLabel = "N", description = "How many pods.")
  int pods;

  @Override
  ExitCode run(Terminal terminal, Cluster cluster) {
    if (pods < 0) {
      throw Refusal.usage(pods + " pods: it cannot be less than 0");
    }
    Scaling.scale(terminal, backend(cluster), pods);
    return ExitCode.DONE;
  }
}
