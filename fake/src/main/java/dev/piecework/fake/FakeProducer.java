package dev.piecework.fake;

import dev.piecework.FillOptions;
import dev.piecework.FillRefusedException;
import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.PieceworkException;
import dev.piecework.Producer;
import dev.piecework.QueueStatus.ProducerState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A producer that is heard as long as it is open. */
final class FakeProducer implements Producer {

  private static final int CHUNK = 1_000;

  private final FakeBag bag;
  private final FillOptions options;
  private final FakeSource source;
  private final String run;
  private final int resumedAt;
  private final long addedBefore;
  private final List<Item> pending = new ArrayList<>();
  private long count;
  private boolean refused;
  private boolean ended;
  private @Nullable PieceworkException broken;

  FakeProducer(FakeBag bag, FillOptions options, FakeSource source, String run) {
    this.bag = bag;
    this.options = options;
    this.source = source;
    this.run = run;
    this.resumedAt = source.prints.size();
    this.addedBefore = source.added;
    source.producer = this;
  }

  FakeSource known() {
    return source;
  }

  @Override
  public String source() {
    return source.name;
  }

  @Override
  public long resumedAt() {
    return resumedAt;
  }

  @Override
  public long count() {
    synchronized (bag) {
      return count;
    }
  }

  @Override
  public void add(Item item) {
    synchronized (bag) {
      failIfBroken();
      long record = count + 1;
      int most = bag.settings().payloadMax();
      if (item.payload().length > most) {
        refused = true;
        throw new FillRefusedException(
            "record "
                + record
                + " has "
                + item.payload().length
                + " bytes, the queue takes payloads up to "
                + most
                + " (payload-max)");
      }
      count = record;
      if (record <= resumedAt) {
        if (source.prints.get((int) record - 1) != FakeSource.print(item)) {
          refused = true;
          throw new FillRefusedException(differs() + ", at record " + record);
        }
        return;
      }
      refused = false;
      pending.add(item);
      if (pending.size() >= CHUNK) {
        send();
      } else {
        bag.changed();
      }
    }
  }

  private String differs() {
    return "the input of source '"
        + source.name
        + "' differs from what was filled before; nothing was added. Fill it as another source, or"
        + " purge the queue";
  }

  private void failIfBroken() {
    if (broken != null) {
      throw broken;
    }
  }

  /** What goes wrong is told by the next call. */
  void sendQuietly() {
    try {
      if (broken == null && !ended) {
        send();
      }
    } catch (PieceworkException told) {
      broken = told;
    }
  }

  private void send() {
    if (pending.isEmpty()) {
      return;
    }
    List<Item> chunk = List.copyOf(pending);
    pending.clear();
    try {
      bag.requireRun(run);
      enter(chunk);
    } catch (PieceworkException failed) {
      broken = failed;
      refused = failed instanceof FillRefusedException;
      throw failed;
    }
    bag.changed();
  }

  private void enter(List<Item> chunk) {
    Set<String> seen = new HashSet<>();
    List<Item> fresh = new ArrayList<>();
    for (Item item : chunk) {
      String id = item.id();
      boolean taken = id != null && (bag.isTaken(id) || !seen.add(id));
      if (taken && !options.unique()) {
        throw new FillRefusedException(
            "the id '" + id + "' is used already in this run; nothing of its chunk was added");
      }
      if (!taken) {
        fresh.add(item);
      }
    }
    bag.goOn();
    fresh.forEach(bag::enter);
    chunk.forEach(item -> source.prints.add(FakeSource.print(item)));
    source.added += fresh.size();
    source.skipped += chunk.size() - fresh.size();
  }

  @Override
  public void flush() {
    synchronized (bag) {
      failIfBroken();
      send();
    }
  }

  @Override
  public FillReport finish(@Nullable Runnable syncToDisk) {
    synchronized (bag) {
      failIfBroken();
      if (count < resumedAt) {
        refused = true;
        throw new FillRefusedException(
            differs() + ": it ends at record " + count + ", there were " + resumedAt);
      }
      send();
      bag.requireRun(run);
      FillReport report =
          new FillReport(
              source.name, source.added - addedBefore, addedBefore, source.skipped, "in memory");
      ended = true;
      bag.sources.close(source, options.hold());
      return report;
    }
  }

  /** Heard again. */
  void beat() {
    synchronized (bag) {
      if (!ended && source.state != null) {
        source.state = ProducerState.OPEN;
      }
    }
  }

  @Override
  public void close() {
    synchronized (bag) {
      if (ended) {
        return;
      }
      sendQuietly();
      ended = true;
      if (run.equals(bag.run)) {
        bag.sources.breakOff(source, refused);
      }
    }
  }
}
