package dev.piecework.cli;

import dev.piecework.Result;
import java.io.IOException;

/** Where results go, in the order of their commits. */
interface ResultSink extends AutoCloseable {

  void accept(Result result) throws IOException;

  /**
   * Makes safe what was accepted.
   *
   * @return the sequence number up to which Redis may forget results
   */
  long settle() throws IOException;

  /** No more will come. */
  @Override
  default void close() throws IOException {}
}
