package dev.piecework.cli.kube;

import dev.piecework.cli.backend.PlannedWorkers;
import dev.piecework.cli.backend.RedisAccess;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.queue.GivenSettings;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.PodGroup;
import dev.piecework.kubernetes.cluster.Workload;
import dev.piecework.kubernetes.cluster.WorkloadView;
import dev.piecework.kubernetes.manifest.RedisLayout;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is submitted, and the namespace that it is submitted to. */
final class KubePlannedWorkers implements PlannedWorkers {

  private static final Duration STEP = Duration.ofSeconds(1);

  /** On fewer, one that is lost may take more of Redis with it than the others can do without. */
  private static final int MAJORITY_OF_NODES = 3;

  private final Cluster cluster;
  private final KubeWork work;
  private final Workload workload;

  KubePlannedWorkers(Cluster cluster, KubeWork work) {
    this.cluster = cluster;
    this.work = work;
    this.workload = work.isJob() ? cluster.job(work.name()) : cluster.deployment(work.name());
  }

  KubeBackend backend() {
    return new KubeBackend(cluster, work.name(), workload);
  }

  @Override
  public String queue() {
    return work.queue();
  }

  @Override
  public boolean end() {
    return work.isJob();
  }

  @Override
  public boolean needAllFilled() {
    return work.needsAllFilled();
  }

  @Override
  public void prepare(Terminal terminal, Duration redisTimeout) throws InterruptedException {
    for (HasMetadata object : work.foundations(cluster)) {
      if (object.getKind().equals("PodMonitor") && !cluster.knows(object)) {
        terminal.say(
            "this cluster has no Prometheus operator: without a PodMonitor the workers' metrics are"
                + " found by the annotations of their pods");
      } else {
        cluster.apply(object);
      }
    }
    RedisLayout layout = work.redisLayout();
    if (layout != null) {
      PodGroup pods = KubeBackend.redisPods(cluster, work.name());
      awaitRedis(terminal, pods, layout, redisTimeout);
      if (layout.several()) {
        sayWhatTheyShare(terminal, pods, layout);
      }
    }
  }

  private void sayWhatTheyShare(Terminal terminal, PodGroup pods, RedisLayout layout) {
    Map<String, String> on = pods.nodes();
    int nodes = new TreeSet<>(on.values()).size();
    if (nodes < MAJORITY_OF_NODES) {
      terminal.say(
          "the "
              + layout.pods()
              + " pods of Redis are on "
              + Figures.count(nodes, "node")
              + ": Redis outlives its pods and volumes, but not each loss of a node");
    } else if (layout instanceof RedisLayout.Shards(int count)) {
      String set = work.name() + "-redis-";
      for (int i = 0; i < count; i++) {
        String node = on.get(set + i);
        if (node != null && node.equals(on.get(set + (i + count)))) {
          terminal.say(
              set
                  + i
                  + " and "
                  + set
                  + (i + count)
                  + ", a master and its replica, are both on node "
                  + node);
        }
      }
    }
  }

  private void awaitRedis(Terminal terminal, PodGroup pods, RedisLayout layout, Duration timeout)
      throws InterruptedException {
    String first = work.name() + "-redis-0";
    String which =
        layout.several() ? "pods " + first + " to -" + (layout.pods() - 1) : "pod " + first;
    long start = System.nanoTime();
    boolean said = false;
    while (pods.ready() < layout.least()) {
      if (!said) {
        said = true;
        terminal.say("waiting for Redis to be ready (" + which + ")");
      }
      pods.tellTroubles(layout.pods(), line -> terminal.say(Printable.line(line, 600)));
      if (System.nanoTime() - start > timeout.toNanos()) {
        throw new Refusal(
            ExitCode.NO_REDIS,
            "Redis was not ready within "
                + Figures.time(timeout)
                + " (--redis-timeout); see kubectl describe pod "
                + first
                + ". The same submit again goes on waiting");
      }
      Thread.sleep(STEP);
    }
  }

  @Override
  public RedisAccess redis(@Nullable String fromHere) {
    return KubeRedis.at(cluster, work.redis(cluster), fromHere);
  }

  @Override
  public void make(Target target) {
    work.workers(target.run(), target.expect()).forEach(cluster::apply);
  }

  @Override
  public void removeThoseThere() {
    cluster.removal(work.name()).deleteJob();
  }

  @Override
  public int parallelism() {
    return work.wanted(null, null).wish().parallelism();
  }

  @Override
  public boolean areThere(Target target) {
    WorkloadView.Worker wanted = work.wanted(target.run(), target.expect()).worker();
    return workload
        .view()
        .map(WorkloadView::worker)
        .filter(there ->
            there.image().equals(wanted.image())
                && GivenSettings.byPresentNames(there.arguments()).equals(wanted.arguments()))
        .isPresent();
  }

  @Override
  public String place() {
    return (work.isJob() ? "Job '" : "Deployment '")
        + work.name()
        + "' in namespace '"
        + cluster.namespace()
        + "'";
  }
}
