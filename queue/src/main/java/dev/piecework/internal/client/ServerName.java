package dev.piecework.internal.client;

import java.util.Locale;
import java.util.Map;

/**
 * What a server is called, from its INFO. A server that others took for Redis says so in {@code
 * redis_version}, as Valkey does with 7.2.4 for good; its own name and version stand beside it.
 *
 * @param product {@code Redis} or {@code Valkey}
 * @param version its own, not the one of Redis that it passes for
 */
public record ServerName(String product, String version) {

  public static ServerName of(Map<String, String> info) {
    String own = info.getOrDefault("server_name", "");
    String version = info.get(own + "_version");
    return own.isEmpty() || version == null
        ? new ServerName("Redis", info.getOrDefault("redis_version", "?"))
        : new ServerName(own.substring(0, 1).toUpperCase(Locale.ROOT) + own.substring(1), version);
  }

  /** For people: {@code Valkey 8.1.1}, {@code Redis Cluster 7.4.1}. */
  public String shown(boolean cluster) {
    return product + (cluster ? " Cluster " : " ") + version;
  }
}
