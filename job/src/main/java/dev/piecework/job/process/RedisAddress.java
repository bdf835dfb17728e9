package dev.piecework.job.process;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Redis of this machine, in the place of a cluster's Service named redis. */
final class RedisAddress {
  private static final Pattern OF_SERVICE =
      Pattern.compile(
          "rediss?://(?:[^@,\\s]*@)?redis(?:\\.[\\w-]+(?:\\.svc(?:\\.[\\w.-]+)?)?)?(?::6379)?"
              + "(/\\d*)?(?=[?,\\s]|$)");

  /** Of one server, or the first node of a Cluster, with each part percent-encoded. */
  private static final Pattern OF_ONE =
      Pattern.compile(
          "rediss?://(?:(?<user>[^:@/]*)(?<colon>:(?<password>[^@/]*))?@)?"
              + "(?:\\[(?<ipv6>[^\\]]+)]|(?<host>[^:/,@]+))(?::(?<port>\\d+))?(?:[/,].*)?");

  private RedisAddress() {}

  /** The text with each URL of that Service replaced, if there is one; its database is kept. */
  static String local(String text, String redis) {
    if (redis.isEmpty() || !text.contains("redis")) {
      return text;
    }
    return OF_SERVICE
        .matcher(text)
        .replaceAll(url -> {
          String database = url.group(1);
          return Matcher.quoteReplacement(
              database == null || isCluster(redis) ? redis : withDatabase(redis, database));
        });
  }

  // It has one database.
  private static boolean isCluster(String redis) {
    return redis.contains(",") && !redis.startsWith("redis-") && !redis.startsWith("rediss-");
  }

  // Before what a URL of Sentinels may have after a question mark.
  private static String withDatabase(String redis, String database) {
    int query = redis.indexOf('?');
    String before = query < 0 ? redis : redis.substring(0, query);
    return before.replaceFirst("(?<=[^/])/\\d*$", "")
        + database
        + (query < 0 ? "" : redis.substring(query));
  }

  /**
   * What Kubernetes tells of a Service in the environment, and the password besides.
   *
   * @param redis as {@code RedisUri.text} writes it: what is hard is percent-encoded
   */
  static Map<String, String> variables(String redis, boolean asService) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("REDIS_URL", redis);
    Matcher one = OF_ONE.matcher(redis);
    if (asService && one.matches()) {
      String host = one.group("host") == null ? one.group("ipv6") : one.group("host");
      String port = one.group("port") == null ? "6379" : one.group("port");
      String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
      all.put("REDIS_SERVICE_HOST", host);
      all.put("REDIS_SERVICE_PORT", port);
      all.put("REDIS_PORT", "tcp://" + shown + ":" + port);
      // One word alone is the password.
      String password = one.group("colon") == null ? one.group("user") : one.group("password");
      if (password != null && !password.isEmpty()) {
        String decoded = URLDecoder.decode(password.replace("+", "%2B"), StandardCharsets.UTF_8);
        all.put("REDIS_PASSWORD", decoded);
        all.put("REDISCLI_AUTH", decoded);
      }
    }
    return all;
  }
}
