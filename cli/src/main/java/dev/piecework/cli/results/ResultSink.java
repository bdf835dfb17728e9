package dev.piecework.cli.results;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.Result;
import dev.piecework.WorkQueue;
import java.io.IOException;
import java.util.stream.Stream;

/** Where results go, in the order of their commits. */
public interface ResultSink extends AutoCloseable {

  /** Takes a result; one of an item that was taken before is left out. */
  void accept(Result result) throws IOException;

  /** Takes an item that is dead; to be given when no more results come. */
  default void dead(ItemView item) throws IOException {}

  /** Gives it all that are dead now. */
  default void takeDead(WorkQueue queue) throws IOException {
    try (Stream<ItemView> dead = queue.admin().items(ItemState.DEAD)) {
      for (ItemView item : (Iterable<ItemView>) dead::iterator) {
        dead(item);
      }
    }
    settle();
  }

  /** Makes safe what was accepted. */
  void settle() throws IOException;

  /** No more will come. */
  @Override
  default void close() throws IOException {}
}
