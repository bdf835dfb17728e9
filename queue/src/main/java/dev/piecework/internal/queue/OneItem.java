package dev.piecework.internal.queue;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.state.ItemSearch;
import dev.piecework.internal.state.ItemsReader;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One item that a person means, wherever it is. It may go from place to place while it is looked
 * for; so it is looked for again as long as it is somewhere. Each call has a name of its own: made
 * again, since its reply was lost, it is answered as it was at first and does nothing to the next
 * item.
 */
final class OneItem {

  /** As often as an item may escape; each takes a transition between two of our calls. */
  private static final int LOOKS = 10;

  private final QueueClient client;
  private final ItemsReader items;
  private final ItemSearch search;

  OneItem(QueueClient client) {
    this.client = client;
    this.items = new ItemsReader(client);
    this.search = new ItemSearch(client);
  }

  /** Out of the queue; the state that it was in. */
  Optional<ItemState> drop(String id) {
    return whereverItIs(id, this::dropOnce, state -> state != ItemState.DONE);
  }

  boolean dropWaiting(byte[] payload) {
    return dropWaiting("", "", payload).is("OK");
  }

  private Reply dropWaiting(String id, Object envelope, Object payload) {
    return client.insist(Script.DROP_WAITING, client.scope(), id, envelope, payload, newCall());
  }

  private static String newCall() {
    return QueueClient.newId(8);
  }

  /** To be leased now. */
  Optional<ItemState> requeue(String id) {
    return whereverItIs(
        id, this::requeueOnce, state -> state == ItemState.DEAD || state == ItemState.DELAYED);
  }

  private interface Attempt {
    Optional<ItemState> move(String id);
  }

  private Optional<ItemState> whereverItIs(String id, Attempt attempt, Predicate<ItemState> may) {
    if (id.isEmpty()) {
      return Optional.empty(); // in a session's record that field is no item
    }
    for (int look = 0; look < LOOKS; look++) {
      Optional<ItemState> was = attempt.move(id);
      if (was.isPresent() || search.find(id).map(ItemView::state).filter(may).isEmpty()) {
        return was;
      }
    }
    return Optional.empty();
  }

  private Optional<ItemState> dropOnce(String id) {
    if (client.insist(Script.DROP, client.scope(), newCall(), id).number("dropped") == 1) {
      return Optional.of(ItemState.DEAD);
    }
    Reply waiting = dropWaiting(id, "", "");
    if (waiting.is("OK")) {
      return Optional.of(ItemState.of(waiting.text("from")));
    }
    for (String session : items.sessions()) {
      Reply leased =
          client.insist(Script.DROP_LEASED, client.scope(session, ""), session, id, newCall());
      if (leased.is("OK")) {
        return Optional.of(ItemState.LEASED);
      }
    }
    return search
        .envelopeOf(id)
        .filter(envelope -> dropWaiting("", envelope, "").is("OK"))
        .map(envelope -> ItemState.WAITING);
  }

  private Optional<ItemState> requeueOnce(String id) {
    if (client.insist(Script.REQUEUE, client.scope(), newCall(), id).number("moved") == 1) {
      return Optional.of(ItemState.DEAD);
    }
    return client.insist(Script.REQUEUE_DELAYED, client.scope(), id, newCall()).is("OK")
        ? Optional.of(ItemState.DELAYED)
        : Optional.empty();
  }
}
