package dev.piecework.model;

import static dev.piecework.model.ItemState.DEAD;
import static dev.piecework.model.ItemState.DELAYED;
import static dev.piecework.model.ItemState.DONE;
import static dev.piecework.model.ItemState.LEASED;
import static dev.piecework.model.ItemState.NOTHING;
import static dev.piecework.model.ItemState.WAITING;
import static dev.piecework.model.Table.row;

import dev.piecework.model.Row.Call;
import dev.piecework.model.Row.Domain;
import dev.piecework.model.Scenario.Feature;
import dev.piecework.model.Scenario.Kind;
import dev.piecework.model.State.ItemCell;
import dev.piecework.model.State.Producer;
import dev.piecework.model.State.QueueCell;
import dev.piecework.model.State.Session;
import dev.piecework.model.State.WorkerCell;
import java.util.List;

/** The arrows of an item. */
final class ItemRows {

  private ItemRows() {}

  static void addTo(List<Row> rows) {
    fills(rows);
    leases(rows);
    settlements(rows);
    losses(rows);
    CopyRows.addTo(rows);
    persons(rows);
  }

  private static void fills(List<Row> rows) {
    rows.add(
        row("rpush", Domain.ITEM)
            .move(NOTHING, WAITING)
            .by("anybody, with `redis-cli`")
            .does("total + 1; counts as a producer that closed at once")
            .helps()
            .when((s, c) -> isNext(s, c.item(), Kind.PUSHED))
            .then((s, c) -> s.pushBack(c.item(), Place.RAW)));
    rows.add(
        row("fill", Domain.ITEM)
            .move(NOTHING, WAITING)
            .by("a producer")
            .does("total + 1, with the source's offset, in the same script")
            .helps()
            .when((s, c) -> mayFill(s, c, Kind.PRODUCED))
            .then((s, c) -> {
              s.pushBack(c.item(), Place.RAW);
              s.producer(Producer.OPEN);
            }));
    rows.add(
        row("fill with a priority", Domain.ITEM)
            .move(NOTHING, WAITING)
            .by("a producer")
            .does("the same; the item has its id at once")
            .helps()
            .when((s, c) -> mayFill(s, c, Kind.URGENT))
            .then((s, c) -> {
              Effects.number(s, c.item());
              s.pushBack(c.item(), Place.HIGH);
              s.producer(Producer.OPEN);
            }));
    rows.add(
        row("fill with a delay", Domain.ITEM)
            .move(NOTHING, DELAYED)
            .by("a producer")
            .does("the same")
            .helps()
            .when((s, c) -> mayFill(s, c, Kind.POSTPONED))
            .then((s, c) -> {
              Effects.number(s, c.item());
              Effects.delay(s, c.item());
              s.producer(Producer.OPEN);
            }));
  }

  private static void leases(List<Row> rows) {
    rows.add(
        row("lease", Domain.WORKER_AND_BATCH)
            .move(WAITING, LEASED)
            .by("a session that may")
            .does("one token for the batch, greater than all before")
            .helps()
            .when((s, c) -> mayLease(s, c.worker()) && !LeaseOrder.holdsLostTwice(s, c.worker()))
            .then((s, c) -> LeaseOrder.take(s, c.worker(), c.item())));
    rows.add(
        row("complete and lease next", Domain.WORKER_AND_ITEM)
            .move(LEASED, DONE)
            .move(WAITING, LEASED)
            .by("the holder of the lease")
            .does("both, in one script")
            .helps()
            .when((s, c) -> mayEnd(s, c) && mayLease(s, c.worker()))
            .then((s, c) -> {
              Effects.complete(s, c.worker(), c.item());
              LeaseOrder.take(s, c.worker(), 1);
            }));
    rows.add(
        row("due", Domain.QUEUE)
            .move(DELAYED, WAITING)
            .by("time")
            .does("nothing; whoever leases next finds it")
            .helps()
            .when((s, c) -> s.count(Place.LATER) > 0)
            .then((s, c) -> Effects.due(s)));
  }

