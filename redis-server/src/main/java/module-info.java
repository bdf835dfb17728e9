/**
 * A real Redis of one's own: found or unpacked, started, stopped when nobody uses it. The servers
 * that it unpacks are a resource of a jar which is no module, so it asks for none.
 */
module dev.piecework.embedded {
  exports dev.piecework.embedded;

  requires jdk.security.auth; // which user this is
  requires static org.jspecify;
}
