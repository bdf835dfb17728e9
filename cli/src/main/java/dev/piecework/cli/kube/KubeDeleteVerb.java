package dev.piecework.cli.kube;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "Deletes what kube submit made under this name, and says each: the Job with its pods and logs,",
      "and the Redis with the queue, its results and its dead items.",
      "",
      "Example:",
      "  piecework kube delete job2 --keep-redis"
    })
public final class KubeDeleteVerb extends KubeVerb {

  @Option(names = "--keep-redis", description = "Leave Redis, its volume and its Secret.")
  boolean keepRedis;

  @Override
  ExitCode run(Terminal terminal, Cluster cluster) {
    int count =
        new KubeBackend(cluster, name, cluster.job(name))
            .remove(keepRedis, what -> terminal.say(what + " deleted"));
    if (count == 0) {
      var ours = cluster.ours();
      throw Refusal.usage(
          "nothing in namespace '"
              + cluster.namespace()
              + "' was made under the name '"
              + Printable.typed(name, 60)
              + "'"
              + (ours.isEmpty() ? "" : "; there are " + String.join(", ", ours)));
    }
    return ExitCode.DONE;
  }
}
