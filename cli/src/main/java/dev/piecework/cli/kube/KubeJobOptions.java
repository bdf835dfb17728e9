package dev.piecework.cli.kube;

import dev.piecework.QueueConfig;
import dev.piecework.RedisUri;
import dev.piecework.cli.redis.RedisUrl;
import dev.piecework.cli.verb.Nearest;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.manifest.JobPlan;
import dev.piecework.kubernetes.manifest.KedaPlan;
import dev.piecework.kubernetes.manifest.Names;
import dev.piecework.kubernetes.manifest.Plan;
import dev.piecework.kubernetes.manifest.PodOptions;
import dev.piecework.kubernetes.manifest.RedisPlan;
import dev.piecework.kubernetes.manifest.Shape;
import dev.piecework.kubernetes.manifest.WorkerPlan;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A bag of work in a cluster, as {@code kube manifests} and {@code kube submit} are told of it. */
final class KubeJobOptions {

  @Mixin KubeWorkerOptions worker = new KubeWorkerOptions();
  @Mixin KubePodOptions pod = new KubePodOptions();
  @Mixin KubeRedisOptions redis = new KubeRedisOptions();
  @Mixin NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = {"-q", "--queue"},
      paramLabel = "NAME",
      description = "The queue's name in Redis.")
  @Nullable String queue;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the Job is called; default: the queue's name, made to do there.")
  @Nullable String name;

  @Option(
      names = "--shape",
      paramLabel = "pool|queue|stream",
      description =
          "pool: a Job of N completions, who dies is replaced; queue: the Job of the Kubernetes"
              + " page, without completions; stream: a Deployment that never ends.")
  String shape = "pool";

  @Option(
      names = {"-p", "--parallelism"},
      paramLabel = "N",
      description = "How many pods (1).")
  int parallelism = 1;

  @Option(
      names = "--suspend",
      description = "Make the Job suspended: it begins when somebody resumes it.")
  boolean suspend;

  @Option(
      names = "--backoff-limit",
      paramLabel = "N",
      description = "Failures that end the Job; default: 10 per pod.")
  @Nullable Integer backoffLimit;

  @Option(
      names = "--ttl",
      paramLabel = "1d",
      description = "How long the ended Job and its logs are kept; default: until deleted.")
  @Nullable Duration ttl;

  @Option(
      names = "--active-deadline",
      paramLabel = "12h",
      description = "The Job fails when it is not done by then.")
  @Nullable Duration activeDeadline;

  @Option(
      names = "--kueue-queue",
      paramLabel = "NAME",
      description = "The Kueue LocalQueue that admits it.")
  @Nullable String kueueQueue;

  @Option(names = "--keda", description = "Stream only: KEDA scales it, up to -p pods.")
  boolean keda;

  @Option(
      names = "--keda-min",
      paramLabel = "N",
      description = "With --keda: pods when nothing waits (1).")
  @Nullable Integer kedaLeast;

  @Option(
      names = "--keda-items",
      paramLabel = "N",
      description = "With --keda: waiting items for each pod (10).")
  @Nullable Integer kedaItems;

  /**
   * All of it as a plan.
   *
   * @throws Refusal naming the first value that does not do
   */
  Plan plan(Terminal terminal) {
    Shape known = shape();
    Names names = names();
    refuseWhatDoesNotFit(known);
    worker.partitions.unlessGiven(redis.partitions());
    WorkerPlan workers = worker.plan(known, pod.spot);
    PodOptions pods = pod.plan(worker.graceOf(pod.spot), worker.redisTimeout);
    RedisPlan where = redis.plan(names, terminal);
    return new Plan(names, job(known, names, where), workers, pods, where);
  }

  Names names() {
    if (queue == null) {
      throw Refusal.usage("no -q QUEUE: the name of the queue");
    }
    String bag = queue;
    KubeValues.read("-q", () -> QueueConfig.of("redis://localhost", bag));
    String chosen = name == null ? Names.of(bag) : name;
    try {
      return new Names(chosen, bag, namespace.name);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** With a Job that somebody wrote, nothing here shapes it. */
  void refuseForFile() {
    String without =
        worker.image != null
            ? "--image"
            : !worker.command.words.isEmpty()
                ? "a command"
                : name != null
                    ? "--name"
                    : redis.withRedis
                        ? "--with-redis"
                        : suspend ? "--suspend" : pod.metrics ? "--metrics" : redis.tlsOption();
    if (without != null) {
      throw Refusal.usage(
          "-f submits the Job as it is in its file: leave out " + without + ", or write it there");
    }
  }

  private Shape shape() {
    return Shape.named(shape.toLowerCase(Locale.ROOT))
        .orElseThrow(() ->
            Refusal.usage(
                "no such shape: '"
                    + Printable.typed(shape, 60)
                    + "'"
                    + Nearest.of(shape, Shape.words())
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("; there are " + String.join(", ", Shape.words()))));
  }

  private JobPlan job(Shape known, Names names, RedisPlan plan) {
    if (kueueQueue != null) {
      KubePodOptions.object("--kueue-queue", kueueQueue);
    }
    try {
      return new JobPlan(
          known,
          parallelism,
          suspend,
          worker.failOnDead,
          backoffLimit,
          ttl,
          activeDeadline,
          kueueQueue,
          keda ? keda(names, plan) : null);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private void refuseWhatDoesNotFit(Shape known) {
    if (parallelism < 1) {
      throw Refusal.usage("-p " + parallelism + ": at least one pod is needed");
    }
    if (backoffLimit != null && backoffLimit < 0) {
      throw Refusal.usage("--backoff-limit " + backoffLimit + ": it cannot be less than 0");
    }
    if (!keda && (kedaLeast != null || kedaItems != null)) {
      throw Refusal.usage(
          (kedaLeast != null ? "--keda-min" : "--keda-items") + " goes with --keda");
    }
    if (keda && worker.partitions.several()) {
      throw Refusal.usage("--keda looks at one list of items, and --partitions makes several");
    }
    if (known.isJob()) {
      if (keda) {
        throw Refusal.usage(
            "--keda needs --shape stream: a Job's number of pods is not KEDA's to change");
      }
      return;
    }
    String without =
        suspend
            ? "--suspend"
            : backoffLimit != null
                ? "--backoff-limit"
                : ttl != null ? "--ttl" : activeDeadline != null ? "--active-deadline" : null;
    if (without != null) {
      throw Refusal.usage(without + " needs a Job: the stream shape is a Deployment");
    }
  }

  private KedaPlan keda(Names names, RedisPlan plan) {
    int least = kedaLeast == null ? 1 : kedaLeast;
    if (least < 0 || least > parallelism) {
      throw Refusal.usage("--keda-min " + least + " is not 0 to " + parallelism + " (-p)");
    }
    int items = kedaItems == null ? 10 : kedaItems;
    if (items < 1) {
      throw Refusal.usage("--keda-items " + items + ": at least one item for each pod");
    }
    String address =
        switch (plan) {
          case RedisPlan.Deployed _ -> names.redis() + "." + namespaceForKeda() + ".svc:6379";
          case RedisPlan.Open _ -> "redis." + namespaceForKeda() + ".svc:6379";
          case RedisPlan.External _ -> external();
        };
    if (redis.tlsOption() != null) {
      throw Refusal.usage(
          "--keda looks at Redis without files for TLS: leave out "
              + redis.tlsOption()
              + ", or write the ScaledObject yourself");
    }
    if (redis.severalOption() != null) {
      throw Refusal.usage(
          "--keda looks at one Redis: leave out "
              + redis.severalOption()
              + ", or write the ScaledObject yourself");
    }
    RedisUri known = redis.known();
    boolean tls = known != null && known.tls();
    return new KedaPlan(least, items, address, tls, whereItemsWait(names.queue()));
  }

  private String external() {
    RedisUri known = redis.known();
    String address = known == null ? null : RedisUrl.address(known);
    if (address == null) {
      throw Refusal.usage(
          "--keda needs --with-redis, or the URL of one Redis with --redis: redis:// or rediss://");
    }
    if (known != null && known.login().user() != null) {
      throw Refusal.usage("--keda looks at Redis as the default user: no user's name in --redis");
    }
    return address;
  }

  private String namespaceForKeda() {
    String named = namespace.name;
    if (named == null) {
      throw Refusal.usage(
          "--keda needs --namespace: KEDA looks at Redis from a namespace of its own");
    }
    return named;
  }

  /**
   * The keys whose lengths are the backlog, as docs/protocol.md names them. What is delayed counts
   * too: with no pod there would be nobody to see that it is due.
   */
  static List<String> whereItemsWait(String queue) {
    return Stream.concat(
            Stream.of(queue),
            Stream.of("numbered", "high", "low", "returned", "delayed")
                .map(key -> "{" + queue + "}:" + key))
        .toList();
  }
}
