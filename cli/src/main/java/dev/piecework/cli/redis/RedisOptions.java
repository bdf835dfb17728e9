package dev.piecework.cli.redis;

import dev.piecework.CallListener;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.RedisUri;
import dev.piecework.TlsFiles;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Redis, and how patient we are with it. */
public final class RedisOptions {

  private static final String SENTINEL_PASSWORD = "PIECEWORK_SENTINEL_PASSWORD";

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description =
          "redis://[[USER:]PASSWORD@]HOST[:PORT][/DB], rediss:// for TLS,"
              + " redis-sentinel:// or rediss-sentinel://HOST,.../MASTER[/DB], or a comma list for a"
              + " Cluster. Default: PIECEWORK_REDIS, REDIS_URL, REDIS_SERVICE_HOST, in a cluster"
              + " redis:6379, else the embedded one.")
  public @Nullable String uri;

  @Option(
      names = "--redis-password-file",
      paramLabel = "FILE",
      description =
          "A file whose first line is the password; USER@ in the URL is its user. Read again for"
              + " each connection.")
  @Nullable Path passwordFile;

  @Option(
      names = "--redis-sentinel-password-file",
      paramLabel = "FILE",
      description =
          "The same for the Sentinels (or PIECEWORK_SENTINEL_PASSWORD), read once. Default: none,"
              + " and if they ask for one, that of Redis.")
  @Nullable Path sentinelPasswordFile;

  @Option(
      names = "--redis-ca-file",
      paramLabel = "FILE",
      description =
          "The authorities (PEM) to trust with rediss://. It and the next two are read again for"
              + " each connection.")
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
  public Duration timeout = Duration.ofSeconds(30);

  /** Connects; starts or joins the embedded Redis if nobody said where one is. */
  public Connection connect(Terminal terminal, String queue, QueueSettings settings) {
    return connect(terminal, queue, settings, CallListener.NONE);
  }

  /**
   * Connects.
   *
   * @param calls is told of each call of a script
   */
  public Connection connect(
      Terminal terminal, String queue, QueueSettings settings, CallListener calls) {
    WhereRedis where = where(terminal.environment());
    if (uri != null && showsPassword(WhereRedis.read(uri, "--redis"), passwordFile)) {
      terminal.say(
          "everybody on this machine can see the password in --redis;"
              + " use --redis-password-file or REDIS_URL");
    }
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
                        where instanceof WhereRedis.At ? renewedPasswordFile() : null,
                        tls,
                        "piecework",
                        null,
                        terminal::say)),
        calls);
  }

  /**
   * Where it is, with the passwords that come from elsewhere.
   *
   * @param environment of this process
   */
  public WhereRedis where(Map<String, String> environment) {
    WhereRedis found = WhereRedis.find(uri, environment);
    if (!(found instanceof WhereRedis.At(var at, var saidBy))) {
      return found;
    }
    String sentinels = environment.getOrDefault(SENTINEL_PASSWORD, "").strip();
    RedisUri known = at;
    if (passwordFile != null) {
      known = known.withPassword(in(passwordFile, "--redis-password-file"));
    }
    if (sentinelPasswordFile != null) {
      known = withSentinelPassword(known, sentinelPasswordFile);
    } else if (!sentinels.isEmpty()
        && known.servers() instanceof RedisUri.Sentinels of
        && of.login().password() == null) {
      known = known.withSentinelPassword(sentinels);
    }
    return new WhereRedis.At(known, saidBy);
  }

  public static RedisUri withSentinelPassword(RedisUri uri, Path file) {
    try {
      return uri.withSentinelPassword(in(file, "--redis-sentinel-password-file"));
    } catch (IllegalArgumentException noSentinels) {
      throw Refusal.usage(
          "--redis-sentinel-password-file: " + noSentinels.getMessage(), noSentinels);
    }
  }

  /** The password in a file that a person named. */
  public static String in(Path file, String option) {
    try {
      return RedisUri.passwordIn(file);
    } catch (IllegalArgumentException unusable) {
      throw Refusal.usage(option + ": " + unusable.getMessage(), unusable);
    }
  }

  /** Whether somebody typed a password: one word before the @ is the user where a file has it. */
  public static boolean showsPassword(RedisUri typed, @Nullable Path passwordFile) {
    return passwordFile == null
        ? typed.holdsPassword()
        : typed.written().password() != null
            || typed.withLogin(RedisUri.Login.NONE).holdsPassword();
  }

  /** The file, unless it is a pipe, which can be read only once. */
  public @Nullable Path renewedPasswordFile() {
    return passwordFile != null && Files.isRegularFile(passwordFile) ? passwordFile : null;
  }

  /** The files for TLS that were named. */
  public TlsFiles tls() {
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
