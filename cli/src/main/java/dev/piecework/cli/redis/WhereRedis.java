package dev.piecework.cli.redis;

import dev.piecework.RedisUri;
import dev.piecework.cli.verb.Refusal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where Redis is, by option and environment. A pure function: nothing is tried here. */
public sealed interface WhereRedis {

  /**
   * Somebody said where.
   *
   * @param saidBy the option or variable, for people
   */
  record At(RedisUri uri, String saidBy) implements WhereRedis {}

  /** Nobody said: the one we start. */
  record Embedded() implements WhereRedis {}

  static WhereRedis find(@Nullable String option, Map<String, String> environment) {
    if (option != null) {
      return at(option, "--redis");
    }
    for (String variable : List.of("PIECEWORK_REDIS", "REDIS_URL")) {
      String uri = environment.getOrDefault(variable, "");
      if (!uri.isBlank()) {
        return at(uri, variable);
      }
    }
    String host = environment.getOrDefault("REDIS_SERVICE_HOST", "");
    if (!host.isBlank()) {
      String port = environment.getOrDefault("REDIS_SERVICE_PORT", "6379");
      String address = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
      return at("redis://" + address + ":" + port, "REDIS_SERVICE_HOST");
    }
    if (!environment.getOrDefault("KUBERNETES_SERVICE_HOST", "").isEmpty()) {
      return at("redis://redis:6379", "the cluster's default");
    }
    return new Embedded();
  }

  private static At at(String uri, String saidBy) {
    return new At(read(uri, saidBy), saidBy);
  }

  /**
   * Reads a URL.
   *
   * @param saidBy the option or variable, for people
   */
  static RedisUri read(String uri, String saidBy) {
    try {
      return RedisUri.parse(uri);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(saidBy + ": " + wrong.getMessage(), wrong);
    }
  }
}
