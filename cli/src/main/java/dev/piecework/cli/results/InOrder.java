package dev.piecework.cli.results;

import dev.piecework.Result;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Passes results on in the order of their ids, which are numbers counted up. What comes before its
 * turn is kept in memory up to a bound; beyond it only its place is remembered, and it is read
 * again from Redis, which may not forget it before its turn.
 */
final class InOrder implements ResultSink {

  private static final long MOST_BYTES = 64L << 20;

  /** A result that came early; not held when there was no room. */
  private record Early(long sequence, @Nullable Result held) {}

  private final ResultSink inner;
  private final LongFunction<Result> again;
  private final TreeMap<Long, Early> early = new TreeMap<>();
  private final TreeSet<Long> sequences = new TreeSet<>();
  private long bytes;
  private long next;

  /**
   * @param next the first id
   * @param again reads the result with this sequence number once more
   */
  InOrder(ResultSink inner, long next, LongFunction<Result> again) {
    this.inner = inner;
    this.next = next;
    this.again = again;
  }

  @Override
  public void accept(Result result) throws IOException {
    long id = number(result.id());
    if (id < next) {
      // Was dead when its turn came, and requeued since.
      inner.accept(result);
      return;
    }
    Early known = early.get(id);
    if (known != null) {
      return;
    }
    boolean room = bytes + size(result) <= MOST_BYTES;
    bytes += room ? size(result) : 0;
    early.put(id, new Early(result.sequence(), room ? result : null));
    sequences.add(result.sequence());
    passOn();
  }

  private void passOn() throws IOException {
    Early head = early.remove(next);
    while (head != null) {
      inner.accept(taken(head));
      next++;
      head = early.remove(next);
    }
  }

  private Result taken(Early head) {
    sequences.remove(head.sequence());
    Result held = head.held();
    if (held == null) {
      return again.apply(head.sequence());
    }
    bytes -= size(held);
    return held;
  }

  /** The id whose turn it is, if others wait for it; else 0. */
  long awaited() {
    return early.isEmpty() ? 0 : next;
  }

  /** This id will not come, or only much later. */
  void skip(long id) throws IOException {
    if (id == next) {
      next++;
      passOn();
    }
  }

  @Override
  public void settle() throws IOException {
    inner.settle();
  }

  /** The sequence number before the first that is still to be passed on, if any is. */
  long safe(long otherwise) {
    return sequences.isEmpty() ? otherwise : sequences.first() - 1;
  }

  /** Results come again from the first that Redis has, under other numbers perhaps. */
  void startOver() {
    early.clear();
    sequences.clear();
    bytes = 0;
  }

  /** Passes on the rest, in order. */
  void passOnAll() throws IOException {
    while (!early.isEmpty()) {
      next = early.firstKey();
      passOn();
    }
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }

  private static long size(Result result) {
    return 200L + result.payload().length + result.result().length;
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException given) {
      throw Refusal.usage(
          "--in-order goes by counted ids, but id '"
              + Printable.line(id, 60)
              + "' was given by a producer");
    }
  }
}
