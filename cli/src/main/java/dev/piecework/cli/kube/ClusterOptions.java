package dev.piecework.cli.kube;

import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.ClusterAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster, as kubectl is told. */
final class ClusterOptions {

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The kubeconfig's context to use; default: the current one.")
  @Nullable String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Default: the files that KUBECONFIG names, or ~/.kube/config.")
  @Nullable Path kubeconfig;

  @Option(
      names = "--redis-from-here",
      paramLabel = "URL",
      description =
          "How this machine reaches the Redis; default: as the pods do, or by a port-forward when"
              + " it is a Service of the namespace.")
  @Nullable String redisFromHere;

  /** Opens the cluster; its namespace is there. */
  Cluster open(@Nullable String namespace) {
    Cluster cluster = Cluster.open(new ClusterAddress(kubeconfig, context, namespace));
    try {
      cluster.requireNamespace();
      return cluster;
    } catch (RuntimeException | Error no) {
      cluster.close();
      throw no;
    }
  }
}
