package dev.piecework.cli.results;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.QueueState;
import dev.piecework.Result;
import dev.piecework.ResultLog;
import dev.piecework.RunLostException;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes results out of a queue as they are committed, and gives them to a sink.
 *
 * <p>The last result that was taken is a bookmark: Redis is not told to forget it before the end,
 * and it is read again each time. When it is not there, under its number, Redis has gone back in
 * time, and numbers may have been given to other results since: then all that is stored is taken
 * again, and the sink leaves out what it has.
 */
public final class ResultsPump implements Pump {

  /** The note of a run that says up to which number its results were printed, and are kept. */
  public static final String PRINTED = "printed";

  private static final int MOST = 1_000;

  /** Of calls that take nothing, one each 50 ms. */
  private static final int LOOK_EACH = 20;

  /** As many as this, and there are more: somebody commits faster than we take. */
  static final int FULL = MOST / 2;

  /** What a stored result has beside payload and result, at most. */
  private static final long OVERHEAD = 400;

  private final WorkQueue queue;
  private final ResultLog log;
  private final ResultSink sink;
  private final @Nullable InOrder order;
  private final Passed passed;
  private final RoomForOrder room;
  private @Nullable Result bookmark;
  private long before;
  private long forgotten;
  private long doubted;
  private long idle;

  /** What becomes of results in Redis that the sink has made safe. */
  public enum Passed {
    /** Nothing: others take them as well. */
    KEPT,
    /** Redis may forget them. */
    FORGOTTEN,
    /** They stay, and it is noted that they were passed on: not again when the run is resumed. */
    NOTED
  }

  /**
   * @param queue without partitions, or one partition of another
   * @param inOrder from which id on to go by id, or 0 for the order of commits
   * @param passed what becomes of what the sink has made safe
   * @param notices gets what a person should know
   */
  public ResultsPump(
      WorkQueue queue, ResultSink sink, long inOrder, Passed passed, Consumer<String> notices) {
    this.queue = queue;
    this.log = queue.admin().resultLogs().getFirst();
    this.order = inOrder > 0 ? new InOrder(sink, inOrder, this::again) : null;
    this.sink = order == null ? sink : order;
    this.passed = passed;
    this.room = new RoomForOrder(queue, notices);
  }

  /**
   * @param forget whether Redis may forget what the sink has made safe
   */
  public ResultsPump(
      WorkQueue queue, ResultSink sink, long inOrder, boolean forget, Consumer<String> notices) {
    this(queue, sink, inOrder, forget ? Passed.FORGOTTEN : Passed.KEPT, notices);
  }

  /** Begins after what an earlier process has printed and left there. */
  public ResultsPump afterWhatWasPrinted() {
    before = queue.admin().note(PRINTED).map(Long::parseLong).orElse(0L);
    return this;
  }

  /** A thousand at most. */
  @Override
  public int take() throws IOException {
    long doubtedBefore = doubted;
    List<Result> fresh = read();
    for (Result result : fresh) {
      sink.accept(result);
      bookmark = result;
    }
    Optional<ItemView> awaited =
        order == null ? Optional.empty() : skipWhatWillNotCome(order, doubtedBefore);
    sink.settle();
    Result last = bookmark;
    if (last != null && isAsLargeAsAll(last)) {
      // Workers would wait for ever until somebody takes it; what comes is read from the start
      // then.
      forgetUpTo(safe());
      bookmark = null;
    } else {
      forgetUpTo(safe() - 1);
    }
    if (passed != Passed.KEPT && fresh.isEmpty() && awaited.isPresent()) {
      room.makeFor(awaited.get());
    }
    if (passed == Passed.NOTED && fresh.isEmpty() && idle++ % LOOK_EACH == 0) {
      refuseFull();
    }
    return fresh.size();
  }

