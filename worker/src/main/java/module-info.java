/** The worker: what is in its two packages is for users, and nothing else. */
module dev.piecework.worker {
  exports dev.piecework.worker;
  exports dev.piecework.worker.process;

  requires transitive dev.piecework;
  requires org.slf4j;
  requires static org.jspecify;
}
