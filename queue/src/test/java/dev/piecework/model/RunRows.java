package dev.piecework.model;

import static dev.piecework.model.Table.row;

import dev.piecework.model.Row.Domain;
import dev.piecework.model.Scenario.Feature;
import dev.piecework.model.Scenario.Kind;
import dev.piecework.model.State.Producer;
import dev.piecework.model.State.QueueCell;
import dev.piecework.model.State.Quiet;
import dev.piecework.model.State.Session;
import dev.piecework.model.State.WorkerCell;
import java.util.List;

/** How a run begins and ends, who fills it, and who may hold it up. */
final class RunRows {

  private RunRows() {}

  static void addTo(List<Row> rows) {
    rows.add(
        row("begin", Domain.WORKER)
            .by("a worker that works for no run yet, and finds something")
            .does("a new run; one that ended before it is past")
            .helps()
            .when((s, c) -> mayLook(s, c.worker()) && Word.state(s, c.worker()) == Word.UNBEGUN)
            .then((s, c) -> {
              Effects.begin(s);
              s.put(WorkerCell.RUN, c.worker(), s.get(QueueCell.RUN));
            }));
    rows.add(
        row("look", Domain.WORKER)
            .by("a worker that holds nothing")
            .does(
                "one read of all parts: if nothing waits, is leased or delayed and no producer is"
                    + " open the run has ended, drained, and the worker exits with 0; if a"
                    + " source vanished, or the run was purged, with 3")
            .helps()
            .when((s, c) -> mayLook(s, c.worker()))
            .then((s, c) -> look(s, c.worker(), Word.state(s, c.worker()))));
    rows.add(
        row("pause", Domain.QUEUE)
            .by("a person, or a worker whose command cannot be run")
            .does("nothing more is leased; what is leased goes on")
            .with(Feature.PAUSES)
            .when((s, c) -> !s.is(QueueCell.PAUSED))
            .then((s, c) -> s.put(QueueCell.PAUSED, 1)));
    rows.add(
        row("resume", Domain.QUEUE)
            .by("a person")
            .does("leasing goes on")
            .with(Feature.PAUSES)
            .helps()
            .when((s, c) -> s.is(QueueCell.PAUSED))
            .then((s, c) -> s.put(QueueCell.PAUSED, 0)));
    producers(rows);
  }

  private static void producers(List<Row> rows) {
    rows.add(
        row("open a source", Domain.QUEUE)
            .by("a producer, for the first time or again")
            .does(
                "the run is not drained while it is open; one that broke off goes on where it was")
            .helps()
            .when((s, c) ->
                s.scenario().items().stream().anyMatch(kind -> kind != Kind.PUSHED)
                    && (s.producer() == Producer.NEVER
                        || s.producer() == Producer.OVERDUE
                        || s.producer() == Producer.VANISHED))
            .then((s, c) -> {
              Effects.begin(s);
              Effects.observe(s);
              s.producer(Producer.OPEN);
            }));
    rows.add(
        row("producer's heartbeat", Domain.QUEUE)
            .by("a producer")
            .does("its source is open for another lapse, also when it had vanished")
            .with(Feature.STOPS)
            .when((s, c) -> s.producerIsOpen() || s.producer() == Producer.VANISHED)
            .then((s, c) -> {
              Effects.observe(s);
              s.producer(Producer.OPEN);
            }));
    rows.add(
        row("a producer falls silent", Domain.QUEUE)
            .by("its process or its network")
            .does("its source is overdue; after the grace for producers it has vanished")
            .with(Feature.STOPS)
            .move(ItemState.DELAYED, ItemState.WAITING)
            .when((s, c) -> s.producer() == Producer.OPEN && s.quiet() == Quiet.NONE)
            .then((s, c) -> {
              Effects.lapse(s);
              s.producer(Producer.OVERDUE);
            }));
    rows.add(
        row("close a source", Domain.QUEUE)
            .by("a producer at the end of its input")
            .does("nothing more will come of it")
            .helps()
            .when((s, c) ->
                (s.producerIsOpen() || s.producer() == Producer.VANISHED) && isAllGiven(s))
            .then((s, c) -> s.producer(Producer.CLOSED)));
    rows.add(
        row("close a source by hand", Domain.QUEUE)
            .by("a person, who knows that it will not come back")
            .does("the same; the run is no longer incomplete")
            .with(Feature.PERSON)
            .when((s, c) -> s.producer() == Producer.VANISHED)
            .then((s, c) -> s.producer(Producer.CLOSED)));
  }

  static boolean mayLook(State s, int worker) {
    return s.running(worker) && s.enlisted(worker) && s.get(WorkerCell.BELIEVES, worker) == 0;
  }

  static void look(State s, int worker, Word word) {
    switch (word) {
      case READY, WAIT, PAUSED -> s.put(WorkerCell.RUN, worker, s.get(QueueCell.RUN));
      case UNBEGUN, NEVER -> {}
      case DRAINED -> {
        int mine = s.get(WorkerCell.RUN, worker);
        if (mine == 0 || mine == s.get(QueueCell.RUN)) {
          s.put(QueueCell.ENDED, 1);
        }
        Effects.out(s, worker, Session.EXITED);
      }
      case INCOMPLETE, LOST -> {
        Effects.out(s, worker, Session.OUT);
        s.put(WorkerCell.RUN, worker, 0);
      }
    }
  }

  private static boolean isAllGiven(State s) {
    for (int i = 0; i < s.items(); i++) {
      if (s.scenario().items().get(i) != Kind.PUSHED && s.place(i) == Place.ABSENT) {
        return false;
      }
    }
    return true;
  }
}
