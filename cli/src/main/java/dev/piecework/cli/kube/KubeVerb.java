package dev.piecework.cli.kube;

import dev.piecework.cli.backend.Backend;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Nearest;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.ClusterException;
import dev.piecework.kubernetes.cluster.Workload;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb about one Job in a cluster, or one Deployment of the stream shape. */
abstract class KubeVerb extends Verb {

  @Parameters(index = "0", paramLabel = "JOB", description = "The Job's name.")
  String name = "";

  @Mixin ClusterOptions options = new ClusterOptions();
  @Mixin NamespaceOption namespace = new NamespaceOption();

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    try (Cluster cluster = options.open(namespace.name)) {
      return run(terminal, cluster);
    } catch (ClusterException no) {
      throw KubeBackend.said(no);
    }
  }

  abstract ExitCode run(Terminal terminal, Cluster cluster) throws Exception;

  /** The workers that were named, or a refusal that says which there are. */
  Backend backend(Cluster cluster) {
    return new KubeBackend(cluster, name, workload(cluster));
  }

  /** The one that was named, or a refusal that says which there are. */
  Workload workload(Cluster cluster) {
    return cluster
        .workload(name)
        .orElseThrow(() -> {
          var ours = cluster.ours();
          return Refusal.usage(
              "there is no Job '"
                  + Printable.typed(name, 60)
                  + "' in namespace '"
                  + cluster.namespace()
                  + "'"
                  + Nearest.of(name, ours)
                      .map(near -> "; did you mean '" + near + "'?")
                      .orElse(ours.isEmpty() ? "" : "; there are " + String.join(", ", ours)));
        });
  }
}
