package dev.piecework.cli.redis;

import dev.piecework.RedisUri;
import dev.piecework.RedisUri.Node;
import dev.piecework.cli.verb.Refusal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The URL of a Redis on its way into a cluster. */
public final class RedisUrl {

  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

  private RedisUrl() {}

  /** What was typed as {@code --redis}. */
  public static RedisUri read(String typed) {
    return WhereRedis.read(typed, "--redis");
  }

  /** The URL with a password in it, which had none. */
  public static RedisUri withPassword(RedisUri uri, String password) {
    if (uri.written().password() != null) {
      throw Refusal.usage("--redis holds a password: leave out --redis-password-file");
    }
    return uri.withPassword(password);
  }

  /** Refuses what a pod could not use: its own host has no Redis. */
  public static void check(RedisUri uri) {
    for (Node node : uri.servers().nodes()) {
      if (LOOPBACK.contains(node.host().toLowerCase(Locale.ROOT))) {
        throw Refusal.usage(
            "--redis: in a pod '"
                + node.host()
                + "' is the pod itself; name Redis as the cluster sees it");
      }
    }
  }

  /** HOST:PORT of a URL of one Redis; null where there are several. */
  public static @Nullable String address(RedisUri uri) {
    return uri.servers() instanceof RedisUri.One(var node) ? node.toString() : null;
  }
}
