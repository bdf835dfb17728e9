package dev.piecework.cli.kube;

import dev.piecework.RedisUri;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.cli.backend.Follower;
import dev.piecework.cli.backend.RedisAccess;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.redis.WhereRedis;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.manifest.RedisLayout;
import dev.piecework.kubernetes.rights.Right;
import dev.piecework.kubernetes.rights.Rights;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks whether a submit can come to its end, and refuses it before anything is made. */
final class SubmitCheck {

  private static final String KUEUE = "kueue.x-k8s.io";
  private static final Right GET_SERVICES = new Right("", "services", "get");
  private static final Right GET_SECRETS = new Right("", "secrets", "get");

  private final Cluster cluster;
  private final KubeWork work;
  private final @Nullable String redisFromHere;

  /**
   * @param redisFromHere the URL of Redis for this machine; null to find out
   */
  SubmitCheck(Cluster cluster, KubeWork work, @Nullable String redisFromHere) {
    this.cluster = cluster;
    this.work = work;
    this.redisFromHere = redisFromHere;
  }

  /**
   * Checks.
   *
   * @param replaces whether a Job that is there is deleted first
   * @param redisTimeout how long Redis may be away
   */
  void check(boolean replaces, Follower.Request follow, Duration redisTimeout) {
    List<HasMetadata> objects = new ArrayList<>(work.all());
    objects.removeIf(object -> object.getKind().equals("PodMonitor") && !cluster.knows(object));
    requireOperators(objects);
    SortedSet<Right> missing = cluster.missing(rights(objects, replaces, follow));
    if (missing.contains(GET_SECRETS)) {
      cluster.refuse(missing);
    }
    requireSameRedis();
    KubeRedis.Inside there = work.redisThere(cluster);
    if (there != null && redisFromHere == null) {
      missing.addAll(missingTo(there));
    }
    cluster.refuse(missing);
    if (there != null) {
      requireAnswer(there, redisTimeout);
    }
  }

  /** What a StatefulSet is made of cannot be changed, and workers know the Redis by its URL. */
  private void requireSameRedis() {
    RedisLayout layout = work.redisLayout();
    String secret = work.redisSecret();
    Map<String, String> known =
        layout == null || secret == null ? Map.of() : cluster.secret(secret).orElse(Map.of());
    String url = known.get("url");
    if (layout == null || url == null) {
      return;
    }
    RedisUri there = WhereRedis.read(url, "the URL of Redis in the Secret '" + secret + "'");
    if (!KubeRedisOptions.fits(layout, there.servers())) {
      throw Refusal.usage(
          "the Redis that the Secret '"
              + secret
              + "' is about is of another kind or size ("
              + there.shown()
              + "), which cannot be changed: leave --redis-replicas and --redis-shards as they were, or kube delete it"
              + " first. Nothing was made");
    }
  }

  /** The kinds of an operator's are there with that operator only. */
  private void requireOperators(List<HasMetadata> objects) {
    for (HasMetadata object : objects) {
      Map<String, String> labels = object.getMetadata().getLabels();
      if (object.getApiVersion().startsWith("keda.sh/") && !cluster.knows(object)) {
        throw Refusal.usage(
            "--keda: this cluster has no KEDA (no "
                + object.getKind()
                + " of "
                + object.getApiVersion()
                + "); install it, or leave out --keda. Nothing was made");
      }
      if (labels != null
          && labels.containsKey(KUEUE + "/queue-name")
          && !cluster.knowsGroup(KUEUE)) {
        throw Refusal.usage(
            "--kueue-queue: this cluster has no Kueue (no objects of "
                + KUEUE
                + "), so the Job would run at once; install it, or leave that out. Nothing was"
                + " made");
      }
    }
  }

  private SortedSet<Right> rights(
      List<HasMetadata> objects, boolean replaces, Follower.Request follow) {
    SortedSet<Right> all = Rights.toApply(objects);
    all.add(new Right("batch", "jobs", "get"));
    all.add(new Right("", "pods", "list"));
    if (!work.isJob()) {
      all.add(new Right("apps", "deployments", "get"));
    }
    if (work.redisLayout() != null) {
      all.add(GET_SECRETS);
      if (redisFromHere == null) {
        all.addAll(Rights.reach());
      }
    }
    if (replaces) {
      all.add(new Right("batch", "jobs", "delete"));
    }
    EnumSet<Rights.Use> uses = EnumSet.noneOf(Rights.Use.class);
    if (follow.logs()) {
      uses.add(Rights.Use.LOGS);
    }
    if (follow.deleteOnExit()) {
      uses.add(Rights.Use.DELETE);
    }
    all.addAll(Rights.of(uses, kinds(objects)));
    return all;
  }

  private Rights.Kinds kinds(List<HasMetadata> objects) {
    return new Rights.Kinds(
        !work.isJob(),
        objects.stream().anyMatch(object -> object.getApiVersion().startsWith("keda.sh/")),
        objects.stream().anyMatch(object -> object.getKind().equals("PodMonitor")));
  }

  /** What is missing to reach a Redis that is there already. */
  private SortedSet<Right> missingTo(KubeRedis.Inside there) {
    RedisUri inside = WhereRedis.read(there.url(), "the URL of Redis that the pods have");
    String service = KubeRedis.service(inside, cluster.namespace());
    if (service == null) {
      return new TreeSet<>();
    }
    SortedSet<Right> missing = cluster.missing(List.of(GET_SERVICES));
    if (missing.isEmpty() && !cluster.hasService(service)) {
      return missing;
    }
    missing.addAll(cluster.missing(Rights.tunnel()));
    return missing;
  }

  /** A Redis that cannot be used is said before anything is made for it. */
  private void requireAnswer(KubeRedis.Inside there, Duration redisTimeout) {
    try (KubeRedis redis = KubeRedis.at(cluster, there, redisFromHere);
        WorkQueue queue =
            redis.open(
                work.queue(),
                SessionOptions.DEFAULTS,
                redisTimeout,
                SettingsOptions.OURS,
                RedisAccess.NOBODY)) {
      var _ = queue.name();
    }
  }
}
