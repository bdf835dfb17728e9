package dev.piecework.model;

import static dev.piecework.model.Table.row;

import dev.piecework.model.Row.Domain;
import dev.piecework.model.Scenario.Feature;
import dev.piecework.model.State.Producer;
import dev.piecework.model.State.QueueCell;
import dev.piecework.model.State.Quiet;
import dev.piecework.model.State.Session;
import dev.piecework.model.State.WorkerCell;
import java.util.List;

/** How workers come, are heard, and are lost. */
final class SessionRows {

  private SessionRows() {}

  static void addTo(List<Row> rows) {
    rows.add(
        row("join", Domain.WORKER)
            .by("a worker")
            .does("a session under a new id, alive until its lapse")
            .helps()
            .when((s, c) ->
                s.session(c.worker()) == Session.OUT || s.session(c.worker()) == Session.EXITED)
            .then((s, c) -> {
              Effects.observe(s);
              s.session(c.worker(), Session.FRESH);
            }));
    rows.add(
        row("heartbeat", Domain.WORKER)
            .by("a session that was not reaped")
            .does(
                "alive for another lapse, also when it was overdue; told which leases were dropped")
            .helps()
            .when((s, c) -> s.running(c.worker()) && s.enlisted(c.worker()))
            .then((s, c) -> {
              Effects.observe(s);
              for (int item = 0; item < s.items(); item++) {
                if (!s.holds(c.worker(), item)) {
                  Effects.disbelieve(s, c.worker(), item);
                }
              }
              s.session(c.worker(), Session.FRESH);
            }));
    rows.add(
        row("late heartbeat", Domain.WORKER)
            .by("a session that was reaped")
            .does("refused: it is over for good, and the worker joins under a new id")
            .helps()
            .when((s, c) -> s.running(c.worker()) && s.session(c.worker()) == Session.REAPED)
            .then((s, c) -> Effects.out(s, c.worker(), Session.OUT)));
    rows.add(
        row("leave", Domain.WORKER)
            .by("a worker that holds nothing and is asked to stop")
            .does("its session ends")
            .with(Feature.STOPS)
            .when((s, c) ->
                s.running(c.worker()) && s.enlisted(c.worker()) && s.heldBy(c.worker()) == 0)
            .then((s, c) -> {
              Effects.out(s, c.worker(), Session.OUT);
              s.put(WorkerCell.RUN, c.worker(), 0);
            }));
    faults(rows);
    reaping(rows);
  }

  private static void faults(List<Row> rows) {
    rows.add(
        row("crash", Domain.WORKER)
            .by("a worker's process")
            .does("nothing yet: its session is there until it lapses")
            .with(Feature.CRASHES)
            .when((s, c) -> s.running(c.worker()))
            .then((s, c) -> {
              s.put(WorkerCell.BELIEVES, c.worker(), 0);
              s.put(WorkerCell.RUN, c.worker(), 0);
              if (s.enlisted(c.worker())) {
                s.put(WorkerCell.CRASHED, c.worker(), 1);
              } else {
                s.session(c.worker(), Session.OUT);
              }
            }));
    rows.add(
        row("a lapse goes by", Domain.QUEUE)
            .by("time")
            .does("sessions whose process crashed are overdue; what is delayed is due")
            .with(Feature.CRASHES)
            .move(ItemState.DELAYED, ItemState.WAITING)
            .helps()
            .when((s, c) -> s.quiet() == Quiet.NONE && somebodyCrashed(s))
            .then((s, c) -> Effects.lapse(s)));
    rows.add(
        row("stopped for a lapse", Domain.WORKER)
            .by("a suspended process, a cut network")
            .does("its session is overdue; it goes on as if nothing had been")
            .with(Feature.STOPS)
            .move(ItemState.DELAYED, ItemState.WAITING)
            .when((s, c) ->
                s.quiet() == Quiet.NONE
                    && s.running(c.worker())
                    && s.session(c.worker()) == Session.FRESH)
            .then((s, c) -> {
              Effects.lapse(s);
              s.session(c.worker(), Session.OVERDUE);
            }));
    rows.add(
        row("an outage", Domain.QUEUE)
            .by("Redis or the network, for longer than a lapse")
            .does("nobody is heard: all are overdue")
            .with(Feature.OUTAGES)
            .move(ItemState.DELAYED, ItemState.WAITING)
            .when((s, c) -> s.quiet() == Quiet.NONE && somebodyIsFresh(s))
            .then((s, c) -> {
              for (int w = 0; w < s.workers(); w++) {
                if (s.session(w) == Session.FRESH) {
                  s.session(w, Session.OVERDUE);
                }
              }
              if (s.producer() == Producer.OPEN) {
                s.producer(Producer.OVERDUE);
              }
              s.quiet(Quiet.SILENT);
              Effects.due(s);
            }));
    rows.add(
        row("the grace ends", Domain.QUEUE)
            .by("time: a lapse after the first word that followed the silence")
            .does("who was not heard by now may be reaped")
            .with(Feature.OUTAGES)
            .move(ItemState.DELAYED, ItemState.WAITING)
            .helps()
            .when((s, c) -> s.quiet() == Quiet.GRACED)
            .then((s, c) -> {
              Effects.lapse(s);
              s.quiet(Quiet.NONE);
            }));
  }

  private static void reaping(List<Row> rows) {
    rows.add(
        row("look for lapsed", Domain.QUEUE)
            .by("any client, once a second or so")
            .does(
                "names the sessions that are overdue, none in a grace; a source that is makes the"
                    + " run incomplete")
            .helps()
            .when((s, c) -> somebodyIsOverdue(s))
            .then((s, c) -> {
              Effects.observe(s);
              if (s.quiet() != Quiet.GRACED) {
                name(s);
              }
            }));
    rows.add(
        row("reclaim, and it is alive", Domain.WORKER)
            .by("who was told that the session had lapsed")
            .does("nothing: it was heard since, or is gone already, or there is a grace")
            .helps()
            .when((s, c) -> Effects.named(s, c.worker()) && !ItemRows.mayReclaim(s, c.worker()))
            .then((s, c) -> Effects.unname(s, c.worker())));
  }

  static void name(State s) {
    int named = s.get(QueueCell.NAMED);
    for (int w = 0; w < s.workers(); w++) {
      if (s.session(w) == Session.OVERDUE) {
        named |= 1 << w;
      }
    }
    s.put(QueueCell.NAMED, named);
    if (s.producer() == Producer.OVERDUE) {
      s.producer(Producer.VANISHED);
    }
  }

  private static boolean somebodyCrashed(State s) {
    for (int w = 0; w < s.workers(); w++) {
      if (s.session(w) == Session.FRESH && s.get(WorkerCell.CRASHED, w) == 1) {
        return true;
      }
    }
    return false;
  }

  private static boolean somebodyIsFresh(State s) {
    for (int w = 0; w < s.workers(); w++) {
      if (s.session(w) == Session.FRESH) {
        return true;
      }
    }
    return s.producer() == Producer.OPEN;
  }

  private static boolean somebodyIsOverdue(State s) {
    for (int w = 0; w < s.workers(); w++) {
      if (s.session(w) == Session.OVERDUE) {
        return true;
      }
    }
    return s.producer() == Producer.OVERDUE;
  }
}
