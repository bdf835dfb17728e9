/** What Micrometer gets to see of workers and queues. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // they are no modules yet
module dev.piecework.micrometer {
  exports dev.piecework.micrometer;

  requires transitive dev.piecework.worker;
  requires transitive micrometer.commons;
  requires transitive micrometer.core;
  requires transitive micrometer.observation;
  requires static org.jspecify;
}
