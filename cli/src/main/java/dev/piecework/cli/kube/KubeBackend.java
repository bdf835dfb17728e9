package dev.piecework.cli.kube;

import dev.piecework.cli.backend.Backend;
import dev.piecework.cli.backend.BagOfWork;
import dev.piecework.cli.backend.RedisAccess;
import dev.piecework.cli.backend.WorkerLogs;
import dev.piecework.cli.backend.WorkersView;
import dev.piecework.cli.verb.BackendException;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.ClusterException;
import dev.piecework.kubernetes.cluster.PodGroup;
import dev.piecework.kubernetes.cluster.PodLogs;
import dev.piecework.kubernetes.cluster.Workload;
import dev.piecework.kubernetes.cluster.WorkloadView;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One namespace of a cluster, and in it the Job or Deployment of one name. */
final class KubeBackend implements Backend {

  private final Cluster cluster;
  private final String name;
  private final Workload workload;
  private final PodGroup redisPods;

  KubeBackend(Cluster cluster, String name, Workload workload) {
    this.cluster = cluster;
    this.name = name;
    this.workload = workload;
    this.redisPods = redisPods(cluster, name);
  }

  /** The pods of the Redis that was deployed with a Job of this name. */
  static PodGroup redisPods(Cluster cluster, String name) {
    return PodGroup.ofStatefulSet(
        cluster,
        Map.of("app.kubernetes.io/instance", name, "app.kubernetes.io/component", "redis"),
        name + "-redis");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String group() {
    return "kube";
  }

  @Override
  public Optional<WorkersView> view() {
    return ask(() -> workload.view().map(KubeBackend::view));
  }

  /** What of a Job or Deployment all backends have. */
  static WorkersView view(WorkloadView view) {
    WorkloadView.Wish wish = view.wish();
    return new WorkersView(
        view.kind(),
        view.name(),
        view.isJob(),
        new WorkersView.Wish(wish.completions(), wish.parallelism(), wish.suspended()),
        view.pods().succeeded(),
        switch (view.end()) {
          case WorkloadView.End.NotYet _ -> new WorkersView.End.NotYet();
          case WorkloadView.End.Complete _ -> new WorkersView.End.Complete();
          case WorkloadView.End.Failed(var reason, var message) ->
              new WorkersView.End.Failed(reason, message);
        });
  }

  @Override
  public BagOfWork bag() {
    return KubeBag.of(there());
  }

  @Override
  public RedisAccess redis(@Nullable String fromHere) {
    return ask(() -> KubeRedis.at(cluster, KubeRedis.inside(cluster, there()), fromHere));
  }

  private WorkloadView there() {
    return ask(workload::view)
        .orElseThrow(() -> Refusal.usage("there is no Job '" + name + "' any more"));
  }

  @Override
  public void tellTroubles(int wanted, Consumer<String> line) {
    tell(() -> workload.pods().tellTroubles(wanted, line));
  }

  @Override
  public void tellRedisTroubles(Consumer<String> line) {
    tell(() -> redisPods.tellTroubles(1, line));
  }

  @Override
  public WorkerLogs logs(BiConsumer<String, String> line) {
    PodLogs logs = ask(() -> workload.logs(line));
    return new WorkerLogs() {
      @Override
      public void printOnce() {
        tell(logs::printOnce);
      }

      @Override
      public void follow() {
        tell(logs::follow);
      }

      @Override
      public boolean isReading() {
        return logs.isReading();
      }

      @Override
      public void close() {
        logs.close();
      }
    };
  }

  @Override
  public void scale(int workers) {
    tell(() -> workload.scale(workers));
  }

  @Override
  public int remove(boolean keepRedis, Consumer<String> removed) {
    return ask(() -> cluster.removal(name).delete(keepRedis, removed));
  }

  private static void tell(Runnable question) {
    var _ =
        ask(() -> {
          question.run();
          return true;
        });
  }

  private static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (ClusterException no) {
      throw said(no);
    }
  }

  /** A no of the cluster, as every backend says it. */
  static BackendException said(ClusterException no) {
    return new BackendException(
        no.kind() == ClusterException.Kind.AWAY, String.valueOf(no.getMessage()), no);
  }
}
