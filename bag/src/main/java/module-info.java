/** Bags of typed items: what Java programs put in and get out. */
module dev.piecework.bag {
  exports dev.piecework.bag;
  exports dev.piecework.bag.json;

  requires transitive dev.piecework.worker;
  requires static org.jspecify;
  requires static transitive tools.jackson.databind; // for the package json alone
}
