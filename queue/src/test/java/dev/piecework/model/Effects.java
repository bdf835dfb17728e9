package dev.piecework.model;

import dev.piecework.model.State.ItemCell;
import dev.piecework.model.State.Producer;
import dev.piecework.model.State.QueueCell;
import dev.piecework.model.State.Quiet;
import dev.piecework.model.State.Session;
import dev.piecework.model.State.WorkerCell;
import java.util.ArrayList;
import java.util.List;

/** What several rows have in common. */
final class Effects {

  private Effects() {}

  /** The next number, for an item that has no id yet. */
  static void number(State s, int item) {
    if (s.get(ItemCell.ID, item) == 0) {
      s.put(QueueCell.COUNTER, s.get(QueueCell.COUNTER) + 1);
      s.put(ItemCell.ID, item, s.get(QueueCell.COUNTER));
    }
  }

  /** To this worker's record. */
  static void give(State s, int worker, int item) {
    s.take(item);
    number(s, item);
    s.put(ItemCell.HELD, item, s.get(ItemCell.HELD, item) | (1 << worker));
    s.put(WorkerCell.BELIEVES, worker, s.get(WorkerCell.BELIEVES, worker) | (1 << item));
  }

  /** A batch gets one token, above all before. */
  static void token(State s, List<Integer> batch) {
    if (batch.isEmpty()) {
      return;
    }
    for (int i = 0; i < s.items(); i++) {
      s.put(ItemCell.HAS_LAST_TOKEN, i, batch.contains(i) ? 1 : 0);
    }
  }

  /** Out of the record and out of the process's hands. */
  static void end(State s, int worker, int item) {
    s.put(ItemCell.HELD, item, s.get(ItemCell.HELD, item) & ~(1 << worker));
    s.put(WorkerCell.BELIEVES, worker, s.get(WorkerCell.BELIEVES, worker) & ~(1 << item));
  }

  static void disbelieve(State s, int worker, int item) {
    s.put(WorkerCell.BELIEVES, worker, s.get(WorkerCell.BELIEVES, worker) & ~(1 << item));
  }

  /** Of two holders the first wins: the other's lease is over. */
  static void complete(State s, int worker, int item) {
    end(s, worker, item);
    s.put(ItemCell.HELD, item, 0);
    commit(s, item);
    s.move(item, Place.DONE);
    forget(s, item);
  }

  static void commit(State s, int item) {
    s.put(ItemCell.COMMITS, item, Math.min(s.get(ItemCell.COMMITS, item) + 1, 2));
    s.put(QueueCell.DONE, s.get(QueueCell.DONE) + 1);
  }

  /** Of an item that is final nothing is remembered but that it is. */
  static void forget(State s, int item) {
    s.put(ItemCell.ID, item, 0);
    s.put(ItemCell.FAILED, item, 0);
    s.put(ItemCell.LOSSES, item, 0);
    s.put(ItemCell.HAS_LAST_TOKEN, item, 0);
    s.put(ItemCell.BURIED, item, 0);
  }

  static void fail(State s, int worker, int item) {
    end(s, worker, item);
    s.put(ItemCell.FAILED, item, s.get(ItemCell.FAILED, item) + 1);
  }

  /** Among those that are due at the same moment the order is that of their ids. */
  static void delay(State s, int item) {
    s.take(item);
    List<Integer> later = s.list(Place.LATER);
    int at = 0;
    while (at < later.size() && s.get(ItemCell.ID, later.get(at)) < s.get(ItemCell.ID, item)) {
      at++;
    }
    later.add(at, item);
    s.list(Place.LATER, later);
  }

  static Place backPlace(State s, int item) {
    return switch (s.get(ItemCell.LOSSES, item)) {
      case 0 -> Place.RETURNED;
      case 1 -> Place.LOST_ONCE;
      default -> Place.LOST_TWICE;
    };
  }

  static void putBack(State s, int item) {
    s.pushFront(item, backPlace(s, item));
  }

  static boolean usesUpLosses(State s, int worker) {
    int only = -1;
    for (int i = 0; i < s.items(); i++) {
      if (s.holds(worker, i)) {
        if (only >= 0) {
          return false;
        }
        only = i;
      }
    }
    return only >= 0
        && !s.isCopied(only)
        && s.get(ItemCell.LOSSES, only) + 1 >= s.scenario().budgets().losses();
  }

