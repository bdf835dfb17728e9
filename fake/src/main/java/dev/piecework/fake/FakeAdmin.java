package dev.piecework.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.DeadItems;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.QueueAdmin;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueUnusableException;
import dev.piecework.Result;
import dev.piecework.ResultLog;
import dev.piecework.Setting;
import dev.piecework.StopEarly;
import dev.piecework.WorkQueue;
import dev.piecework.journal.Journal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The queue for whoever operates it. */
final class FakeAdmin implements QueueAdmin {

  private static final int LONGEST_NOTE = 4_096;
  private static final int MOST_NOTES = 16;

  private final FakeBag bag;
  private final WorkQueue queue;
  private final RunSeen seen;
  private final QueueSettings own;

  FakeAdmin(FakeBag bag, WorkQueue queue, RunSeen seen, QueueSettings own) {
    this.bag = bag;
    this.queue = queue;
    this.seen = seen;
    this.own = own;
  }

  @Override
  public String server() {
    return "in the memory of this process";
  }

  @Override
  public List<String> names() {
    return List.of(bag.name);
  }

  @Override
  public List<WorkQueue> partitions() {
    return List.of(queue);
  }

  @Override
  public QueueStatus status() {
    synchronized (bag) {
      return new FakeReadings(bag).status(bag.state(seen), own);
    }
  }

  @Override
  public Journal journal() {
    synchronized (bag) {
      return new FakeReadings(bag).journal();
    }
  }

  @Override
  public boolean note(String name, String text) {
    requireNoteName(name);
    synchronized (bag) {
      boolean hasRoom = bag.notes.containsKey(name) || bag.notes.size() < MOST_NOTES;
      if (bag.run == null || !hasRoom) {
        return false;
      }
      int end = Math.min(text.length(), LONGEST_NOTE);
      while (text.substring(0, end).getBytes(UTF_8).length > LONGEST_NOTE) {
        end--;
      }
      bag.notes.put(name, text.substring(0, end));
      return true;
    }
  }

  @Override
  public Optional<String> note(String name) {
    requireNoteName(name);
    synchronized (bag) {
      return Optional.ofNullable(bag.notes.get(name));
    }
  }

  private static void requireNoteName(String name) {
    if (!name.matches("[a-z0-9-]{1,40}")) {
      throw new IllegalArgumentException(
          "name: 1 to 40 letters a-z, digits and hyphens, not '" + name + "'");
    }
  }

  @Override
  public Stream<ItemView> items(ItemState state) {
    synchronized (bag) {
      bag.sources.lookAtAll();
      return switch (state) {
        case WAITING -> views(state, bag.waiting.waitingItems());
        case DELAYED -> views(state, bag.waiting.delayedItems());
        case DEAD -> views(state, bag.dead.values().stream());
        case LEASED -> views(state, leased());
        case DONE -> bag.results.all().stream().map(FakeAdmin::done).toList().stream();
      };
    }
  }

  private Stream<StoredItem> leased() {
    return bag.sessions.stream()
        .flatMap(session -> session.held().values().stream())
        .map(FakeLease::item);
  }

  private Stream<ItemView> views(ItemState state, Stream<StoredItem> items) {
    Instant now = bag.now();
    return items.map(item -> item.view(state, now)).toList().stream();
  }

  private static ItemView done(Result result) {
    return new ItemView(
        result.id(),
        ItemState.DONE,
        result.payload(),
        new ItemView.Attempts(result.attempt(), 0, 0),
        result.worker(),
        null,
        null,
        List.of(),
        null);
  }

  @Override
  public Stream<ItemView> items(DeadItems which) {
    synchronized (bag) {
      return views(ItemState.DEAD, chosen(which).stream());
    }
  }

  private List<StoredItem> chosen(DeadItems which) {
    return bag.dead.values().stream().filter(item -> isMeant(item, which)).toList();
  }

  private static boolean isMeant(StoredItem item, DeadItems which) {
    return switch (which) {
      case DeadItems.All all -> true;
      case DeadItems.WithId(String id) -> id.equals(item.id);
      case DeadItems.InGroup(String group) -> group.equals(item.group);
      case DeadItems.WithError(String text) -> item.error != null && item.error.contains(text);
    };
  }

  @Override
  public Optional<ItemView> item(String id) {
    return Stream.of(ItemState.values())
        .flatMap(this::items)
        .filter(item -> id.equals(item.id()))
        .findFirst();
  }

  @Override
  public List<ResultLog> resultLogs() {
    return List.of(new OneLog(bag));
  }

  private record OneLog(FakeBag bag) implements ResultLog {
    @Override
    public List<Result> after(long sequence, int max) {
      synchronized (bag) {
        return bag.results.after(sequence, max);
      }
    }

    @Override
    public void dropUpTo(long sequence) {
      synchronized (bag) {
        bag.results.dropUpTo(sequence);
        bag.changed();
      }
    }
  }

