package dev.piecework.internal.partition;

import dev.piecework.FillOptions;
import dev.piecework.FillRefusedException;
import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.PieceworkException;
import dev.piecework.Producer;
import dev.piecework.RedisRefusesException;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.fill.SingleProducer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A source that fills all partitions of a queue. It is open in every one before the first record is
 * added. The first partition knows whether it was read to its end: there it is opened first and
 * closed last, so one that is closed there is closed everywhere, and one that died on the way is
 * continued. Records are dealt out in turn, those with an id by the id: by nothing but the input,
 * so that each comes to the same partition again.
 */
public final class PartitionedProducer implements Producer {

  private final List<SingleProducer> parts = new ArrayList<>();
  private final String source;
  private long count;
  private boolean refused;
  private boolean ended;

  /**
   * @param begins whether a run may begin in this partition, or the source is to go on with the one
   *     that is there, also if that has ended
   */
  PartitionedProducer(List<QueueClient> clients, FillOptions given, IntPredicate begins) {
    String id = QueueClient.newId(8); // of that run, and of a source that nobody has named
    FillOptions options = new PartitionSources(clients).continued(given);
    try {
      parts.add(new SingleProducer(clients.getFirst(), options, id, begins.test(0)));
      source = parts.getFirst().source();
      FillOptions others =
          options.source() == null
              ? options
              : new FillOptions(source, false, options.unique(), options.hold());
      for (int i = 1; i < clients.size(); i++) {
        parts.add(new SingleProducer(clients.get(i), others, id, begins.test(i)));
      }
    } catch (PieceworkException failed) {
      refused = failed instanceof FillRefusedException;
      close();
      throw failed;
    }
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public long resumedAt() {
    return parts.stream().mapToLong(Producer::resumedAt).sum();
  }

  @Override
  public synchronized void add(Item item) {
    long record = count + 1;
    String id = item.id();
    int number = Partition.of(record, id, parts.size());
    try {
      refuseAmbiguous(id, record);
      parts.get(number).add(id == null ? item : item.withId(Partition.storedOfGiven(id)), record);
      refused = false;
    } catch (FillRefusedException | RedisRefusesException why) {
      refused = true;
      throw why;
    }
    count = record;
  }

  private void refuseAmbiguous(@Nullable String id, long record) {
    if (id != null && Partition.numberIn(id, parts.size()).isPresent()) {
      throw new FillRefusedException(
          "record "
              + record
              + " has the id '"
              + id
              + "', which is one that a partition counts; give it another, such as one with a"
              + " letter before it");
    }
  }

  @Override
  public synchronized void flush() {
    parts.forEach(Producer::flush);
  }

  @Override
  public synchronized long count() {
    return count;
  }

  @Override
  public synchronized FillReport finish(@Nullable Runnable syncToDisk) {
    requireAllOfTheInput();
    flush();
    if (syncToDisk != null) {
      syncToDisk.run();
    }
    Runnable synced = syncToDisk == null ? null : () -> {};
    List<FillReport> reports =
        new ArrayList<>(finishAtOnce(parts.subList(1, parts.size()), synced));
    reports.add(parts.getFirst().finish(synced));
    ended = true;
    return new FillReport(
        source,
        reports.stream().mapToLong(FillReport::added).sum(),
        reports.stream().mapToLong(FillReport::already).sum(),
        reports.stream().mapToLong(FillReport::skipped).sum(),
        reports.stream()
            .map(FillReport::durability)
            .distinct()
            .reduce((a, b) -> a + "; " + b)
            .orElse(""));
  }

  private void requireAllOfTheInput() {
    if (parts.stream().anyMatch(part -> part.count() < part.resumedAt())) {
      refused = true;
      throw new FillRefusedException(
          "the input of source '"
              + source
              + "' differs from what was filled before: it ends at record "
              + count
              + ", there were "
              + resumedAt());
    }
  }

  // Each waits for its Redis to write to disk: all at the same time.
  private static List<FillReport> finishAtOnce(
      List<SingleProducer> parts, @Nullable Runnable synced) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<FillReport>> reports =
          parts.stream()
              .map(part -> CompletableFuture.supplyAsync(() -> part.finish(synced), threads))
              .toList();
      return reports.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException why) {
        throw why;
      }
      throw failed;
    }
  }

  @Override
  public synchronized void close() {
    if (ended) {
      return;
    }
    ended = true;
    for (SingleProducer part : parts.reversed()) {
      if (refused) {
        part.abandon();
      } else {
        part.close();
      }
    }
  }
}
