package dev.piecework.cli.kube;

import dev.piecework.RedisUri;
import dev.piecework.TlsFiles;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.redis.RedisUrl;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.embedded.EmbeddedRedis;
import dev.piecework.kubernetes.manifest.Amount;
import dev.piecework.kubernetes.manifest.Names;
import dev.piecework.kubernetes.manifest.RedisLayout;
import dev.piecework.kubernetes.manifest.RedisPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Redis the workers in the cluster use. */
final class KubeRedisOptions {

  @Option(names = "--with-redis", description = "Deploy a Redis of the bag's own, with a volume.")
  boolean withRedis;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description =
          "Use this one, as the pods see it; the URL goes into a Secret. Default:"
              + " redis://redis:6379.")
  @Nullable String uri;

  @Option(
      names = "--redis-password-file",
      paramLabel = "FILE",
      description =
          "A file whose first line is the password; default with --with-redis: one that is made"
              + " up once and kept in the state folder.")
  @Nullable Path passwordFile;

  @Option(
      names = "--redis-sentinel-password-file",
      paramLabel = "FILE",
      description =
          "With a redis-sentinel:// URL: the same for the Sentinels, if they have another. It goes"
              + " into the URL in the Secret.")
  @Nullable Path sentinelPasswordFile;

  @Option(
      names = "--redis-ca-file",
      paramLabel = "FILE",
      description =
          "With a rediss:// URL: the authorities (PEM) to trust; like the next two it goes into the"
              + " Secret, and as a file to the workers.")
  @Nullable Path caFile;

  @Option(
      names = "--redis-cert-file",
      paramLabel = "FILE",
      description = "The workers' certificate (PEM), for a Redis that asks clients for one.")
  @Nullable Path certificateFile;

  @Option(
      names = "--redis-key-file",
      paramLabel = "FILE",
      description = "Its private key (PEM, PKCS #8, unencrypted).")
  @Nullable Path keyFile;

  @Option(
      names = "--redis-secret",
      paramLabel = "NAME",
      description =
          "Print no Secret: this one is there, with the key url, and with --with-redis or --keda"
              + " the key password.")
  @Nullable String secret;

  @Option(
      names = "--redis-image",
      paramLabel = "REF",
      description = "With --with-redis: a Redis from 6.2, or Valkey (redis:7-alpine).")
  @Nullable String image;

  @Option(
      names = "--redis-cpu",
      paramLabel = "100m..1",
      description =
          "With --with-redis: CPU of its container, request..limit; default: 100m and no limit.")
  @Nullable String cpu;

  @Option(
      names = "--redis-memory",
      paramLabel = "512Mi",
      description = "With --with-redis: memory of its container; 3/5 of it hold data.")
  @Nullable String memory;

  @Option(
      names = "--redis-storage",
      paramLabel = "2Gi",
      description = "With --with-redis: size of the volume for its append-only file.")
  @Nullable String storage;

  @Option(
      names = "--redis-storage-class",
      paramLabel = "NAME",
      description = "With --with-redis: the volume's class; default: the cluster's.")
  @Nullable String storageClass;

  @Option(
      names = "--redis-replicas",
      paramLabel = "2",
      description =
          "With --with-redis: so many replicas of it, with a Sentinel beside each server: when the"
              + " master is gone another takes over (0).")
  @Nullable Integer replicas;

  @Option(
      names = "--redis-shards",
      paramLabel = "3",
      description =
          "With --with-redis: a Cluster of so many masters with a replica each, and the queue in as"
              + " many partitions, or --partitions (1).")
  @Nullable Integer shards;

  RedisPlan plan(Names names, Terminal terminal) {
    check();
    if (withRedis) {
      RedisLayout layout = layout();
      return new RedisPlan.Deployed(
          secret != null ? new RedisPlan.Access.Existing(secret) : made(names, layout, terminal),
          image == null ? "redis:7-alpine" : image,
          new RedisPlan.Size(
              cpu == null ? null : KubeValues.read("--redis-cpu", () -> Amount.cpu(or(cpu, ""))),
              KubeValues.read("--redis-memory", () -> Amount.memory(or(memory, "512Mi"))).limit(),
              KubeValues.read("--redis-storage", () -> Amount.disk(or(storage, "2Gi"))),
              storageClass),
          layout);
    }
    if (secret != null) {
      return new RedisPlan.External(new RedisPlan.Access.Existing(secret));
    }
    if (uri == null) {
      terminal.say(
          "neither --with-redis nor --redis: the workers use the Service 'redis' of their"
              + " namespace");
      return new RedisPlan.Open("redis://redis:6379");
    }
    if (RedisOptions.showsPassword(RedisUrl.read(uri), passwordFile)) {
      terminal.say(
          "everybody on this machine can see the password in --redis; use --redis-password-file");
    }
    RedisUri known = known(uri);
    return new RedisPlan.External(
        new RedisPlan.Access.Made(
            known.text(),
            known.login().password(),
            tlsOption() == null ? RedisPlan.Tls.NONE : tls()));
  }

  /** The URL with the passwords from files in it; null where there is no URL. */
  @Nullable RedisUri known() {
    return uri == null ? null : known(uri);
  }

  private RedisUri known(String typed) {
    RedisUri known = RedisUrl.read(typed);
    if (passwordFile != null) {
      known = RedisUrl.withPassword(known, RedisOptions.in(passwordFile, "--redis-password-file"));
    }
    return sentinelPasswordFile == null
        ? known
        : RedisOptions.withSentinelPassword(known, sentinelPasswordFile);
  }

  /** The first option that names a file for TLS; null where none does. */
  @Nullable String tlsOption() {
    return caFile != null
        ? "--redis-ca-file"
        : certificateFile != null
            ? "--redis-cert-file"
            : keyFile != null ? "--redis-key-file" : null;
  }

  private void checkTls() {
    String option = tlsOption();
    if (option == null) {
      return;
    }
    if (uri == null || !RedisUrl.read(uri).tls()) {
      throw Refusal.usage(option + " goes with --redis rediss://...");
    }
    if ((certificateFile == null) != (keyFile == null)) {
      throw Refusal.usage("--redis-cert-file and --redis-key-file go together");
    }
  }

  private RedisPlan.Tls tls() {
    try {
      new TlsFiles(caFile, certificateFile, keyFile).requireUsable();
      return new RedisPlan.Tls(text(caFile), text(certificateFile), text(keyFile));
    } catch (IllegalArgumentException unusable) {
      throw Refusal.usage(String.valueOf(unusable.getMessage()), unusable);
    } catch (IOException unreadable) {
      throw Refusal.usage("cannot read " + unreadable.getMessage(), unreadable);
    }
  }

  private static @Nullable String text(@Nullable Path file) throws IOException {
    return file == null ? null : Files.readString(file);
  }

  private void check() {
    if (withRedis && uri != null) {
      throw Refusal.usage("--with-redis and --redis exclude each other");
    }
    if (secret != null && (uri != null || passwordFile != null)) {
      throw Refusal.usage(
          "--redis-secret has the URL and the password: leave out "
              + (uri != null ? "--redis" : "--redis-password-file"));
    }
    if (sentinelPasswordFile != null && uri == null) {
      throw Refusal.usage("--redis-sentinel-password-file goes with --redis redis-sentinel://...");
    }
    if (secret != null) {
      KubePodOptions.object("--redis-secret", secret);
    }
    if (passwordFile != null && !withRedis && uri == null) {
      throw Refusal.usage("--redis-password-file goes with --redis or --with-redis");
    }
    if (!withRedis) {
      String without =
          replicas != null || shards != null
              ? replicas != null ? "--redis-replicas" : "--redis-shards"
              : image != null
                  ? "--redis-image"
                  : cpu != null || memory != null
                      ? cpu != null ? "--redis-cpu" : "--redis-memory"
                      : storage != null
                          ? "--redis-storage"
                          : storageClass != null ? "--redis-storage-class" : null;
      if (without != null) {
        throw Refusal.usage(without + " goes with --with-redis");
      }
    }
    if (uri != null) {
      RedisUrl.check(RedisUrl.read(uri));
    }
    checkTls();
  }

  private RedisLayout layout() {
    Integer copies = replicas;
    Integer masters = shards;
    if (copies != null && copies != 0) {
      if (masters != null && masters != 1) {
        throw Refusal.usage(
            "--redis-replicas and --redis-shards exclude each other: each shard has a replica");
      }
      return KubeValues.read("--redis-replicas", () -> new RedisLayout.Replicas(copies));
    }
    return masters == null || masters == 1
        ? new RedisLayout.Single()
        : KubeValues.read("--redis-shards", () -> new RedisLayout.Shards(masters));
  }

  /** In how many partitions the queue is made where nobody said. */
  int partitions() {
    return withRedis && layout() instanceof RedisLayout.Shards(int count) ? count : 1;
  }

  /** What of several servers there is; null for a single Redis. */
  @Nullable String severalOption() {
    return replicas != null && replicas != 0
        ? "--redis-replicas"
        : shards != null && shards != 1 ? "--redis-shards" : null;
  }

  private RedisPlan.Access made(Names names, RedisLayout layout, Terminal terminal) {
    String password =
        passwordFile != null
            ? RedisOptions.in(passwordFile, "--redis-password-file")
            : KubePassword.kept(EmbeddedRedis.stateFolder(terminal.environment()), names);
    RedisUri known = new RedisUri(servers(names, layout), false, RedisUri.Login.NONE, 0);
    return new RedisPlan.Access.Made(known.withPassword(password).text(), password);
  }

  /** As workers find the servers. */
  private static RedisUri.Servers servers(Names names, RedisLayout layout) {
    return switch (layout) {
      case RedisLayout.Single _ ->
          new RedisUri.One(new RedisUri.Node(names.redis(), RedisLayout.PORT));
      case RedisLayout.Replicas(var _) ->
          new RedisUri.Sentinels(
              nodes(names, layout, RedisLayout.SENTINEL_PORT),
              RedisLayout.MASTER,
              RedisUri.Login.NONE);
      case RedisLayout.Shards _ -> new RedisUri.Cluster(nodes(names, layout, RedisLayout.PORT));
    };
  }

  /** Whether these servers are what workers are told of such a layout. */
  static boolean fits(RedisLayout layout, RedisUri.Servers servers) {
    return switch (layout) {
      case RedisLayout.Single _ -> servers instanceof RedisUri.One;
      case RedisLayout.Replicas _ ->
          servers instanceof RedisUri.Sentinels && servers.nodes().size() == layout.pods();
      case RedisLayout.Shards _ ->
          servers instanceof RedisUri.Cluster && servers.nodes().size() == layout.pods();
    };
  }

  private static List<RedisUri.Node> nodes(Names names, RedisLayout layout, int port) {
    return names.redisHosts(layout.pods()).stream()
        .map(host -> new RedisUri.Node(host, port))
        .toList();
  }

  private static String or(@Nullable String given, String otherwise) {
    return given == null ? otherwise : given;
  }
}