  private static void settlements(List<Row> rows) {
    rows.add(
        row("complete", Domain.WORKER_AND_ITEM)
            .move(LEASED, DONE)
            .by("the holder of the lease")
            .does("done + 1, result and sequence number, in the same script")
            .helps()
            .when(ItemRows::mayEnd)
            .then((s, c) -> Effects.complete(s, c.worker(), c.item())));
    rows.add(
        row("retry", Domain.WORKER_AND_ITEM)
            .move(LEASED, DELAYED)
            .by("the holder: its handler failed")
            .does("attempts + 1; a random pause that doubles up to a limit, or the one asked for")
            .with(Feature.FAILURES)
            .when((s, c) -> mayEndAlone(s, c) && !isLastAttempt(s, c.item()))
            .then((s, c) -> {
              Effects.fail(s, c.worker(), c.item());
              Effects.delay(s, c.item());
            }));
    rows.add(
        row("retry, no attempts left", Domain.WORKER_AND_ITEM)
            .move(LEASED, DEAD)
            .by("the holder")
            .does("attempts + 1, dead + 1")
            .with(Feature.FAILURES)
            .when((s, c) -> mayEndAlone(s, c) && isLastAttempt(s, c.item()))
            .then((s, c) -> {
              Effects.fail(s, c.worker(), c.item());
              s.move(c.item(), Place.DEAD);
            }));
    rows.add(
        row("bury", Domain.WORKER_AND_ITEM)
            .move(LEASED, DEAD)
            .by("the holder: no attempt will ever help")
            .does("attempts + 1, dead + 1")
            .with(Feature.FAILURES)
            .when(ItemRows::mayEndAlone)
            .then((s, c) -> {
              Effects.fail(s, c.worker(), c.item());
              s.move(c.item(), Place.DEAD);
              s.put(ItemCell.BURIED, c.item(), 1);
            }));
    rows.add(
        row("release", Domain.WORKER_AND_ITEM)
            .move(LEASED, WAITING)
            .by("the holder: untried")
            .does("nothing is counted; to the front")
            .with(Feature.RELEASES)
            .when(ItemRows::mayEndAlone)
            .then((s, c) -> {
              Effects.end(s, c.worker(), c.item());
              Effects.putBack(s, c.item());
            }));
    rows.add(
        row("late settlement", Domain.WORKER_AND_ITEM)
            .by("a holder whose session was reaped")
            .does("refused, and told so: nothing changes")
            .helps()
            .when((s, c) ->
                s.running(c.worker())
                    && s.session(c.worker()) == Session.REAPED
                    && s.believes(c.worker(), c.item()))
            .then((s, c) -> Effects.out(s, c.worker(), Session.OUT)));
  }

  private static void losses(List<Row> rows) {
    rows.add(
        row("session lost", Domain.WORKER)
            .move(LEASED, WAITING)
            .by("whoever was told that the session has expired, if it still has")
            .does("losses + 1 for all that it held; to the front")
            .helps()
            .when((s, c) -> mayReclaim(s, c.worker()) && !Effects.usesUpLosses(s, c.worker()))
            .then((s, c) -> Effects.reclaim(s, c.worker(), 1)));
    rows.add(
        row("session lost, no losses left", Domain.WORKER)
            .move(LEASED, DEAD)
            .by("the same, when it held this one item only")
            .does("losses + 1, dead + 1")
            .helps()
            .when((s, c) -> mayReclaim(s, c.worker()) && Effects.usesUpLosses(s, c.worker()))
            .then((s, c) -> Effects.reclaim(s, c.worker(), 1)));
    rows.add(
        row("process gone", Domain.WORKER)
            .move(LEASED, WAITING)
            .move(LEASED, DEAD)
            .by("a verb on the host where the process was")
            .does("as a lost session, without waiting for the lease timeout")
            .with(Feature.CRASHES)
            .helps()
            .when((s, c) -> s.enlisted(c.worker()) && s.get(WorkerCell.CRASHED, c.worker()) == 1)
            .then((s, c) -> Effects.reclaim(s, c.worker(), 1)));
  }

  private static void persons(List<Row> rows) {
    rows.add(
        row("requeue", Domain.ITEM)
            .move(DEAD, WAITING)
            .by("a person")
            .does("budgets start anew; a run that had ended is open again")
            .with(Feature.PERSON)
            .when((s, c) -> s.place(c.item()) == Place.DEAD)
            .then((s, c) -> {
              s.pushBack(c.item(), Place.RETURNED);
              s.put(ItemCell.FAILED, c.item(), 0);
              s.put(ItemCell.LOSSES, c.item(), 0);
              s.put(ItemCell.BURIED, c.item(), 0);
              s.put(QueueCell.ENDED, 0);
            }));
    rows.add(
        row("drop", Domain.ITEM)
            .move(DEAD, NOTHING)
            .by("a person")
            .does("total - 1")
            .with(Feature.PERSON)
            .when((s, c) -> s.place(c.item()) == Place.DEAD)
            .then((s, c) -> {
              s.move(c.item(), Place.DROPPED);
              Effects.forget(s, c.item());
            }));
    drops(rows);
    rows.add(
        row("requeue what is delayed", Domain.ITEM)
            .move(DELAYED, WAITING)
            .by("a person")
            .does("due now, to the front; what was counted stays counted")
            .with(Feature.PERSON)
            .when((s, c) -> s.itemState(c.item()) == DELAYED)
            .then((s, c) -> Effects.putBack(s, c.item())));
    rows.add(
        row("purge", Domain.QUEUE)
            .move(WAITING, NOTHING)
            .move(LEASED, NOTHING)
            .move(DELAYED, NOTHING)
            .move(DONE, NOTHING)
            .move(DEAD, NOTHING)
            .by("a person")
            .does("all is gone, sessions and settings too; the run is known to be purged")
            .with(Feature.PURGE)
            .when((s, c) -> s.get(QueueCell.RUN) != 0)
            .then((s, c) -> Effects.purge(s)));
  }

