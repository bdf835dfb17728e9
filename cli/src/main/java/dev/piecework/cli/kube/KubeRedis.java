package dev.piecework.cli.kube;

import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.RedisUri;
import dev.piecework.RedisUri.Node;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.cli.backend.RedisAccess;
import dev.piecework.cli.redis.WhereRedis;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.Tunnel;
import dev.piecework.kubernetes.cluster.WorkloadView;
import dev.piecework.kubernetes.cluster.WorkloadView.EnvValue;
import dev.piecework.kubernetes.manifest.RedisPlan;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The Redis that pods use, as this machine reaches it: directly, or through a tunnel. */
final class KubeRedis implements RedisAccess {

  /** What the pods of the Kubernetes page on work queues use. */
  static final String DEFAULT = "redis://redis:6379";

  private final String uri;
  private final @Nullable Tunnel tunnel;
  private final PemFiles files;

  private KubeRedis(String uri, @Nullable Tunnel tunnel, PemFiles files) {
    this.uri = uri;
    this.tunnel = tunnel;
    this.files = files;
  }

  /**
   * What the pods know of it.
   *
   * @param tls the files for it that lie in the Secret beside the URL
   */
  record Inside(String url, RedisPlan.Tls tls) {

    static Inside open(String url) {
      return new Inside(url, RedisPlan.Tls.NONE);
    }

    /** From the Secret of this name. */
    static Inside of(Cluster cluster, String secret, String key) {
      Map<String, String> values =
          cluster
              .secret(secret)
              .orElseThrow(() ->
                  Refusal.usage("the Secret '" + secret + "' with the URL of Redis is not there"));
      String url = values.get(key);
      if (url == null) {
        throw Refusal.usage("the Secret '" + secret + "' has no key '" + key + "'");
      }
      return new Inside(url.strip(), RedisPlan.Tls.in(values));
    }

    @Override
    public String toString() {
      return "Inside[***]";
    }
  }

  /**
   * @param pods as the pods have it
   * @param fromHere the URL as this machine has it; null to find out
   */
  static KubeRedis at(Cluster cluster, Inside pods, @Nullable String fromHere) {
    RedisUri inside = WhereRedis.read(pods.url(), "the URL of Redis that the pods have");
    if (fromHere != null) {
      RedisUri here = WhereRedis.read(fromHere, "--redis-from-here");
      return new KubeRedis(withLoginOf(here, inside).text(), null, PemFiles.of(pods.tls()));
    }
    Node one = one(inside);
    String service = service(inside, cluster.namespace());
    if (one == null || service == null || !cluster.hasService(service)) {
      refuseWhereNothingIs(cluster, one, service);
      return new KubeRedis(inside.text(), null, PemFiles.of(pods.tls()));
    }
    Tunnel tunnel = cluster.tunnel(service, one.port());
    RedisUri.One end = new RedisUri.One(new Node("127.0.0.1", tunnel.localPort()));
    RedisUri here = new RedisUri(end, inside.tls(), inside.written(), inside.database());
    // The pods know it by this name, and so does its certificate.
    return new KubeRedis(
        here.text(),
        tunnel,
        inside.tls() ? PemFiles.of(pods.tls()).withServerName(one.host()) : PemFiles.NONE);
  }

  /** A name without a dot is that of a Service of the namespace, or of this machine's network. */
  private static void refuseWhereNothingIs(
      Cluster cluster, @Nullable Node one, @Nullable String service) {
    if (one == null || !one.host().equals(service) || isKnownHere(one.host())) {
      return;
    }
    throw Refusal.usage(
        "there is no Service '"
            + one.host()
            + "' in namespace '"
            + cluster.namespace()
            + "' with pods behind it, where the workers look for Redis; make it, or say"
            + " --with-redis, --redis URL, or how this machine reaches it with --redis-from-here");
  }

  private static boolean isKnownHere(String host) {
    try {
      return InetAddress.getByName(host).getAddress().length > 0;
    } catch (UnknownHostException unknown) {
      return false;
    }
  }

  private static @Nullable Node one(RedisUri inside) {
    return inside.servers() instanceof RedisUri.One(var node) ? node : null;
  }

  /** The name of a Service of this namespace that the URL would be about; null for another. */
  static @Nullable String service(RedisUri inside, String namespace) {
    Node one = one(inside);
    return one == null ? null : service(one.host(), namespace);
  }

  /** As the workers of a Job have it. */
  static Inside inside(Cluster cluster, WorkloadView view) {
    return switch (view.worker().redis()) {
      case null -> Inside.open(DEFAULT);
      case EnvValue.Literal(var text) -> Inside.open(text);
      case EnvValue.FromSecret(var secret, var key) -> Inside.of(cluster, secret, key);
    };
  }

  /** The name of a Service of this namespace that a host name would be, as DNS there has it. */
  static @Nullable String service(String host, String namespace) {
    String[] parts = host.split("\\.", 4);
    boolean numeric = host.matches("[0-9.]+") || host.contains(":");
    if (numeric || (parts.length > 1 && !parts[1].equals(namespace))) {
      return null;
    }
    return parts.length > 2 && !parts[2].equals("svc") ? null : parts[0];
  }

  private static RedisUri withLoginOf(RedisUri fromHere, RedisUri inside) {
    return fromHere.written().equals(RedisUri.Login.NONE)
        ? fromHere.withLogin(inside.written())
        : fromHere;
  }

  @Override
  public WorkQueue open(
      String queue,
      SessionOptions options,
      Duration timeout,
      QueueSettings settings,
      Consumer<String> notices) {
    try {
      return WorkQueue.open(
          QueueConfig.of(uri, queue)
              .withRedisTimeout(timeout)
              .withSettings(settings)
              .withAccess(new QueueConfig.Access(null, files.tls(), "piecework", null, notices)),
          options);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  @Override
  public @Nullable String trouble() {
    return tunnel == null ? null : tunnel.trouble();
  }

  @Override
  public void close() {
    if (tunnel != null) {
      tunnel.close();
    }
    files.close();
  }
}
