/**
 * The queue: {@code dev.piecework}, the journal's values and the estimates made of them are for
 * users, and nothing else.
 */
@SuppressWarnings(
    "requires-automatic") // Jedis and its pool name themselves, and are no modules yet
module dev.piecework {
  exports dev.piecework;
  exports dev.piecework.estimate;
  exports dev.piecework.journal;

  requires org.apache.commons.pool2;
  requires org.slf4j; // Jedis logs by it, and as an automatic module cannot ask for it
  requires redis.clients.jedis;
  requires static org.jspecify;
}
