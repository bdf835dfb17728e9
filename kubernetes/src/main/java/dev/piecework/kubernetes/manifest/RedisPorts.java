package dev.piecework.kubernetes.manifest;

import java.util.Map;
import java.util.TreeMap;

/** On which ports the pods of a Redis listen. */
final class RedisPorts {

  private RedisPorts() {}

  /** By their names. */
  static Map<String, Integer> of(RedisLayout layout) {
    Map<String, Integer> ports = new TreeMap<>();
    ports.put("redis", RedisLayout.PORT);
    switch (layout) {
      case RedisLayout.Single _ -> {}
      case RedisLayout.Replicas _ -> ports.put("sentinel", RedisLayout.SENTINEL_PORT);
      case RedisLayout.Shards _ -> ports.put("bus", RedisLayout.BUS_PORT);
    }
    return ports;
  }
}
