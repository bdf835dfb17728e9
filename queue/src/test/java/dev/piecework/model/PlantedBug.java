package dev.piecework.model;

import static dev.piecework.model.Table.row;

import dev.piecework.model.Row.Domain;
import dev.piecework.model.State.ItemCell;
import dev.piecework.model.State.Producer;
import dev.piecework.model.State.QueueCell;
import dev.piecework.model.State.Session;
import dev.piecework.model.State.WorkerCell;
import java.util.List;
import java.util.function.UnaryOperator;

/** Mistakes that queues make, each a change of the table, with the law that has to notice it. */
enum PlantedBug {
  LATE_COMPLETION_ACCEPTED(
      "crashes",
      "FENCING",
      t ->
          change(
              t,
              "late settlement",
              (s, c) -> {
                Effects.end(s, c.worker(), c.item());
                Effects.commit(s, c.item());
                s.take(c.item());
                s.move(c.item(), Place.DONE);
                Effects.forget(s, c.item());
              })),
  COMPLETION_ERASES_EQUAL_ITEMS(
      "crashes",
      "CONSERVATION",
      t ->
          change(
              t,
              "complete",
              (s, c) -> {
                Effects.complete(s, c.worker(), c.item());
                List.copyOf(s.list(Place.RAW)).forEach(s::take);
              })),
  COMPLETION_KEEPS_THE_LEASE(
      "crashes",
      "CONSERVATION",
      t ->
          change(
              t,
              "complete",
              (s, c) -> {
                int held = s.get(ItemCell.HELD, c.item());
                Effects.complete(s, c.worker(), c.item());
                s.put(ItemCell.HELD, c.item(), held);
              })),
  LEASE_IN_TWO_STEPS(
      "crashes",
      "CONSERVATION",
      t ->
          t.replacing(
              "lease",
              row("pop", Domain.WORKER)
                  .move(ItemState.WAITING, ItemState.LOST)
                  .when((s, c) -> ItemRows.mayLease(s, c.worker()) && !s.list(Place.RAW).isEmpty())
                  .then((s, c) -> s.take(s.list(Place.RAW).getFirst())))),
  RECLAIM_FORGETS_THE_LOSS(
      "crashes",
      "BUDGETS",
      t -> change(t, "session lost", (s, c) -> Effects.reclaim(s, c.worker(), 0))),
  RECLAIM_DOES_NOT_LOOK_AGAIN(
      "crashes",
      "LEASE_TIMEOUT",
      t ->
          t.replacing(
              "session lost",
              t.row("session lost")
                  .when((s, c) -> Effects.named(s, c.worker()) && s.enlisted(c.worker())))),
  RECLAIM_BURIES_NEIGHBOURS(
      "one loss is too many",
      "BURIED_ALONE",
      t ->
          change(
              t,
              "session lost",
              (s, c) -> {
                List<Integer> held = new java.util.ArrayList<>();
                for (int i = 0; i < s.items(); i++) {
                  if (s.holds(c.worker(), i)) {
                    held.add(i);
                  }
                }
                Effects.reclaim(s, c.worker(), 1);
                for (int item : held) {
                  if (s.get(ItemCell.LOSSES, item) >= s.scenario().budgets().losses()) {
                    s.take(item);
                    s.move(item, Place.DEAD);
                  }
                }
              })),
  A_COPY_MAY_COMMIT_AFTER_THE_FIRST(
      "copies",
      "CONSERVATION",
      t ->
          change(
              t,
              "complete",
              (s, c) -> {
                int others = s.get(ItemCell.HELD, c.item()) & ~(1 << c.worker());
                Effects.complete(s, c.worker(), c.item());
                s.put(ItemCell.HELD, c.item(), others);
              })),
  A_COPY_IS_COUNTED_AS_A_LOSS(
      "copies",
      "COPIES",
      t ->
          change(
              t,
              "process gone",
              (s, c) -> {
                for (int i = 0; i < s.items(); i++) {
                  if (s.holds(c.worker(), i) && s.isCopied(i)) {
                    s.put(ItemCell.LOSSES, i, s.get(ItemCell.LOSSES, i) + 1);
                  }
                }
                Effects.reclaim(s, c.worker(), 1);
              })),
  AN_ITEM_RETURNS_WHILE_ITS_COPY_RUNS(
      "copies",
      "CONSERVATION",
      t ->
          change(
              t,
              "end beside another holder",
              (s, c) -> {
                Effects.end(s, c.worker(), c.item());
                Effects.putBack(s, c.item());
              })),
  HEARTBEAT_REVIVES(
      "crashes",
      "OVER_FOR_GOOD",
      t -> change(t, "late heartbeat", (s, c) -> s.session(c.worker(), Session.FRESH))),
  AN_OUTAGE_COUNTS(
      "outages",
      "LEASE_TIMEOUT",
      t ->
          change(
                  t,
                  "look for expired",
                  (s, c) -> {
                    Effects.observe(s);
                    SessionRows.name(s);
                  })
              .replacing(
                  "session lost",
                  t.row("session lost")
                      .when((s, c) ->
                          Effects.named(s, c.worker())
                              && s.session(c.worker()) == Session.OVERDUE))),
  TOKEN_STANDS_STILL(
      "failures",
      "TOKENS",
      t ->
          change(
              t,
              "lease",
              (s, c) -> {
                State before = s.copy();
                for (int item : LeaseOrder.take(s, c.worker(), c.item())) {
                  if (before.get(ItemCell.HAS_LAST_TOKEN, item) == 1) {
                    s.put(QueueCell.TOKEN_REPEATED, 1);
                  }
                }
              })),
  LOST_TWICE_IN_COMPANY(
      "crashes",
      "BURIED_ALONE",
      t ->
          change(
              t,
              "lease",
              (s, c) -> {
                for (Place place :
                    List.of(Place.LOST_TWICE, Place.LOST_ONCE, Place.RETURNED, Place.RAW)) {
                  for (int item : s.list(place)) {
                    if (s.heldBy(c.worker()) < c.item()) {
                      Effects.give(s, c.worker(), item);
                    }
                  }
                }
              })),
  LOST_TWICE_IS_FORGOTTEN(
      "crashes",
      "PROGRESS",
      t ->
          change(
              t,
              "lease",
              (s, c) -> {
                List<Integer> lostTwice = s.list(Place.LOST_TWICE);
                if (lostTwice.isEmpty() || s.heldBy(c.worker()) > 0) {
                  LeaseOrder.take(s, c.worker(), c.item());
                }
              })),
  LAST_IN_FIRST_OUT(
      "crashes", "ORDER", t -> change(t, "rpush", (s, c) -> s.pushFront(c.item(), Place.RAW))),
  RETRY_IS_NOT_COUNTED(
      "failures",
      "BUDGETS",
      t ->
          change(
              t,
              "retry",
              (s, c) -> {
                Effects.end(s, c.worker(), c.item());
                Effects.delay(s, c.item());
              })),
  DRAINED_FROM_TWO_READS(
      "crashes",
      "DRAINED",
      t ->
          t.replacing(
              "look",
              t.row("look")
                  .when((s, c) ->
                      RunRows.mayLook(s, c.worker()) && Word.state(s, c.worker()) != Word.DRAINED),
              row("is something leased?", Domain.WORKER)
                  .helps()
                  .when((s, c) ->
                      RunRows.mayLook(s, c.worker())
                          && s.get(QueueCell.RUN) == s.get(WorkerCell.RUN, c.worker())
                          && s.count(ItemState.LEASED) == 0)
                  .then((s, c) -> s.put(WorkerCell.NOTE, c.worker(), 1)),
              row("is something waiting?", Domain.WORKER)
                  .helps()
                  .when((s, c) ->
                      RunRows.mayLook(s, c.worker())
                          && s.get(WorkerCell.NOTE, c.worker()) == 1
                          && s.count(ItemState.WAITING) + s.count(ItemState.DELAYED) == 0
                          && s.producer() == Producer.NEVER)
                  .then((s, c) -> RunRows.look(s, c.worker(), Word.DRAINED)))),
  DELAYED_ITEMS_ARE_NOT_COUNTED(
      "failures",
      "DRAINED",
      t ->
          change(
              t,
              "look",
              (s, c) -> {
                Word word = Word.state(s, c.worker());
                boolean nothing = s.count(ItemState.LEASED) + s.count(ItemState.WAITING) == 0;
                boolean ours = s.get(QueueCell.RUN) != 0 && !s.producerIsOpen();
                RunRows.look(
                    s, c.worker(), nothing && ours && word == Word.WAIT ? Word.DRAINED : word);
              })),
  PRODUCERS_ARE_NOT_COUNTED(
      "a producer",
      "DRAINED",
      t ->
          change(
              t,
              "look",
              (s, c) -> {
                Word word = Word.state(s, c.worker());
                boolean nothing =
                    s.count(ItemState.LEASED)
                            + s.count(ItemState.WAITING)
                            + s.count(ItemState.DELAYED)
                        == 0;
                RunRows.look(s, c.worker(), nothing && word == Word.WAIT ? Word.DRAINED : word);
              })),
  A_VANISHED_PRODUCER_IS_FORGOTTEN(
      "a producer",
      "DRAINED",
      t ->
          change(
              t,
              "look",
              (s, c) -> {
                Word word = Word.state(s, c.worker());
                RunRows.look(s, c.worker(), word == Word.INCOMPLETE ? Word.DRAINED : word);
              }));

  private final String scenario;
  private final String law;

  @SuppressWarnings("ImmutableEnumChecker") // a function of its argument alone
  private final UnaryOperator<Table> change;

  PlantedBug(String scenario, String law, UnaryOperator<Table> change) {
    this.scenario = scenario;
    this.law = law;
    this.change = change;
  }

  /** In which it shows. */
  String scenario() {
    return scenario;
  }

  String law() {
    return law;
  }

  Table table() {
    return change.apply(Table.correct());
  }

  private static Table change(
      Table table, String row, java.util.function.BiConsumer<State, Row.Call> effect) {
    return table.replacing(row, table.row(row).doing(effect));
  }
}