  /** All that the session alone held goes back, lowest id first, with one more loss; it is over. */
  static void reclaim(State s, int worker, int addedLosses) {
    boolean bury = usesUpLosses(s, worker);
    List<Integer> held = new ArrayList<>();
    for (int i = 0; i < s.items(); i++) {
      if (s.holds(worker, i)) {
        held.add(i);
      }
    }
    held.sort((a, b) -> s.get(ItemCell.ID, b) - s.get(ItemCell.ID, a));
    for (int item : held) {
      boolean goesOn = s.isCopied(item); // with its other holder, and was not lost
      s.put(ItemCell.HELD, item, s.get(ItemCell.HELD, item) & ~(1 << worker));
      if (goesOn) {
        continue;
      }
      s.put(ItemCell.LOSSES, item, s.get(ItemCell.LOSSES, item) + addedLosses);
      if (bury) {
        s.move(item, Place.DEAD);
      } else {
        putBack(s, item);
      }
    }
    over(s, worker);
  }

  static void over(State s, int worker) {
    boolean crashed = s.get(WorkerCell.CRASHED, worker) == 1;
    s.session(worker, crashed ? Session.OUT : Session.REAPED);
    s.put(WorkerCell.CRASHED, worker, 0);
    unname(s, worker);
  }

  static void unname(State s, int worker) {
    s.put(QueueCell.NAMED, s.get(QueueCell.NAMED) & ~(1 << worker));
  }

  static boolean named(State s, int worker) {
    return (s.get(QueueCell.NAMED) & (1 << worker)) != 0;
  }

  /** The process learns that its session is over, or ends. */
  static void out(State s, int worker, Session how) {
    s.session(worker, how);
    s.put(WorkerCell.BELIEVES, worker, 0);
    unname(s, worker);
    if (how == Session.EXITED) {
      s.put(WorkerCell.RUN, worker, 0);
    }
  }

  /** Whoever speaks after a silence starts the grace. */
  static void observe(State s) {
    if (s.quiet() == Quiet.SILENT) {
      s.quiet(Quiet.GRACED);
    }
  }

  /** Time goes on: what is delayed is due. */
  static void due(State s) {
    List<Integer> due = s.list(Place.DUE);
    due.addAll(s.list(Place.LATER));
    s.list(Place.LATER, List.of());
    s.list(Place.DUE, due);
  }

  /** A lease timeout goes by, in which the crashed are not heard. */
  static void leaseTimeout(State s) {
    for (int w = 0; w < s.workers(); w++) {
      if (s.session(w) == Session.FRESH && s.get(WorkerCell.CRASHED, w) == 1) {
        s.session(w, Session.OVERDUE);
      }
    }
    due(s);
  }

  /** What the last run did is past; ids are counted anew when nothing of it is left. */
  static void begin(State s) {
    if (s.get(QueueCell.RUN) != 0 && !s.is(QueueCell.ENDED)) {
      return;
    }
    s.put(QueueCell.RUNS, s.get(QueueCell.RUNS) + 1);
    s.put(QueueCell.RUN, s.get(QueueCell.RUNS));
    s.put(QueueCell.ENDED, 0);
    s.put(QueueCell.DONE, 0);
    boolean left = false;
    for (int i = 0; i < s.items(); i++) {
      if (s.place(i) == Place.DONE) {
        s.move(i, Place.PAST);
      }
      left |= s.get(ItemCell.ID, i) != 0;
    }
    if (!left) {
      s.put(QueueCell.COUNTER, 0);
    }
    if (s.producer() == Producer.CLOSED) {
      s.producer(Producer.FORGOTTEN);
    }
  }

  static void purge(State s) {
    for (int i = 0; i < s.items(); i++) {
      if (s.place(i) != Place.ABSENT) {
        s.put(ItemCell.HELD, i, 0);
        s.put(ItemCell.COMMITS, i, 0);
        s.move(i, Place.DROPPED);
        forget(s, i);
      }
    }
    for (int w = 0; w < s.workers(); w++) {
      if (s.enlisted(w)) {
        over(s, w);
      }
    }
    if (s.get(QueueCell.RUN) != 0) {
      s.put(QueueCell.PURGED, s.get(QueueCell.PURGED) | (1 << s.get(QueueCell.RUN)));
    }
    s.put(QueueCell.RUN, 0);
    s.put(QueueCell.ENDED, 0);
    s.put(QueueCell.DONE, 0);
    s.put(QueueCell.COUNTER, 0);
    s.put(QueueCell.PAUSED, 0);
    s.quiet(Quiet.NONE);
    s.producer(s.producer() == Producer.NEVER ? Producer.NEVER : Producer.FORGOTTEN);
  }
}
