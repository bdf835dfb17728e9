/** The queue: what is in {@code dev.piecework} is for users, and nothing else. */
@SuppressWarnings(
    "requires-automatic") // Jedis and its pool name themselves, and are no modules yet
module dev.piecework {
  exports dev.piecework;

  requires org.apache.commons.pool2;
  requires org.slf4j; // Jedis logs by it, and as an automatic module cannot ask for it
  requires redis.clients.jedis;
  requires static org.jspecify;
}
