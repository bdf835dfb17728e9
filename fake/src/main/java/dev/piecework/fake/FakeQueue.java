package dev.piecework.fake;

import dev.piecework.FillOptions;
import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.Producer;
import dev.piecework.QueueAdmin;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueUnusableException;
import dev.piecework.Result;
import dev.piecework.RunLostException;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue in the memory of this process, for unit tests. What a queue in Redis promises of items,
 * leases, producers, runs and states it promises too, and is held to it by the same suites.
 *
 * <pre>{@code
 * FakeQueue queue = FakeQueue.named("images");
 * queue.fill(Stream.of("a.png", "broken.png").map(Item::of));
 * RunningWorker worker = Worker.on(queue).start(new Converter());
 * queue.advance(Duration.ofMinutes(5)); // past every back-off
 * assertThat(worker.await()).isInstanceOf(WorkerEnd.Drained.class);
 * }</pre>
 *
 * <p>What only time or a failure brings about is brought about by the test: {@link #advance} and
 * {@link #crash(Session)}. Until then every session and every open producer is heard.
 *
 * <p>Not here: partitions, backup attempts, programs that push into the list themselves, and what
 * becomes of a queue when its Redis dies. A test of those wants a real Redis. Failures are grouped
 * by the first line of their message, without more ado; retention never ends.
 */
public final class FakeQueue implements WorkQueue {

  private final FakeBag bag;
  private final QueueSettings own;
  private final RunSeen seen;
  private @Nullable FakeSession session;
  private boolean closed;

  private FakeQueue(FakeBag bag, QueueSettings own, RunSeen seen) {
    if (own.partitions() > 1) {
      throw new IllegalArgumentException(
          "a queue in memory has no partitions, and was asked for " + own.partitions());
    }
    this.bag = bag;
    this.own = own;
    this.seen = seen;
  }

  /** An empty one, with default settings. */
  public static FakeQueue named(String name) {
    return named(name, QueueSettings.DEFAULTS);
  }

  /** An empty one, with these settings. */
  public static FakeQueue named(String name, QueueSettings settings) {
    return named(name, settings, InstantSource.system());
  }

  /** An empty one whose time comes from here. */
  public static FakeQueue named(String name, QueueSettings settings, InstantSource clock) {
    return new FakeQueue(
        new FakeBag(name, clock), settings, new RunSeen(SessionOptions.DEFAULTS, null));
  }

  /** The same queue, as another program has opened it, which has seen no run yet. */
  public FakeQueue another() {
    return another(own);
  }

  /** The same; it would create the queue with these settings, were it not there. */
  public FakeQueue another(QueueSettings settings) {
    return new FakeQueue(bag, settings, new RunSeen(SessionOptions.DEFAULTS, null));
  }

  /** So much time passes at once: delayed items fall due, silent producers vanish. */
  public void advance(Duration by) {
    bag.advance(by);
  }

  /**
   * The worker of this session dies and its lease timeout passes: what it held goes to others, with
   * one more loss. If the session is used again, it finds that out, and goes on under a new id.
   */
  public void crash(Session session) {
    if (!(session instanceof FakeSession ours)) {
      throw new IllegalArgumentException("the session is not one of this queue");
    }
    ours.crash();
  }

  /** The program of this producer dies: it is silent, and has vanished after its grace. */
  public void crash(Producer producer) {
    if (!(producer instanceof FakeProducer ours)) {
      throw new IllegalArgumentException("the producer is not one of this queue");
    }
    ours.close();
  }

  /** For the suites: a lease timeout passes in which these were heard, and nobody else. */
  void crashAllBut(List<Session> alive) {
    List<FakeSession> others;
    synchronized (bag) {
      others = new ArrayList<>(bag.sessions);
      bag.sources.silenceAll();
    }
    others.stream().filter(each -> !alive.contains(each)).forEach(FakeSession::crash);
  }

  @Override
  public String name() {
    return bag.name;
  }

  @Override
  public QueueSettings settings() {
    synchronized (bag) {
      return bag.settings(own);
    }
  }

  @Override
  public Optional<String> run() {
    synchronized (bag) {
      requireOpen();
      return Optional.ofNullable(bag.run);
    }
  }

  @Override
  public WorkQueue with(SessionOptions options) {
    synchronized (bag) {
      return new FakeQueue(bag, own, new RunSeen(options, seen.run));
    }
  }

  @Override
  public Producer produce(FillOptions options) {
    synchronized (bag) {
      requireOpen();
      bag.create(own);
      bag.sources.lookAtAll();
      var unused = bag.state(new RunSeen(SessionOptions.DEFAULTS, null));
      bag.beginIfNoneIsUnderWay();
      return open(options);
    }
  }

  @Override
  public Producer produceMore(FillOptions options) {
    synchronized (bag) {
      requireOpen();
      if (bag.run == null) {
        throw new RunLostException(
            "queue '" + bag.name + "' has no run to go on with: it was purged");
      }
      bag.goOn();
      return open(options);
    }
  }

  private Producer open(FillOptions options) {
    String run = String.valueOf(bag.run);
    FakeProducer producer = new FakeProducer(bag, options, bag.sources.open(options), run);
    if (!seen.options.followsRuns() || seen.run == null) {
      seen.run = run;
    }
    bag.changed();
    return producer;
  }

  @Override
  public Session session(SessionInfo info, SessionOptions options) {
    synchronized (bag) {
      requireOpen();
      return enlisted(info, new RunSeen(options, seen.run));
    }
  }

  private FakeSession enlisted(SessionInfo info, RunSeen works) {
    bag.create(own);
    FakeSession begun = new FakeSession(bag, info, works);
    bag.sessions.add(begun);
    return begun;
  }

  @Override
  public List<Lease> lease(int max, Duration wait) {
    FakeSession leasing = ownSession();
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      LeaseBatch batch = leasing.step(List.of(), max);
      if (batch.state() instanceof QueueState.Lost lost) {
        throw new RunLostException(lost.why());
      }
      long left = end - System.nanoTime();
      if (!batch.leases().isEmpty() || batch.state().isEnd() || left <= 0) {
        return batch.leases();
      }
      try {
        leasing.awaitChange(next(batch.state(), left));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return List.of();
      }
    }
  }

  private static Duration next(QueueState state, long left) {
    long look = state instanceof QueueState.NotYet wait ? wait.nextChange().toNanos() : left;
    return Duration.ofNanos(Math.max(1, Math.min(look, left)));
  }

  private FakeSession ownSession() {
    synchronized (bag) {
      requireOpen();
      FakeSession known = session;
      if (known == null) {
        known = enlisted(FakeBag.self(), seen);
        session = known;
      }
      return known;
    }
  }

  @Override
  public QueueState state() {
    synchronized (bag) {
      requireOpen();
      return bag.state(seen);
    }
  }

  @Override
  public QueueState awaitEnd(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    synchronized (bag) {
      while (true) {
        QueueState state = state();
        long left = end - System.nanoTime();
        if (state.isEnd() || left <= 0) {
          return state;
        }
        bag.await(bag.version(), next(state, left));
      }
    }
  }

  @Override
  public Stream<Result> results() {
    synchronized (bag) {
      requireOpen();
      return bag.results.all().stream();
    }
  }

  @Override
  public QueueAdmin admin() {
    requireOpen();
    return new FakeAdmin(bag, this, seen, own);
  }

  private void requireOpen() {
    synchronized (bag) {
      if (closed) {
        throw new QueueUnusableException("queue '" + bag.name + "' is closed");
      }
    }
  }

  @Override
  public void close() {
    synchronized (bag) {
      closed = true;
      if (session != null) {
        session.close();
      }
    }
  }
}
