/** The queue: {@code dev.piecework} and the journal's values are for users, and nothing else. */
@SuppressWarnings(
    "requires-automatic") // Jedis and its pool name themselves, and are no modules yet
module dev.piecework {
  exports dev.piecework;
  exports dev.piecework.journal;

  requires org.apache.commons.pool2;
  requires org.slf4j; // Jedis logs by it, and as an automatic module cannot ask for it
  requires redis.clients.jedis;
  requires static org.jspecify;
}
