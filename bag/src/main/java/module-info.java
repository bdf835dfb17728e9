/** Bags of typed items: what Java programs put in and get out. */
module dev.piecework.bag {
  exports dev.piecework.bag;
  exports dev.piecework.bag.json;

  requires transitive dev.piecework.worker;
  requires static org.jspecify;
  // For the package json alone. Were it transitive, programs without it would not compile.
  requires static tools.jackson.databind;
}
