package dev.piecework.cli.kube;

import dev.piecework.cli.backend.BagOfWork;
import dev.piecework.cli.redis.WhereRedis;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.Workload;
import dev.piecework.kubernetes.cluster.WorkloadView;
import dev.piecework.kubernetes.cluster.WrittenObjects;
import dev.piecework.kubernetes.manifest.Manifest;
import dev.piecework.kubernetes.manifest.Manifests;
import dev.piecework.kubernetes.manifest.Plan;
import dev.piecework.kubernetes.manifest.RedisLayout;
import dev.piecework.kubernetes.manifest.RedisPlan;
import dev.piecework.kubernetes.manifest.RedisPlan.Access;
import dev.piecework.kubernetes.manifest.WorkerPlan;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is to be submitted: planned by our options, or written by somebody. */
sealed interface KubeWork {

  String name();

  String queue();

  /** The namespace that it names; null when it names none. */
  @Nullable String namespace();

  boolean isJob();

  /** Whether the workers must not see the queue before all is in it. */
  boolean needsAllFilled();

  /** All that is made, the Secret too that a cluster may have already. */
  List<HasMetadata> all();

  /**
   * Redis as the pods have it, where it is there before anything is made; null where it comes with
   * what is made.
   */
  KubeRedis.@Nullable Inside redisThere(Cluster cluster);

  /** What has to be there before the workers, with what the cluster has already. */
  List<HasMetadata> foundations(Cluster cluster);

  /** Redis, as the pods have it, once the foundations are there. */
  KubeRedis.Inside redis(Cluster cluster);

  /** Of how many servers the Redis is that we deploy, and so wait for; null where we do not. */
  @Nullable RedisLayout redisLayout();

  /** The Secret in which such a Redis has its URL; null where we deploy none. */
  default @Nullable String redisSecret() {
    return null;
  }

  /** The workers, and what scales them. */
  List<HasMetadata> workers(@Nullable String run, @Nullable Long expect);

  /** How the workers would be, but for their number. */
  default WorkloadView wanted(@Nullable String run, @Nullable Long expect) {
    return Workload.viewOf(workers(run, expect).getFirst());
  }

  /**
   * By our options.
   *
   * @param begin with how many pods a Job begins; null for as many as are planned
   */
  static KubeWork planned(Plan plan, @Nullable Integer begin) {
    return new Planned(plan, begin);
  }

  /**
   * As it is in a file.
   *
   * @param named the queue that a person named; null to go by what the Job says
   * @param uri the Redis that a person named; null to go by what the Job says
   */
  static KubeWork written(
      Path file, @Nullable String named, @Nullable String uri, Terminal terminal) {
    WrittenObjects objects = WrittenObjects.read(file);
    BagOfWork bag = KubeBag.of(Workload.viewOf(objects.job()));
    String name = objects.job().getMetadata().getName();
    String queue = String.valueOf(bag.onQueue(named, name).queue());
    if (uri != null && WhereRedis.read(uri, "--redis").holdsPassword()) {
      terminal.say(
          "everybody on this machine can see the password in --redis; let the Job have it from a"
              + " Secret");
    }
    return new Written(objects, queue, uri);
  }

  /**
   * @param plan complete but for the run
   * @param begin with how many pods a Job begins; null for as many as are planned
   */
  record Planned(Plan plan, @Nullable Integer begin) implements KubeWork {

    @Override
    public String name() {
      return plan.names().name();
    }

    @Override
    public String queue() {
      return plan.names().queue();
    }

    @Override
    public @Nullable String namespace() {
      return plan.names().namespace();
    }

    @Override
    public boolean isJob() {
      return plan.job().shape().isJob();
    }

    @Override
    public boolean needsAllFilled() {
      return false;
    }

    @Override
    public @Nullable RedisLayout redisLayout() {
      return plan.redis() instanceof RedisPlan.Deployed deployed ? deployed.layout() : null;
    }

    @Override
    public @Nullable String redisSecret() {
      return plan.redis() instanceof RedisPlan.Deployed deployed ? nameOf(deployed.secret()) : null;
    }

    @Override
    public List<HasMetadata> all() {
      return objects(plan);
    }

    @Override
    public KubeRedis.@Nullable Inside redisThere(Cluster cluster) {
      return switch (plan.redis()) {
        case RedisPlan.Open(var url) -> KubeRedis.Inside.open(url);
        case RedisPlan.Deployed _ -> null;
        case RedisPlan.External(var access) ->
            switch (access) {
              case Access.Made made -> new KubeRedis.Inside(made.url(), made.tls());
              case Access.Existing _ -> inSecret(cluster, access);
            };
      };
    }

