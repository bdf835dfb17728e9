package dev.piecework.internal.state;

import dev.piecework.Result;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads stored results of the current run, and lets Redis forget those that are safe elsewhere. */
public final class ResultsReader {

  private static final int PAGE = 1_000;

  private final QueueClient client;

  public ResultsReader(QueueClient client) {
    this.client = client;
  }

  public List<Result> after(long sequence, int max) {
    Reply reply =
        client.insist(
            Script.READ_RESULTS, client.scope(), client.run(), Math.max(sequence, 0), max);
    if (!reply.is("OK")) {
      return List.of();
    }
    long first = reply.number("first");
    Values entries = reply.list("entries");
    List<Result> results = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      results.add(Entries.decode(first + i, entries.bytes(i)));
    }
    return results;
  }

  public Stream<Result> all() {
    Iterator<Result> results =
        new Iterator<>() {
          private long last;
          private Iterator<Result> page = List.<Result>of().iterator();
          private boolean more = true;

          @Override
          public boolean hasNext() {
            if (!page.hasNext() && more) {
              page = after(last, PAGE).iterator();
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
