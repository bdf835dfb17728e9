package dev.piecework.cli;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Redis URLs on their way into a cluster. */
final class RedisUrl {

  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

  private static final List<String> SCHEMES = List.of("redis://", "rediss://", "redis-sentinel://");

  private RedisUrl() {}

  /** The URL, or each of a comma list, with a password in it. */
  static String withPassword(String url, @Nullable String password) {
    if (password == null) {
      return url;
    }
    if (WhereRedis.holdsPassword(url)) {
      throw Refusal.usage("--redis holds a password: leave out --redis-password-file");
    }
    String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
    return Arrays.stream(url.split(",", -1))
        .map(one -> {
          int host = one.indexOf("://") + 3;
          int at = one.indexOf('@', host);
          if (host < 3) {
            return one; // a further host of a Sentinel URL
          }
          return at < 0
              ? one.substring(0, host) + ":" + encoded + "@" + one.substring(host)
              : one.substring(0, at) + ":" + encoded + one.substring(at);
        })
        .collect(Collectors.joining(","));
  }

  /** Refuses what is no URL of a Redis, or none that a pod could use: its own host has none. */
  static void check(String url) {
    if (SCHEMES.stream().noneMatch(url::startsWith)) {
      throw Refusal.usage(
          "--redis '"
              + Printable.line(WhereRedis.withoutPassword(url), 100)
              + "' begins with none of "
              + String.join(", ", SCHEMES));
    }
    for (String one : url.split(",", -1)) {
      String host = host(one);
      if (host.isEmpty()) {
        throw Refusal.usage("--redis: a host is missing");
      }
      if (LOOPBACK.contains(host.toLowerCase(Locale.ROOT))) {
        throw Refusal.usage(
            "--redis: in a pod '"
                + host
                + "' is the pod itself; name Redis as the cluster sees it");
      }
    }
  }

  /** Whether it says TLS. */
  static boolean isTls(String url) {
    return url.startsWith("rediss");
  }

  /** The first password in it; null where there is none. */
  static @Nullable String password(String url) {
    String info = userInfo(url);
    return info.contains(":")
        ? URLDecoder.decode(
            info.substring(info.indexOf(':') + 1).replace("+", "%2B"), StandardCharsets.UTF_8)
        : null;
  }

  /** Whether somebody else than the default user is to be. */
  static boolean namesUser(String url) {
    return !userInfo(url).split(":", 2)[0].isEmpty();
  }

  private static String userInfo(String url) {
    String authority = url.substring(url.indexOf("://") + 3).split("[,/?]", 2)[0];
    return authority.substring(0, Math.max(0, authority.lastIndexOf('@')));
  }

  /** HOST:PORT of a URL of one Redis; null where there are several. */
  static @Nullable String address(String url) {
    if (url.contains(",") || !(url.startsWith("redis://") || url.startsWith("rediss://"))) {
      return null;
    }
    URI uri = URI.create(url);
    return uri.getHost() == null
        ? null
        : uri.getHost() + ":" + (uri.getPort() < 0 ? 6379 : uri.getPort());
  }

  private static String host(String one) {
    String rest = one.substring(one.indexOf("://") < 0 ? 0 : one.indexOf("://") + 3);
    rest = rest.substring(rest.lastIndexOf('@') + 1);
    int end = rest.startsWith("[") ? rest.indexOf(']') + 1 : rest.length();
    String host = rest.substring(0, end);
    return host.startsWith("[") ? host : host.split("[:/?]", 2)[0];
  }
}
