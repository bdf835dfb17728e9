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
import dev.piecework.kubernetes.cluster.PodTunnels;
import dev.piecework.kubernetes.cluster.Tunnel;
import dev.piecework.kubernetes.cluster.WorkloadView;
import dev.piecework.kubernetes.cluster.WorkloadView.EnvValue;
import dev.piecework.kubernetes.manifest.RedisPlan;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The Redis that pods use, as this machine reaches it: directly, or through a tunnel. */
final class KubeRedis implements RedisAccess {

  /** What the pods of the Kubernetes page on work queues use. */
  static final String DEFAULT = "redis://redis:6379";

  private static final String FAILED_OVER = "Redis failed over: ";

  private final String uri;
  private final @Nullable Tunnel tunnel;
  private final @Nullable Ways pods;
  private final PemFiles files;
  private final AtomicReference<String> failedOver = new AtomicReference<>("");

  private KubeRedis(String uri, @Nullable Tunnel tunnel, @Nullable Ways pods, PemFiles files) {
    this.uri = uri;
    this.tunnel = tunnel;
    this.pods = pods;
    this.files = files;
  }

  /** Tunnels to the pods of a namespace. */
  private record Ways(PodTunnels tunnels, String namespace) {}

  private static KubeRedis direct(RedisUri uri, Inside pods) {
    return new KubeRedis(uri.text(), null, null, PemFiles.of(pods.tls()));
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
      return direct(withLoginOf(here, inside), pods);
    }
    PodHost member = member(inside, cluster.namespace());
    if (member != null && cluster.hasService(member.service())) {
      int port = inside.servers().nodes().getFirst().port();
      Ways ways = new Ways(cluster.podTunnels(member.service(), port), cluster.namespace());
      return new KubeRedis(inside.text(), null, ways, PemFiles.NONE);
    }
    Node one = one(inside);
    String service = service(inside, cluster.namespace());
    if (one == null || service == null || !cluster.hasService(service)) {
      refuseWhereNothingIs(cluster, one, service);
      return direct(inside, pods);
    }
    Tunnel tunnel = cluster.tunnel(service, one.port());
    RedisUri.One end = new RedisUri.One(new Node("127.0.0.1", tunnel.localPort()));
    RedisUri here = new RedisUri(end, inside.tls(), inside.written(), inside.database());
    // The pods know it by this name, and so does its certificate.
    return new KubeRedis(
        here.text(),
        tunnel,
        null,
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
    if (one != null) {
      return service(one.host(), namespace);
    }
    PodHost member = member(inside, namespace);
    return member == null ? null : member.service();
  }

  /**
   * A pod by its name in DNS, which it has from a Service without an address.
   *
   * @param service the name of that Service
   */
  record PodHost(String pod, String service) {

    /** Null for a host that is no such name in this namespace. */
    static @Nullable PodHost of(String host, String namespace) {
      String[] parts = host.split("\\.", 5);
      boolean here =
          parts.length > 1
              && !host.matches("[0-9.]+")
              && (parts.length < 3 || parts[2].equals(namespace))
              && (parts.length < 4 || parts[3].equals("svc"));
      return here ? new PodHost(parts[0], parts[1]) : null;
    }
  }

  /** The first of several servers, where all of them are pods; null where they are not. */
  private static @Nullable PodHost member(RedisUri inside, String namespace) {
    List<Node> nodes = inside.servers().nodes();
    boolean several = !(inside.servers() instanceof RedisUri.One) && !inside.tls();
    return several && nodes.stream().allMatch(node -> PodHost.of(node.host(), namespace) != null)
        ? PodHost.of(nodes.getFirst().host(), namespace)
        : null;
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
              .withAccess(
                  new QueueConfig.Access(
                      null,
                      files.tls(),
                      "piecework",
                      null,
                      notice -> passOn(notice, notices),
                      this::address)),
          options);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** Each pod is behind a tunnel of its own, whichever of them a Sentinel or a Cluster names. */
  private Node address(Node named) {
    Ways ways = pods;
    PodHost host = ways == null ? null : PodHost.of(named.host(), ways.namespace());
    return ways == null || host == null
        ? named
        : new Node("127.0.0.1", ways.tunnels().localPort(host.pod(), named.port()));
  }

  /** All queues that are open here see the same failover; a person hears of it once, of a pod. */
  private void passOn(String notice, Consumer<String> notices) {
    if (!notice.startsWith(FAILED_OVER)) {
      notices.accept(notice);
    } else if (!notices.equals(NOBODY) && !notice.equals(failedOver.getAndSet(notice))) {
      notices.accept(pods == null ? notice : notice.replaceFirst("now ([^.]+)\\S*", "now $1"));
    }
  }

  @Override
  public @Nullable String trouble() {
    return tunnel != null ? tunnel.trouble() : pods != null ? pods.tunnels().trouble() : null;
  }

  @Override
  public void close() {
    if (tunnel != null) {
      tunnel.close();
    }
    if (pods != null) {
      pods.tunnels().close();
    }
    files.close();
  }
}
