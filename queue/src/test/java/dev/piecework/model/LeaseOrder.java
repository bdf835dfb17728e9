package dev.piecework.model;

import dev.piecework.model.State.ItemCell;
import java.util.ArrayList;
import java.util.List;

/**
 * Which items a lease gives: those that came back, delayed ones that are due, high, normal. One
 * that was lost once comes alone, one that was lost twice only to a session that holds nothing.
 */
final class LeaseOrder {

  private LeaseOrder() {}

  /** Takes a batch; an item that is due but has to be careful with joins those that are. */
  static List<Integer> take(State s, int worker, int want) {
    List<Integer> batch = new ArrayList<>();
    boolean free = s.heldBy(worker) == 0;
    List<Integer> lostTwice = s.list(Place.LOST_TWICE);
    List<Integer> lostOnce = s.list(Place.LOST_ONCE);
    if (!lostTwice.isEmpty() && free) {
      return alone(s, worker, lostTwice.getFirst());
    }
    if (!lostOnce.isEmpty()) {
      return alone(s, worker, lostOnce.getFirst());
    }
    for (int item : s.list(Place.RETURNED)) {
      giveOne(s, worker, item, want, batch);
    }
    int looked = want - batch.size();
    for (int item : s.list(Place.DUE)) {
      if (looked-- <= 0) {
        break;
      }
      int losses = s.get(ItemCell.LOSSES, item);
      if (losses == 0) {
        giveOne(s, worker, item, want, batch);
      } else if (batch.isEmpty() && (losses == 1 || free)) {
        return alone(s, worker, item);
      } else {
        s.pushBack(item, losses == 1 ? Place.LOST_ONCE : Place.LOST_TWICE);
      }
    }
    for (Place place : List.of(Place.HIGH, Place.RAW)) {
      for (int item : s.list(place)) {
        giveOne(s, worker, item, want, batch);
      }
    }
    Effects.token(s, batch);
    return batch;
  }

  static boolean holdsLostTwice(State s, int worker) {
    for (int i = 0; i < s.items(); i++) {
      if (s.holds(worker, i) && s.get(ItemCell.LOSSES, i) >= 2) {
        return true;
      }
    }
    return false;
  }

  private static void giveOne(State s, int worker, int item, int want, List<Integer> batch) {
    if (batch.size() < want) {
      Effects.give(s, worker, item);
      batch.add(item);
    }
  }

  private static List<Integer> alone(State s, int worker, int item) {
    Effects.give(s, worker, item);
    Effects.token(s, List.of(item));
    return List.of(item);
  }
}