  private static void drops(List<Row> rows) {
    rows.add(
        row("drop what waits", Domain.ITEM)
            .move(WAITING, NOTHING)
            .by("a person")
            .does("total - 1")
            .with(Feature.PERSON)
            .when((s, c) -> s.itemState(c.item()) == WAITING && s.place(c.item()) != Place.DUE)
            .then((s, c) -> drop(s, c.item())));
    rows.add(
        row("drop what is delayed", Domain.ITEM)
            .move(DELAYED, NOTHING)
            .move(WAITING, NOTHING)
            .by("a person")
            .does("total - 1, also when it is due by now")
            .with(Feature.PERSON)
            .when((s, c) -> s.itemState(c.item()) == DELAYED || s.place(c.item()) == Place.DUE)
            .then((s, c) -> drop(s, c.item())));
    rows.add(
        row("drop what is leased", Domain.ITEM)
            .move(LEASED, NOTHING)
            .by("a person")
            .does("total - 1; the lease is lost, and its holder is told with the next heartbeat")
            .with(Feature.PERSON)
            .when((s, c) -> s.itemState(c.item()) == LEASED)
            .then((s, c) -> {
              s.put(ItemCell.HELD, c.item(), 0);
              drop(s, c.item());
            }));
    rows.add(
        row("settlement of what was dropped", Domain.WORKER_AND_ITEM)
            .by("who held it")
            .does("refused, and told so: nothing changes")
            .with(Feature.PERSON)
            .helps()
            .when((s, c) ->
                s.running(c.worker())
                    && s.enlisted(c.worker())
                    && s.believes(c.worker(), c.item())
                    && !s.holds(c.worker(), c.item()))
            .then((s, c) -> Effects.disbelieve(s, c.worker(), c.item())));
  }

  private static void drop(State s, int item) {
    s.take(item);
    s.move(item, Place.DROPPED);
    Effects.forget(s, item);
  }

  static boolean mayLease(State s, int worker) {
    int run = s.get(QueueCell.RUN);
    return s.running(worker)
        && s.enlisted(worker)
        && run != 0
        && s.get(WorkerCell.RUN, worker) == run
        && !s.is(QueueCell.ENDED)
        && !s.is(QueueCell.PAUSED);
  }

  static boolean mayEnd(State s, Call c) {
    return s.running(c.worker()) && s.enlisted(c.worker()) && s.holds(c.worker(), c.item());
  }

  // What another holds too goes on there.
  private static boolean mayEndAlone(State s, Call c) {
    return mayEnd(s, c) && !s.isCopied(c.item());
  }

  static boolean mayReclaim(State s, int worker) {
    return Effects.named(s, worker)
        && s.session(worker) == Session.OVERDUE
        && s.quiet() != State.Quiet.GRACED;
  }

  private static boolean isLastAttempt(State s, int item) {
    return s.get(ItemCell.FAILED, item) + 1 >= s.scenario().budgets().attempts();
  }

  private static boolean mayFill(State s, Call c, Kind kind) {
    return (s.producerIsOpen() || s.producer() == Producer.VANISHED) && isNext(s, c.item(), kind);
  }

  // What is pushed is in an order of its own.
  private static boolean isNext(State s, int item, Kind kind) {
    List<Kind> kinds = s.scenario().items();
    if (kinds.get(item) != kind || s.place(item) != Place.ABSENT) {
      return false;
    }
    boolean pushed = kind == Kind.PUSHED;
    for (int i = 0; i < item; i++) {
      if (s.place(i) == Place.ABSENT && (kinds.get(i) == Kind.PUSHED) == pushed) {
        return false;
      }
    }
    return true;
  }
}
