package dev.piecework.cli.kube;

import dev.piecework.cli.backend.FollowOptions;
import dev.piecework.cli.backend.Follower;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "Exits as kube submit does: 0 when all is done, 1 when some items are dead, 3 when the run is",
      "lost or incomplete, 5 when --time-limit is over, 6 when the Job failed. Ctrl-C detaches.",
      "",
      "Example:",
      "  piecework kube attach job2 --results out.jsonl"
    })
public final class KubeAttachVerb extends KubeVerb {

  @Mixin FollowOptions follow = new FollowOptions();
  @Mixin QueueOfJobOption queue = new QueueOfJobOption();

  @Option(
      names = "--redis-timeout",
      paramLabel = "10m",
      description = "How long Redis, or the cluster, may be away.")
  Duration timeout = Duration.ofMinutes(10);

  @Override
  ExitCode run(Terminal terminal, Cluster cluster) throws Exception {
    follow.check();
    return Follower.attach(
        terminal,
        backend(cluster),
        new Follower.Attachment(queue.name, options.redisFromHere, timeout),
        follow.request());
  }
}
