package dev.piecework.cli;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where Redis is, by option and environment. A pure function: nothing is tried here. */
sealed interface WhereRedis {

  /**
   * Somebody said where.
   *
   * @param uri may hold a password: print {@link #withoutPassword} of it only
   * @param saidBy the option or variable, for people
   */
  record At(String uri, String saidBy) implements WhereRedis {}

  /** Nobody said: the one we start. */
  record Embedded() implements WhereRedis {}

  static WhereRedis find(@Nullable String option, Map<String, String> environment) {
    if (option != null) {
      return new At(option, "--redis");
    }
    for (String variable : List.of("PIECEWORK_REDIS", "REDIS_URL")) {
      String uri = environment.getOrDefault(variable, "");
      if (!uri.isBlank()) {
        return new At(uri.strip(), variable);
      }
    }
    String host = environment.getOrDefault("REDIS_SERVICE_HOST", "");
    if (!host.isBlank()) {
      String port = environment.getOrDefault("REDIS_SERVICE_PORT", "6379");
      String address = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
      return new At("redis://" + address + ":" + port, "REDIS_SERVICE_HOST");
    }
    if (!environment.getOrDefault("KUBERNETES_SERVICE_HOST", "").isEmpty()) {
      return new At("redis://redis:6379", "the cluster's default");
    }
    return new Embedded();
  }

  Pattern USER_INFO = Pattern.compile("//([^/@]*)@");

  /** For messages. */
  static String withoutPassword(String uri) {
    return USER_INFO.matcher(uri).replaceAll("//***@");
  }

  /** Whether it holds a password. */
  static boolean holdsPassword(String uri) {
    var matcher = USER_INFO.matcher(uri);
    return matcher.find() && matcher.group(1).contains(":");
  }
}
