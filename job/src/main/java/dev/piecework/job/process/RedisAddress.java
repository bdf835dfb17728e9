package dev.piecework.job.process;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Redis of this machine, in the place of a cluster's Service named redis. */
final class RedisAddress {
  private static final Pattern OF_SERVICE =
      Pattern.compile(
          "rediss?://(?:[^@/\\s]*@)?redis(?:\\.[\\w-]+(?:\\.svc(?:\\.[\\w.-]+)?)?)?(?::6379)?"
              + "(/\\d*)?(?=[?,\\s]|$)");

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
              database == null ? redis : redis.replaceFirst("(?<=[^/])/\\d*$", "") + database);
        });
  }

  /** What Kubernetes tells of a Service in the environment, and the password besides. */
  static Map<String, String> variables(String redis, boolean asService) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("REDIS_URL", redis);
    URI uri = URI.create(redis.split(",", -1)[0]);
    String host = uri.getHost();
    if (asService && host != null) {
      String port = Integer.toString(uri.getPort() < 0 ? 6379 : uri.getPort());
      all.put("REDIS_SERVICE_HOST", host);
      all.put("REDIS_SERVICE_PORT", port);
      all.put("REDIS_PORT", "tcp://" + host + ":" + port);
      String user = uri.getUserInfo();
      if (user != null && user.contains(":")) {
        String password = user.substring(user.indexOf(':') + 1);
        all.put("REDIS_PASSWORD", password);
        all.put("REDISCLI_AUTH", password);
      }
    }
    return all;
  }
}