    @Override
    public List<HasMetadata> foundations(Cluster cluster) {
      Plan known = plan;
      // The password in a Secret that is there is the one that Redis was started with.
      if (plan.redis() instanceof RedisPlan.Deployed deployed
          && deployed.secret() instanceof Access.Made
          && cluster.secret(plan.names().redis()).isPresent()) {
        known = plan.withRedis(deployed.withSecret(new Access.Existing(plan.names().redis())));
      }
      return objects(known).stream().filter(object -> !isWorkers(object)).toList();
    }

    @Override
    public List<HasMetadata> workers(@Nullable String run, @Nullable Long expect) {
      WorkerPlan worker = plan.worker();
      worker = worker.run() == null && run != null && isJob() ? worker.withRun(run) : worker;
      worker =
          worker.expect() == null && expect != null && isJob() ? worker.withExpect(expect) : worker;
      List<HasMetadata> made =
          objects(plan.withWorker(worker)).stream().filter(Planned::isWorkers).toList();
      Integer pods = begin;
      if (pods != null && made.getFirst() instanceof Job job) {
        job.getSpec().setParallelism(pods);
      }
      return made;
    }

    private static List<HasMetadata> objects(Plan plan) {
      return Manifests.of(plan).stream().map(Manifest::object).toList();
    }

    private static boolean isWorkers(HasMetadata object) {
      return List.of("Job", "Deployment", "ScaledObject", "TriggerAuthentication")
          .contains(object.getKind());
    }

    @Override
    public KubeRedis.Inside redis(Cluster cluster) {
      return switch (plan.redis()) {
        case RedisPlan.Open(var url) -> KubeRedis.Inside.open(url);
        case RedisPlan.Deployed deployed -> inSecret(cluster, deployed.secret());
        case RedisPlan.External external -> inSecret(cluster, external.secret());
      };
    }

    private KubeRedis.Inside inSecret(Cluster cluster, Access access) {
      return KubeRedis.Inside.of(cluster, nameOf(access), "url");
    }

    private String nameOf(Access access) {
      return switch (access) {
        case Access.Existing(var known) -> known;
        case Access.Made _ -> plan.names().redis();
      };
    }
  }

  /**
   * @param redis null to go by what the Job says
   */
  record Written(WrittenObjects objects, String queue, @Nullable String redis) implements KubeWork {

    @Override
    public String name() {
      return objects.job().getMetadata().getName();
    }

    @Override
    public @Nullable String namespace() {
      return objects.job().getMetadata().getNamespace();
    }

    @Override
    public boolean isJob() {
      return true;
    }

    @Override
    public boolean needsAllFilled() {
      return true;
    }

    @Override
    public @Nullable RedisLayout redisLayout() {
      return null;
    }

    @Override
    public List<HasMetadata> all() {
      return Stream.concat(objects.others().stream(), Stream.<HasMetadata>of(objects.job()))
          .toList();
    }

    @Override
    public KubeRedis.@Nullable Inside redisThere(Cluster cluster) {
      // It may be among what comes with the Job.
      return objects.others().isEmpty() ? redis(cluster) : null;
    }

    @Override
    public List<HasMetadata> foundations(Cluster cluster) {
      return objects.others();
    }

    @Override
    public KubeRedis.Inside redis(Cluster cluster) {
      return redis != null
          ? KubeRedis.Inside.open(redis)
          : KubeRedis.inside(cluster, Workload.viewOf(objects.job()));
    }

    @Override
    public List<HasMetadata> workers(@Nullable String run, @Nullable Long expect) {
      Job job = objects.job();
      Map<String, String> labels = copy(job.getMetadata().getLabels());
      labels.put("app.kubernetes.io/name", "piecework");
      labels.put("app.kubernetes.io/instance", name());
      labels.put("app.kubernetes.io/managed-by", "piecework");
      Map<String, String> notes = copy(job.getMetadata().getAnnotations());
      notes.put(KubeBag.QUEUE, queue);
      if (run != null) {
        notes.put(KubeBag.RUN, run);
      }
      job.getMetadata().setLabels(labels);
      job.getMetadata().setAnnotations(notes);
      return List.of(job);
    }

    private static Map<String, String> copy(@Nullable Map<String, String> map) {
      return map == null ? new LinkedHashMap<>() : new LinkedHashMap<>(map);
    }
  }
}
