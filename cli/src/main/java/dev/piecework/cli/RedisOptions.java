package dev.piecework.cli;

import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Redis, and how patient we are with it. */
final class RedisOptions {

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description =
          "redis://, rediss://, redis-sentinel://HOST,.../MASTER, or a comma list for a Cluster."
              + " Default: PIECEWORK_REDIS, REDIS_URL, REDIS_SERVICE_HOST, in a cluster"
              + " redis:6379, else the embedded one.")
  @Nullable String uri;

  @Option(
      names = "--redis-password-file",
      paramLabel = "FILE",
      description = "A file whose first line is the password.")
  @Nullable Path passwordFile;

  @Option(
      names = "--redis-ca-file",
      paramLabel = "FILE",
      description = "The authorities (PEM) to trust with rediss://.")
  @Nullable Path caFile;

  @Option(
      names = "--redis-cert-file",
      paramLabel = "FILE",
      description = "Your certificate (PEM), for a Redis that asks clients for one.")
  @Nullable Path certificateFile;

  @Option(
      names = "--redis-key-file",
      paramLabel = "FILE",
      description = "Its private key (PEM, PKCS #8, unencrypted).")
  @Nullable Path keyFile;

  @Option(
      names = "--redis-timeout",
      paramLabel = "30s",
      description = "How long Redis may be away, or refuse to write.")
  Duration timeout = Duration.ofSeconds(30);

  /** Connects; starts or joins the embedded Redis if nobody said where one is. */
  Connection connect(Terminal terminal, String queue, QueueSettings settings) {
    WhereRedis where = WhereRedis.find(uri, terminal.environment());
    if (where instanceof WhereRedis.At(var at, var saidBy)
        && saidBy.equals("--redis")
        && WhereRedis.holdsPassword(at)) {
      terminal.say(
          "everybody on this machine can see the password in --redis;"
              + " use --redis-password-file or REDIS_URL");
    }
    requireReadable(passwordFile, "--redis-password-file");
    requireReadable(caFile, "--redis-ca-file");
    requireReadable(certificateFile, "--redis-cert-file");
    requireReadable(keyFile, "--redis-key-file");
    TlsFiles tls = tls();
    requireValidName(queue);
    return Connection.open(
        where,
        terminal,
        redisUri ->
            QueueConfig.of(redisUri, queue)
                .withRedisTimeout(timeout)
                .withSettings(settings)
                .withAccess(
                    new QueueConfig.Access(
                        where instanceof WhereRedis.At ? passwordFile : null,
                        tls,
                        "piecework",
                        null,
                        terminal::say)));
  }

  /** The files for TLS that were named. */
  TlsFiles tls() {
    if ((certificateFile == null) != (keyFile == null)) {
      throw Refusal.usage("--redis-cert-file and --redis-key-file go together");
    }
    return new TlsFiles(caFile, certificateFile, keyFile);
  }

  private static void requireReadable(@Nullable Path file, String option) {
    if (file != null && !(Files.isRegularFile(file) && Files.isReadable(file))) {
      throw Refusal.usage(option + ": cannot read " + file);
    }
  }

  private static void requireValidName(String queue) {
    try {
      QueueConfig _ = QueueConfig.of("redis://localhost", queue);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
