package dev.piecework.cli.results;

import dev.piecework.Result;
import java.io.IOException;

/** Where results go, in the order of their commits. */
public interface ResultSink extends AutoCloseable {

  /** Takes a result; one of an item that was taken before is left out. */
  void accept(Result result) throws IOException;

  /** Makes safe what was accepted. */
  void settle() throws IOException;

  /** No more will come. */
  @Override
  default void close() throws IOException {}
}
