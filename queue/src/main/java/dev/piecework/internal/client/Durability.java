package dev.piecework.internal.client;

import dev.piecework.RedisUnreachableException;
import dev.piecework.internal.redis.RedisFailure;
import java.util.Map;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/**
 * Waits until what was written so far survives a crash of Redis, as far as this Redis allows, and
 * says how that is known. Sources: the Redis documentation of WAITAOF (since 7.2), WAIT and INFO.
 */
public final class Durability {

  private static final long MOST_MILLIS = 10_000;
  private static final String NOT_YET = "not yet on disk";

  private final QueueClient client;
  private final byte[] written;

  /**
   * @param written a key that was written and expires a week later
   */
  public Durability(QueueClient client, byte[] written) {
    this.client = client;
    this.written = written;
  }

  public String await() {
    byte[] key = client.keys().key("state");
    Map<String, String> info = client.retry().call(() -> client.link().freshInfo(key));
    String product = ServerName.of(info).product();
    String local;
    if (!"1".equals(info.get("aof_enabled"))) {
      client.sayOnce(
          "this "
              + product
              + " keeps no append-only file: when it restarts, the queue is lost (noticed, and"
              + " never taken for done); set appendonly yes");
      local = "in memory only";
    } else if (isAtLeast(info.getOrDefault("redis_version", "0"), 7, 2)) { // also of a Valkey
      local = awaitByCommand(key);
    } else {
      local = awaitByInfo(key, info);
    }
    if (local.equals(NOT_YET)) {
      client.sayOnce(
          product
              + " has not confirmed within "
              + MOST_MILLIS / 1_000
              + " s that the fill is on disk: a crash of it now may lose the end of it");
    }
    int replicas = Integer.parseInt(info.getOrDefault("connected_slaves", "0"));
    if (replicas > 0) {
      long have = awaitReplicas(key);
      return local + ", on " + have + " of " + replicas + " replicas";
    }
    return local;
  }

  private String awaitByCommand(byte[] key) {
    return client
        .retry()
        .call(() ->
            client
                .link()
                .onOneConnection(
                    key,
                    connection -> {
                      touch(connection);
                      Object reply =
                          connection.executeCommand(
                              new CommandArguments(Command.WAITAOF)
                                  .add(1)
                                  .add(0)
                                  .add(MOST_MILLIS)
                                  .blocking());
                      boolean synced =
                          reply instanceof java.util.List<?> counts
                              && !counts.isEmpty()
                              && Long.valueOf(1).equals(counts.getFirst());
                      return synced ? "on disk" : NOT_YET;
                    }));
  }

  // Before 7.2: with everysec a synchronisation begins in the second after the write, so when none
  // is under way more than a second later, ours is over.
  private String awaitByInfo(byte[] key, Map<String, String> first) {
    long from = serverMillis(first);
    long begun = System.nanoTime();
    Map<String, String> info = first;
    while (System.nanoTime() - begun < MOST_MILLIS * 1_000_000) {
      boolean idle =
          "0".equals(info.get("aof_pending_bio_fsync"))
              && "0".equals(info.getOrDefault("aof_buffer_length", "0"));
      if (idle && (serverMillis(info) - from > 1_200 || syncsAlways())) {
        return "on disk";
      }
      pause();
      info = client.retry().call(() -> client.link().freshInfo(key));
    }
    return NOT_YET;
  }

  private boolean syncsAlways() {
    try {
      Object reply =
          client
              .link()
              .call(Command.CONFIG, QueueClient.utf8("GET"), QueueClient.utf8("appendfsync"));
      return reply instanceof java.util.List<?> pair
          && pair.size() == 2
          && pair.get(1) instanceof byte[] value
          && new String(value, java.nio.charset.StandardCharsets.UTF_8).equals("always");
    } catch (RedisFailure notAllowed) {
      return false;
    }
  }

  private long awaitReplicas(byte[] key) {
    return client
        .retry()
        .call(() ->
            client
                .link()
                .onOneConnection(
                    key,
                    connection -> {
                      touch(connection);
                      Object have =
                          connection.executeCommand(
                              new CommandArguments(Command.WAIT).add(1).add(2_000).blocking());
                      return have instanceof Long count ? count : 0L;
                    }));
  }

  // WAIT and WAITAOF wait for the last write of their own connection, and so for all before it.
  // This one is not refused when Redis has become full meanwhile.
  private void touch(Connection connection) {
    connection.executeCommand(new CommandArguments(Command.EXPIRE).key(written).add(604_800));
  }

  private static long serverMillis(Map<String, String> info) {
    String micros = info.get("server_time_usec");
    return micros == null ? System.nanoTime() / 1_000_000 : Long.parseLong(micros) / 1_000;
  }

  private static boolean isAtLeast(String version, int major, int minor) {
    String[] parts = version.split("\\.", -1);
    int first = Integer.parseInt(parts[0]);
    return first > major
        || (first == major && parts.length > 1 && Integer.parseInt(parts[1]) >= minor);
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new RedisUnreachableException("interrupted while waiting for Redis to write to disk");
    }
  }
}