  @Override
  public long requeue(DeadItems which) {
    synchronized (bag) {
      List<StoredItem> chosen = chosen(which);
      chosen.forEach(this::requeue);
      return chosen.size();
    }
  }

  private void requeue(StoredItem item) {
    bag.dead.remove(item.knownId());
    item.freshBudgets();
    bag.waiting.returnLast(item);
    bag.goOn();
    bag.changed();
  }

  @Override
  public Optional<ItemState> requeueItem(String id) {
    synchronized (bag) {
      StoredItem dead = bag.dead.get(id);
      if (dead != null) {
        requeue(dead);
        return Optional.of(ItemState.DEAD);
      }
      StoredItem delayed = bag.waiting.removeDelayed(item -> id.equals(item.id));
      if (delayed == null) {
        return Optional.empty();
      }
      bag.waiting.returnLast(delayed);
      bag.changed();
      return Optional.of(ItemState.DELAYED);
    }
  }

  @Override
  public long drop(DeadItems which) {
    synchronized (bag) {
      List<StoredItem> chosen = chosen(which);
      chosen.forEach(item -> bag.dead.remove(item.knownId()));
      withdrawn(chosen.size());
      return chosen.size();
    }
  }

  private void withdrawn(long items) {
    bag.withdrawn += items;
    bag.changed();
  }

  @Override
  public Optional<ItemState> dropItem(String id) {
    FakeLease lease;
    synchronized (bag) {
      bag.sources.lookAtAll();
      @Nullable ItemState was = removed(id);
      if (was != null) {
        withdrawn(1);
        return Optional.of(was);
      }
      lease = removedLease(id);
      if (lease == null) {
        return Optional.empty();
      }
      withdrawn(1);
    }
    lease.session().dropped(lease);
    return Optional.of(ItemState.LEASED);
  }

  private @Nullable ItemState removed(String id) {
    if (bag.dead.remove(id) != null) {
      return ItemState.DEAD;
    }
    if (bag.waiting.removeDelayed(item -> id.equals(item.id)) != null) {
      return ItemState.DELAYED;
    }
    return bag.waiting.removeWaiting(item -> id.equals(item.id)) == null ? null : ItemState.WAITING;
  }

  private @Nullable FakeLease removedLease(String id) {
    for (FakeSession session : bag.sessions) {
      FakeLease lease = session.held().remove(id);
      if (lease != null) {
        return lease;
      }
    }
    return null;
  }

  @Override
  public boolean dropWaiting(byte[] payload) {
    synchronized (bag) {
      bag.sources.lookAtAll();
      boolean found =
          bag.waiting.removeWaiting(item -> item.id == null && Arrays.equals(item.payload, payload))
              != null;
      if (found) {
        withdrawn(1);
      }
      return found;
    }
  }

  @Override
  public void pause(String reason) {
    synchronized (bag) {
      bag.create(own);
      if (bag.pausedFor == null) {
        bag.pausedFor = reason;
        bag.changed();
      }
    }
  }

  @Override
  public Optional<String> stopEarly(StopEarly rule) {
    synchronized (bag) {
      String paused = bag.pausedFor;
      if (paused != null) {
        return new QueueState.Paused(paused).isStoppedEarly()
            ? Optional.of(paused)
            : Optional.empty();
      }
      long all = bag.waiting.waiting() + bag.waiting.delayed() + bag.leased() + bag.done;
      String why =
          new StopReason(bag.done, bag.dead.size(), all, bag.sources.isAnyOpen())
              .by(rule, bag.failures);
      if (why == null) {
        return Optional.empty();
      }
      bag.pausedFor = QueueState.Paused.STOPPED_EARLY + why;
      bag.changed();
      return Optional.of(bag.pausedFor);
    }
  }

  @Override
  public void resume() {
    synchronized (bag) {
      bag.pausedFor = null;
      bag.failures.resumed();
      bag.changed();
    }
  }

  @Override
  public void set(Map<String, String> changes) {
    synchronized (bag) {
      QueueSettings changed = bag.settings(own);
      for (Map.Entry<String, String> change : changes.entrySet()) {
        changed = with(changed, Setting.changeable(change.getKey()), change.getValue());
      }
      if (bag.stored == null) {
        throw new QueueUnusableException("there is no queue '" + bag.name + "'");
      }
      bag.stored = changed;
      bag.changed();
    }
  }

  private static <T> QueueSettings with(QueueSettings settings, Setting<T> setting, String value) {
    return settings.with(setting, setting.parse(value));
  }

  @Override
  public boolean closeSource(String source) {
    synchronized (bag) {
      return bag.sources.closeByHand(source);
    }
  }

  /** All are of this process, which lives. */
  @Override
  public int reapGoneProcesses() {
    return 0;
  }

  @Override
  public long adopt() {
    return 0;
  }

  @Override
  public long purge() {
    synchronized (bag) {
      long items = bag.purge();
      seen.run = null;
      return items;
    }
  }
}
