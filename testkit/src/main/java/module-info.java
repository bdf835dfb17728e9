/** For tests: a real Redis, a clock that is set, outages and crashes. */
@SuppressWarnings("requires-automatic") // Jedis names itself, and is no module yet
module dev.piecework.testkit {
  exports dev.piecework.testkit;

  requires transitive dev.piecework.embedded;
  requires transitive org.junit.jupiter.api;
  requires org.junit.platform.commons;
  requires redis.clients.jedis;
  requires static org.jspecify;
}
