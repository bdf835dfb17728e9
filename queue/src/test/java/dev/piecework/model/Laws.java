package dev.piecework.model;

import dev.piecework.model.Row.Call;
import dev.piecework.model.Row.Move;
import dev.piecework.model.State.ItemCell;
import dev.piecework.model.State.Producer;
import dev.piecework.model.State.QueueCell;
import dev.piecework.model.State.Quiet;
import dev.piecework.model.State.Session;
import dev.piecework.model.State.WorkerCell;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of every step, whatever the table says: the invariants, looked at from the outside
 * of the rows. Each answers null, or what is wrong.
 */
enum Laws {
  CONSERVATION("each item is in exactly one place, and the count of the done is theirs") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      for (int i = 0; i < after.items(); i++) {
        int held = Integer.bitCount(after.get(ItemCell.HELD, i));
        boolean inNoList = after.place(i) == Place.NONE;
        if (inNoList && held == 0) {
          return item(i) + " is in no place";
        } else if (held > most(after) || (held > 0 && !inNoList)) {
          return item(i) + " is in two places";
        }
      }
      return after.get(QueueCell.DONE) == after.count(Place.DONE)
          ? null
          : "the count of the done is wrong";
    }

    private int most(State state) {
      return state.scenario().may().contains(Scenario.Feature.COPIES) ? 2 : 1;
    }
  },
  COPIES(
      "of two holders the first to complete wins; any other end of one of them counts nothing and"
          + " leaves the item with the other") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      for (int i = 0; i < after.items(); i++) {
        ItemState now = after.itemState(i);
        if (!before.isCopied(i) || now == ItemState.NOTHING) {
          continue;
        }
        if (now != ItemState.LEASED && now != ItemState.DONE) {
          return item(i) + " is " + now.word() + " while its other holder runs";
        }
        boolean counted =
            now == ItemState.LEASED
                && (after.get(ItemCell.LOSSES, i) > before.get(ItemCell.LOSSES, i)
                    || after.get(ItemCell.FAILED, i) > before.get(ItemCell.FAILED, i));
        if (counted) {
          return item(i) + " goes on with its other holder, and something was counted";
        }
      }
      return null;
    }
  },
  FENCING("a lease is ended by who holds it, or by who reaps a session that has expired") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      for (int i = 0; i < after.items(); i++) {
        boolean ended = after.get(ItemCell.COMMITS, i) > before.get(ItemCell.COMMITS, i);
        boolean failed = after.get(ItemCell.FAILED, i) > before.get(ItemCell.FAILED, i);
        if ((ended || failed) && !before.holds(call.worker(), i)) {
          return "w" + (call.worker() + 1) + " ended " + item(i) + " without holding it";
        }
      }
      for (int w = 0; w < after.workers(); w++) {
        if (!after.enlisted(w) && after.heldBy(w) > 0) {
          return "w" + (w + 1) + " holds something without a session";
        }
      }
      return null;
    }
  },
  ONE_COMMIT("done means committed once, and nothing else is committed") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      for (int i = 0; i < after.items(); i++) {
        int commits = after.get(ItemCell.COMMITS, i);
        if (commits != (after.itemState(i) == ItemState.DONE ? 1 : 0)) {
          return item(i)
              + " is "
              + after.itemState(i).word()
              + " and was committed "
              + commits
              + "x";
        }
      }
      return null;
    }
  },
  TOKENS("tokens grow") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      return after.is(QueueCell.TOKEN_REPEATED) ? "a token was given twice for one item" : null;
    }
  },
  LEASE_TIMEOUT(
      "who was heard within a lease timeout is not reaped, and no time counts in which nobody could be") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      for (int w = 0; w < after.workers(); w++) {
        boolean reaped =
            before.enlisted(w) && !after.enlisted(w) && after.session(w) != Session.EXITED;
        boolean byOthers = reaped && reapers(call) && before.get(WorkerCell.CRASHED, w) == 0;
        if (byOthers && before.session(w) == Session.FRESH) {
          return "w" + (w + 1) + " was reaped although it had been heard";
        } else if (byOthers && before.quiet() == Quiet.GRACED) {
          return "w" + (w + 1) + " was reaped in the grace";
        }
      }
      return null;
    }

    private boolean reapers(Call call) {
      return call.row().name().startsWith("session lost")
          || call.row().name().equals("process gone");
    }
  },
  OVER_FOR_GOOD("a reaped session never comes back") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      for (int w = 0; w < after.workers(); w++) {
        if (before.session(w) == Session.REAPED && after.enlisted(w)) {
          return "w" + (w + 1) + " came back under its old id";
        }
      }
      return null;
    }
  },
  BUDGETS("losses and attempts are counted once each, and only what used one up is dead") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      Scenario.Budgets budgets = after.scenario().budgets();
      boolean failure = call.row().name().startsWith("retry") || call.row().name().equals("bury");
      for (int i = 0; i < after.items(); i++) {
        boolean held = before.itemState(i) == ItemState.LEASED;
        boolean lost = held && !before.enlistedStill(after, i);
        ItemState itemState = after.itemState(i);
        int losses = after.get(ItemCell.LOSSES, i) - before.get(ItemCell.LOSSES, i);
        int failed = after.get(ItemCell.FAILED, i) - before.get(ItemCell.FAILED, i);
        if (lost && losses != 1 && itemState != ItemState.NOTHING && itemState != ItemState.DONE) {
          return item(i) + " was lost with its session and has " + losses + " more losses";
        } else if (failure && i == call.item() && failed != 1) {
          return item(i) + " failed and has " + failed + " more failed attempts";
        } else if (itemState == ItemState.DEAD
            && after.get(ItemCell.BURIED, i) == 0
            && after.get(ItemCell.FAILED, i) < budgets.attempts()
            && after.get(ItemCell.LOSSES, i) < budgets.losses()) {
          return item(i) + " is dead with both budgets left";
        }
      }
      return null;
    }
  },
  BURIED_ALONE(
      "only the item at fault dies: no item that was held beside another is buried for a loss") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      for (int i = 0; i < after.items(); i++) {
        boolean diedOfLoss =
            before.itemState(i) == ItemState.LEASED
                && after.itemState(i) == ItemState.DEAD
                && after.get(ItemCell.LOSSES, i) > before.get(ItemCell.LOSSES, i);
        if (diedOfLoss && before.heldBy(before.holderOf(i)) > 1) {
          return item(i) + " was buried beside others";
        }
        boolean leased =
            before.itemState(i) != ItemState.LEASED && after.itemState(i) == ItemState.LEASED;
        if (leased && after.get(ItemCell.LOSSES, i) >= 2 && after.heldBy(call.worker()) > 1) {
          return item(i) + " was lost twice and is leased beside another";
        }
        if (leased && after.get(ItemCell.LOSSES, i) == 1 && leased(before, after).size() > 1) {
          return item(i) + " was lost once and came with others";
        }
      }
      return null;
    }
  },
  ORDER("returned, due, high, normal; first in, first out within each") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      for (int given : leased(before, after)) {
        for (int i = 0; i < after.items(); i++) {
          boolean stillWaits =
              before.itemState(i) == ItemState.WAITING && after.itemState(i) == ItemState.WAITING;
          if (stillWaits && rank(before, i) < rank(before, given) && mayComeNow(before, i)) {
            return item(given) + " overtook " + item(i);
          }
        }
      }
      return null;
    }

    // Who has to be alone may have to wait until the session holds nothing.
    private boolean mayComeNow(State before, int item) {
      int losses = before.get(ItemCell.LOSSES, item);
      return losses == 0 || (losses == 1 && before.place(item) != Place.DUE);
    }

    private int rank(State state, int item) {
      int list =
          switch (state.place(item)) {
            case LOST_TWICE -> 0;
            case LOST_ONCE -> 1;
            case RETURNED -> 2;
            case DUE -> 3;
            case HIGH -> 4;
            default -> 5;
          };
      return state.place(item) == Place.RAW
          ? 100 * list + item + pushedLater(state, item)
          : 100 * list + state.get(ItemCell.POSITION, item);
    }

    // Items are numbered in the order of the input, those of another source beside them.
    private int pushedLater(State state, int item) {
      return mixed(state) ? state.get(ItemCell.POSITION, item) - item : 0;
    }

    private boolean mixed(State state) {
      return state.scenario().items().stream().distinct().count() > 1;
    }
  },
  DRAINED("the run ends, and a worker exits, when all is final and nobody is adding") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      boolean ends = !before.is(QueueCell.ENDED) && after.is(QueueCell.ENDED);
      for (int w = 0; w < after.workers(); w++) {
        int run = before.get(WorkerCell.RUN, w);
        boolean current = run == 0 || run == before.get(QueueCell.RUN);
        boolean late = before.is(QueueCell.ENDED);
        ends |=
            after.session(w) == Session.EXITED
                && before.session(w) != Session.EXITED
                && current
                && !late;
      }
      if (!ends) {
        return null;
      }
      for (int i = 0; i < after.items(); i++) {
        ItemState itemState = after.itemState(i);
        if (itemState != ItemState.DONE
            && itemState != ItemState.DEAD
            && itemState != ItemState.NOTHING) {
          return "drained was said while " + item(i) + " was " + itemState.word();
        }
      }
      return before.producerIsOpen() || before.producer() == Producer.VANISHED
          ? "drained was said while a source was not closed"
          : null;
    }
  },
  ARROWS("an item moves only along the arrows of the row") {
    @Override
    @Nullable String broken(State before, Call call, State after) {
      for (int i = 0; i < after.items(); i++) {
        ItemState from = before.itemState(i);
        ItemState to = after.itemState(i);
        if (from != to && !call.row().said().moves().contains(new Move(from, to))) {
          return item(i) + " went from " + from.word() + " to " + to.word();
        }
      }
      return null;
    }
  };

  private final String says;

  Laws(String says) {
    this.says = says;
  }

  String says() {
    return says;
  }

  abstract @Nullable String broken(State before, Call call, State after);

  static String item(int i) {
    return "i" + (i + 1);
  }

  /** What became leased in this step. */
  static List<Integer> leased(State before, State after) {
    List<Integer> leased = new ArrayList<>();
    for (int i = 0; i < after.items(); i++) {
      if (before.itemState(i) != ItemState.LEASED && after.itemState(i) == ItemState.LEASED) {
        leased.add(i);
      }
    }
    return leased;
  }
}
