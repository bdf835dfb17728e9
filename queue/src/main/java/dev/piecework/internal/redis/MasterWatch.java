package dev.piecework.internal.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Who is master, as far as connections were asked for, and a word when it is another. In a Cluster
 * that is said of the slots that this client uses, once for each server that takes some over.
 */
final class MasterWatch {

  private final ConnectionProvider connections;
  private final Consumer<String> notices;

  /** By slot; all of them are 0 where there is one master. */
  private final Map<Integer, HostAndPort> known = new ConcurrentHashMap<>();

  /** Who took over from whom, so that its other slots are not said too. */
  private final Map<HostAndPort, HostAndPort> said = new ConcurrentHashMap<>();

  MasterWatch(ConnectionProvider connections, Consumer<String> notices) {
    this.connections = connections;
    this.notices = notices;
  }

  /** Looks who has this key now. */
  void look(byte[] key) {
    int slot = 0;
    @Nullable HostAndPort now;
    if (connections instanceof ClusterConnectionProvider cluster) {
      slot = JedisClusterCRC16.getSlot(key);
      now = cluster.getNode(slot);
    } else if (connections instanceof SentineledConnectionProvider sentinels) {
      now = sentinels.getCurrentMaster();
    } else {
      return;
    }
    if (now == null) {
      return;
    }
    HostAndPort before = known.put(slot, now);
    if (before != null && !before.equals(now)) {
      said.remove(now);
      if (!now.equals(said.put(before, now))) {
        notices.accept("Redis failed over: now " + now + " is master");
      }
    }
  }
}
