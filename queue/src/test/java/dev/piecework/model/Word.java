package dev.piecework.model;

import dev.piecework.model.State.Producer;
import dev.piecework.model.State.QueueCell;
import dev.piecework.model.State.WorkerCell;

/** The state of the whole queue, all parts read at once. */
public enum Word {
  READY,
  WAIT,
  PAUSED,
  UNBEGUN,
  NEVER,
  DRAINED,
  INCOMPLETE,
  LOST;

  /** As this worker is told, who works for a run or for none in particular. */
  public static Word state(State s, int worker) {
    int mine = s.get(WorkerCell.RUN, worker);
    int run = s.get(QueueCell.RUN);
    int waiting = s.count(ItemState.WAITING) - s.count(Place.DUE);
    int later = s.count(Place.DUE) + s.count(ItemState.DELAYED);
    int open = s.producerIsOpen() ? 1 : 0;
    if (mine != 0 && mine != run) {
      return (s.get(QueueCell.PURGED) & (1 << mine)) != 0 ? LOST : DRAINED;
    }
    if (run == 0) {
      return waiting + later + open > 0 ? UNBEGUN : NEVER;
    }
    int all = waiting + later + open + s.count(ItemState.LEASED);
    if (s.is(QueueCell.ENDED)) {
      return mine == 0 && all > 0 ? UNBEGUN : DRAINED;
    }
    if (all == 0) {
      return s.producer() == Producer.VANISHED ? INCOMPLETE : DRAINED;
    }
    if (s.is(QueueCell.PAUSED)) {
      return PAUSED;
    }
    return waiting + s.count(Place.DUE) > 0 ? READY : WAIT;
  }
}
