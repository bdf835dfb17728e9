package dev.piecework.internal.client;

import dev.piecework.QueueConfig;
import dev.piecework.RedisUri;
import dev.piecework.TlsFiles;
import dev.piecework.internal.redis.RedisLink;
import dev.piecework.internal.redis.Trust;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** From a config to a connection. */
final class Opening {

  private Opening() {}

  /** Connects, waiting out an outage. */
  static RedisLink link(QueueConfig config) {
    RedisUri written = RedisUri.parse(config.uri());
    Path file = config.access().passwordFile();
    RedisUri address = file == null ? written : written.withPassword(RedisUri.passwordIn(file));
    TlsFiles tls = config.access().tls();
    RedisLink.Options options =
        new RedisLink.Options(
            config.access().clientName(),
            tls.equals(TlsFiles.NONE)
                ? null
                : Trust.of(tls.authorities(), tls.certificate(), tls.key(), tls.serverName()),
            callTimeout(config.redisTimeout()),
            file == null ? address::login : new PasswordFile(written, file, address)::login,
            config.access().addresses(),
            config.access().notices());
    Consumer<String> notices = config.access().notices();
    return new RetryUntilTimeout(config.redisTimeout(), notices, () -> {})
        .call(() -> RedisLink.open(address, options));
  }

  /** A file that could be read once, and is read again: passwords change while programs run. */
  private static final class PasswordFile {
    private final RedisUri written;
    private final Path file;
    private volatile RedisUri last;

    PasswordFile(RedisUri written, Path file, RedisUri first) {
      this.written = written;
      this.file = file;
      this.last = first;
    }

    RedisUri.Login login() {
      try {
        last = written.withPassword(RedisUri.passwordIn(file));
      } catch (IllegalArgumentException notNow) {
        // Just being written, or a pipe: the last one may still be right.
      }
      return last.login();
    }
  }

  // A call that takes longer than this has met a dead peer or a stalled server: both are waited out
  // by new calls, up to the time-out.
  private static Duration callTimeout(Duration redisTimeout) {
    Duration most = Duration.ofSeconds(10);
    return redisTimeout.compareTo(most) < 0 && !redisTimeout.isZero() ? redisTimeout : most;
  }
}