  // Nobody takes what is kept, so nothing would be done any more.
  private void refuseFull() {
    if (queue.state() instanceof QueueState.ResultsFull full) {
      throw new Refusal(
          ExitCode.CANNOT_WRITE,
          "results stay in Redis for --then, and have reached results-max ("
              + Figures.bytes(full.max())
              + "): raise that (piecework set "
              + queue.name()
              + " results-max=SIZE), or use --results FILE");
    }
  }

  /** Whether it alone may bring the stored results to their bound, at which nothing is leased. */
  private boolean isAsLargeAsAll(Result last) {
    long max = queue.settings().resultsMax();
    long size = OVERHEAD + last.payload().length + last.result().length;
    boolean holdsNothingBack = order == null || order.safe(last.sequence()) == last.sequence();
    return passed == Passed.FORGOTTEN && holdsNothingBack && max > 0 && 2 * size > max;
  }

  private List<Result> read() {
    Result last = bookmark;
    if (last == null) {
      return log.after(before, MOST);
    }
    List<Result> some = log.after(last.sequence() - 1, MOST);
    if (!some.isEmpty() && isSame(some.getFirst(), last)) {
      return some.subList(1, some.size());
    }
    bookmark = null;
    before = 0;
    forgotten = 0;
    if (order != null) {
      order.startOver();
    }
    return log.after(0, MOST);
  }

  private static boolean isSame(Result one, Result other) {
    return one.sequence() == other.sequence()
        && one.id().equals(other.id())
        && one.worker().equals(other.worker())
        && one.started().equals(other.started());
  }

  private long safe() {
    Result last = bookmark;
    long taken = last == null ? 0 : last.sequence();
    return order == null ? taken : order.safe(taken);
  }

  private void forgetUpTo(long sequence) {
    if (passed == Passed.KEPT || sequence <= forgotten) {
      return;
    }
    if (passed == Passed.FORGOTTEN) {
      log.dropUpTo(sequence);
    } else {
      boolean _ = queue.admin().note(PRINTED, Long.toString(sequence));
    }
    forgotten = sequence;
  }

  @Override
  public void takeAll() throws IOException {
    int taken;
    do {
      taken = take();
    } while (taken > 0);
    if (order != null) {
      order.passOnAll();
      sink.settle();
    }
    leave();
    refuseEmpty();
  }

  /** A Redis that has lost everything has no more results either. */
  private void refuseEmpty() {
    String run = queue.run().orElse("");
    if (!run.isEmpty() && queue.admin().status().run() == null) {
      throw new RunLostException(
          "run "
              + run
              + " of queue '"
              + queue.name()
              + "' is lost (Redis lost its data, or the queue was purged): results that had not been"
              + " taken went with it");
    }
  }

  /** The bookmark goes too. */
  @Override
  public void leave() {
    forgetUpTo(safe());
    room.giveUp();
  }

  private Result again(long sequence) {
    List<Result> found = log.after(sequence - 1, 1);
    if (found.isEmpty() || found.getFirst().sequence() != sequence) {
      throw new IllegalStateException("result " + sequence + " is gone from Redis");
    }
    return found.getFirst();
  }

  /**
   * A dead item has no result. One that Redis does not know any more was done and taken before, or
   * dropped; but its result may have been committed after we looked, so that is believed only when
   * it has not come with the results that were read later.
   *
   * @return the item whose turn it is, if others wait for it
   */
  private Optional<ItemView> skipWhatWillNotCome(InOrder inOrder, long doubtedBefore)
      throws IOException {
    long id = inOrder.awaited();
    if (id != 0 && id == doubtedBefore) {
      inOrder.skip(id);
      id = inOrder.awaited();
    }
    doubted = 0;
    while (id != 0 && doubted == 0) {
      Optional<ItemView> item = queue.admin().item(String.valueOf(id));
      ItemState state = item.map(ItemView::state).orElse(ItemState.DONE);
      if (state == ItemState.DEAD) {
        inOrder.skip(id);
        id = inOrder.awaited();
      } else if (state == ItemState.DONE) {
        doubted = id;
      } else {
        return item;
      }
    }
    return Optional.empty();
  }
}
