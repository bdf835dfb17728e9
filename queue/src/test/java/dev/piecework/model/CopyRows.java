package dev.piecework.model;

import static dev.piecework.model.Table.row;

import dev.piecework.model.Row.Domain;
import dev.piecework.model.Scenario.Feature;
import dev.piecework.model.State.ItemCell;
import dev.piecework.model.State.WorkerCell;
import java.util.List;

/** Backup attempts: an item that two sessions hold. */
final class CopyRows {

  private CopyRows() {}

  static void addTo(List<Row> rows) {
    rows.add(
        row("back up", Domain.WORKER_AND_ITEM)
            .by("an idle session, of an item that another one holds and nobody has lost")
            .does("a second holder under the same token; the item is leased once")
            .with(Feature.COPIES)
            .when((s, c) -> mayBackUp(s, c.worker(), c.item()))
            .then((s, c) -> {
              s.put(ItemCell.HELD, c.item(), s.get(ItemCell.HELD, c.item()) | (1 << c.worker()));
              s.put(
                  WorkerCell.BELIEVES,
                  c.worker(),
                  s.get(WorkerCell.BELIEVES, c.worker()) | (1 << c.item()));
            }));
    rows.add(
        row("end beside another holder", Domain.WORKER_AND_ITEM)
            .by("one of two holders: it fails, buries or releases")
            .does("its lease is over; nothing is counted, and the item goes on with the other")
            .with(Feature.COPIES)
            .when((s, c) -> ItemRows.mayEnd(s, c) && s.isCopied(c.item()))
            .then((s, c) -> Effects.end(s, c.worker(), c.item())));
    rows.add(
        row("settlement of what another has completed", Domain.WORKER_AND_ITEM)
            .by("the other of two holders")
            .does("refused, and told so: nothing changes")
            .with(Feature.COPIES)
            .helps()
            .when((s, c) ->
                s.running(c.worker())
                    && s.enlisted(c.worker())
                    && s.believes(c.worker(), c.item())
                    && s.place(c.item()) == Place.DONE)
            .then((s, c) -> Effects.disbelieve(s, c.worker(), c.item())));
  }

  private static boolean mayBackUp(State s, int worker, int item) {
    return ItemRows.mayLease(s, worker)
        && s.count(ItemState.WAITING) + s.count(ItemState.DELAYED) == 0
        && s.itemState(item) == ItemState.LEASED
        && !s.isCopied(item)
        && !s.holds(worker, item)
        && s.get(ItemCell.LOSSES, item) == 0
        && !LeaseOrder.holdsLostTwice(s, worker);
  }
}
