package dev.piecework.model;

import dev.piecework.model.Scenario.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/**
 * One row of the table: a transition, when it may happen, and what it does.
 *
 * @param helps whether it is part of the way on: finishing is possible with these alone
 */
public record Row(Said said, Domain domain, Feature feature, boolean helps, Rule rule) {

  /** Whom a row is about. */
  public enum Domain {
    QUEUE,
    WORKER,
    ITEM,
    WORKER_AND_ITEM,
    /** A worker and how many items it wants. */
    WORKER_AND_BATCH
  }

  /** From one state of an item to another. */
  public record Move(ItemState from, ItemState to) {}

  /** What the document says of it. */
  public record Said(String name, List<Move> moves, String who, String does) {}

  /** When, and what. */
  public record Rule(BiPredicate<State, Call> guard, BiConsumer<State, Call> effect) {}

  /** A row with whom it is about. */
  public record Call(Row row, int worker, int item) {
    @Override
    public String toString() {
      return switch (row.domain) {
        case QUEUE -> row.name();
        case WORKER -> row.name() + " (w" + (worker + 1) + ")";
        case ITEM -> row.name() + " (i" + (item + 1) + ")";
        case WORKER_AND_ITEM -> row.name() + " (w" + (worker + 1) + ", i" + (item + 1) + ")";
        case WORKER_AND_BATCH -> row.name() + " (w" + (worker + 1) + ", " + item + " at most)";
      };
    }
  }

  public String name() {
    return said.name;
  }

  Row doing(BiConsumer<State, Call> effect) {
    return new Row(said, domain, feature, helps, new Rule(rule.guard, effect));
  }

  Row when(BiPredicate<State, Call> guard) {
    return new Row(said, domain, feature, helps, new Rule(guard, rule.effect));
  }

  public State after(State state, Call call) {
    State next = state.copy();
    rule.effect.accept(next, call);
    return next;
  }

  /** All calls of this row that are possible in this state. */
  public List<Call> calls(State state) {
    List<Call> possible = new ArrayList<>();
    if (!state.scenario().may().contains(feature)) {
      return possible;
    }
    boolean each = domain != Domain.QUEUE && domain != Domain.ITEM;
    int from = domain == Domain.WORKER_AND_BATCH ? 1 : 0;
    int to =
        switch (domain) {
          case QUEUE, WORKER -> 1;
          case ITEM, WORKER_AND_ITEM -> state.items();
          case WORKER_AND_BATCH -> 3;
        };
    for (int w = 0; w < (each ? state.workers() : 1); w++) {
      for (int i = from; i < to; i++) {
        Call call = new Call(this, w, i);
        if (rule.guard.test(state, call)) {
          possible.add(call);
        }
      }
    }
    return possible;
  }
}
