package dev.piecework;

import dev.piecework.redis.RedisAddress;
import dev.piecework.redis.RedisLink;
import dev.piecework.redis.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** From a config to a connection. */
final class Opening {

  private Opening() {}

  /** Connects, waiting out an outage. */
  static RedisLink link(QueueConfig config) {
    RedisAddress address = addressOf(config);
    TlsFiles tls = config.access().tls();
    RedisLink.Options options =
        new RedisLink.Options(
            config.access().clientName(),
            tls.isNone() ? null : Trust.of(tls.authorities(), tls.certificate(), tls.key()),
            callTimeout(config.redisTimeout()));
    Consumer<String> notices = config.access().notices();
    return new Patience(config.redisTimeout(), notices, () -> {})
        .insist(() -> RedisLink.open(address, options));
  }

  private static RedisAddress addressOf(QueueConfig config) {
    RedisAddress address = RedisAddress.parse(config.uri());
    Path file = config.access().passwordFile();
    if (file == null) {
      return address;
    }
    try {
      String password = Files.readString(file).lines().findFirst().orElse("");
      RedisAddress.Login login = address.login();
      return new RedisAddress(
          address.kind(),
          address.nodes(),
          address.master(),
          new RedisAddress.Login(login.user(), password, login.tls()),
          address.database());
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "cannot read the password file " + file + ": " + unreadable.getMessage(), unreadable);
    }
  }

  // A call that takes longer than this has met a dead peer or a stalled server: both are waited out
  // by new calls, up to the time-out.
  private static Duration callTimeout(Duration redisTimeout) {
    Duration most = Duration.ofSeconds(10);
    return redisTimeout.compareTo(most) < 0 && !redisTimeout.isZero() ? redisTimeout : most;
  }
}
