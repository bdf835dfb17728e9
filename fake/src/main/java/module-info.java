/** A queue in memory, for unit tests. */
module dev.piecework.fake {
  exports dev.piecework.fake;

  requires transitive dev.piecework;
  requires static org.jspecify;
}
