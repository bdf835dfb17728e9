package dev.piecework.internal.state;

import dev.piecework.Result;
import dev.piecework.RunLostException;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads stored results of the current run, and lets Redis forget those that are safe elsewhere. */
public final class ResultsReader {

  private static final int PAGE = 1_000;

  private final QueueClient client;

  public ResultsReader(QueueClient client) {
    this.client = client;
  }

  /**
   * At most so many of those behind this sequence; none before there is a run.
   *
   * @throws RunLostException when the run is not even the last but one any more
   */
  public List<Result> after(long sequence, int max) {
    return read(sequence, max)
        .orElseThrow(() ->
            new RunLostException(
                "the results of run "
                    + client.run()
                    + " cannot be read any more: the queue has had two runs since"));
  }

  private Optional<List<Result>> read(long sequence, int max) {
    if (client.run().isEmpty()) {
      return Optional.of(List.of());
    }
    Reply reply =
        client.insist(
            Script.READ_RESULTS, client.scope(), client.run(), Math.max(sequence, 0), max);
    if (!reply.is("OK")) {
      // An empty Redis may be one of several that does not stay: its state says what is lost.
      return reply.text("run").isEmpty() ? Optional.of(List.of()) : Optional.empty();
    }
    long first = reply.number("first");
    Values entries = reply.list("entries");
    List<Result> results = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      results.add(Entries.decode(first + i, entries.bytes(i)));
    }
    return Optional.of(results);
  }

  /** All of them, as {@link #after}. */
  public Stream<Result> all() {
    return pages(last -> after(last, PAGE));
  }

  /** All of them; none where they cannot be read any more. */
  public Stream<Result> allThatAreThere() {
    return pages(last -> read(last, PAGE).orElse(List.of()));
  }

  private static Stream<Result> pages(LongFunction<List<Result>> behind) {
    Iterator<Result> results =
        new Iterator<>() {
          private long last;
          private Iterator<Result> page = List.<Result>of().iterator();
          private boolean more = true;

          @Override
          public boolean hasNext() {
            if (!page.hasNext() && more) {
              page = behind.apply(last).iterator();
              more = page.hasNext();
            }
            return page.hasNext();
          }

          @Override
          public Result next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            Result result = page.next();
            last = result.sequence();
            return result;
          }
        };
    Iterable<Result> all = () -> results;
    return StreamSupport.stream(all.spliterator(), false);
  }

  public void drop(long upTo) {
    client.insist(Script.DROP_RESULTS, client.scope(), client.run(), upTo);
  }
}
