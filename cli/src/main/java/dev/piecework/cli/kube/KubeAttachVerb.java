package dev.piecework.cli.kube;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.Workload;
import dev.piecework.kubernetes.cluster.WorkloadView;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
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

  @Mixin KubeFollowOptions follow = new KubeFollowOptions();

  @Option(
      names = {"-q", "--queue"},
      paramLabel = "NAME",
      description = "The queue; default: as it is written on the Job.")
  @Nullable String queue;

  @Option(
      names = "--redis-timeout",
      paramLabel = "10m",
      description = "How long Redis, or the cluster, may be away.")
  Duration timeout = Duration.ofMinutes(10);

  @Override
  ExitCode run(Terminal terminal, Cluster cluster) throws Exception {
    follow.check();
    Workload workload = workload(cluster);
    WorkloadView view = workload.view().orElseThrow();
    KubeBag bag = KubeBag.of(view).onQueue(queue, name);
    try (KubeRedis redis =
            KubeRedis.at(cluster, KubeRedis.inside(cluster, view), options.redisFromHere);
        KubeFollower follower =
            new KubeFollower(
                terminal,
                new KubeFollower.Subject(cluster, workload, redis, name, bag),
                follow.request(),
                timeout)) {
      return follower.follow(true);
    }
  }
}
