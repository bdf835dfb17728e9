package dev.piecework.model;

import dev.piecework.model.State.ItemCell;
import java.util.ArrayList;
import java.util.List;

/**
 * Which items a lease gives: those that came back, delayed ones that are due, high, normal. One
 * that was lost once comes alone, one that was lost twice only to a session that holds nothing.
 */
final class Lots {

  private Lots() {}

  /** Takes a lot; an item that is due but has to be careful with joins those that are. */
  static List<Integer> take(State s, int worker, int want) {
    List<Integer> lot = new ArrayList<>();
    boolean free = s.heldBy(worker) == 0;
    List<Integer> culprits = s.list(Place.CULPRITS);
    List<Integer> suspects = s.list(Place.SUSPECTS);
    if (!culprits.isEmpty() && free) {
      return alone(s, worker, culprits.getFirst());
    }
    if (!suspects.isEmpty()) {
      return alone(s, worker, suspects.getFirst());
    }
    for (int item : s.list(Place.RETURNED)) {
      giveOne(s, worker, item, want, lot);
    }
    int looked = want - lot.size();
    for (int item : s.list(Place.DUE)) {
      if (looked-- <= 0) {
        break;
      }
      int losses = s.get(ItemCell.LOSSES, item);
      if (losses == 0) {
        giveOne(s, worker, item, want, lot);
      } else if (lot.isEmpty() && (losses == 1 || free)) {
        return alone(s, worker, item);
      } else {
        s.pushBack(item, losses == 1 ? Place.SUSPECTS : Place.CULPRITS);
      }
    }
    for (Place place : List.of(Place.HIGH, Place.RAW)) {
      for (int item : s.list(place)) {
        giveOne(s, worker, item, want, lot);
      }
    }
    Effects.token(s, lot);
    return lot;
  }

  static boolean holdsCulprit(State s, int worker) {
    for (int i = 0; i < s.items(); i++) {
      if (s.holds(worker, i) && s.get(ItemCell.LOSSES, i) >= 2) {
        return true;
      }
    }
    return false;
  }

  private static void giveOne(State s, int worker, int item, int want, List<Integer> lot) {
    if (lot.size() < want) {
      Effects.give(s, worker, item);
      lot.add(item);
    }
  }

  private static List<Integer> alone(State s, int worker, int item) {
    Effects.give(s, worker, item);
    Effects.token(s, List.of(item));
    return List.of(item);
  }
}
