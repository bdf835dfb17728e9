package dev.piecework.internal.client;

import dev.piecework.internal.redis.Keys;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.RedisLink;
import dev.piecework.internal.redis.Values;
import java.util.List;
import java.util.stream.IntStream;
import redis.clients.jedis.Protocol.Command;

/**
 * The names of the queues of one Redis: a hint for listing, which fills write. Each is one call.
 */
public final class QueueRegistry {

  private static final byte[] KEY = QueueClient.utf8(Keys.QUEUES);

  private QueueRegistry() {}

  /** All names, in their order. */
  public static List<String> names(RedisLink link) {
    Values names = Values.of(link.call(Command.SMEMBERS, KEY));
    return IntStream.range(0, names.size()).mapToObj(names::text).sorted().toList();
  }

  /** Whether the name is there now: an ACL may be without it, or Redis full. */
  static boolean add(RedisLink link, String name) {
    try {
      link.call(Command.SADD, KEY, QueueClient.utf8(name));
      return true;
    } catch (RedisFailure hintOnly) {
      if (hintOnly.isAway()) {
        throw hintOnly;
      }
      return false;
    }
  }

  /** Takes a name out, if that goes: a queue that is not there is shown as empty. */
  public static void remove(RedisLink link, String name) {
    try {
      link.call(Command.SREM, KEY, QueueClient.utf8(name));
    } catch (RedisFailure hintOnly) {
      // It stays listed.
    }
  }
}
