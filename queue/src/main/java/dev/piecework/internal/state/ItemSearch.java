package dev.piecework.internal.state;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Values;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.Protocol.Command;

/**
 * Looks for one item by its id, with many calls: it may go on meanwhile. So it is looked for in the
 * order in which items go, and once more with who holds it after it may have left its list. One
 * that changes hands just then, twice, is missed.
 */
public final class ItemSearch {

  private static final int PAGE = ItemsReader.PAGE;

  private final QueueClient client;
  private final ItemsReader items;

  public ItemSearch(QueueClient client) {
    this.client = client;
    this.items = new ItemsReader(client);
  }

  public Optional<ItemView> find(String id) {
    return id.isEmpty() // in a session's record that field is no item
        ? Optional.empty()
        : keptOrHeld(id)
            .or(() -> envelopeOf(id).map(ItemsReader::waitingIn))
            .or(() -> keptOrHeld(id))
            .or(() -> items.done().filter(item -> id.equals(item.id())).findFirst());
  }

  /**
   * Where it is after its first lease. A session gives back what it holds to where we have looked.
   */
  private Optional<ItemView> keptOrHeld(String id) {
    return kept(id).or(() -> held(id)).or(() -> kept(id));
  }

  private Optional<ItemView> kept(String id) {
    byte[] field = QueueClient.utf8(id);
    if (items.call(Command.HGET, "payloads", field) instanceof byte[] payload) {
      ItemState state =
          items.call(Command.ZSCORE, "dead", field) != null
              ? ItemState.DEAD
              : items.call(Command.ZSCORE, "delayed", field) != null
                  ? ItemState.DELAYED
                  : ItemState.WAITING;
      return Optional.of(items.view(id, state, payload, items.ageIn(state, field)));
    }
    return Optional.empty();
  }

  private Optional<ItemView> held(String id) {
    byte[] field = QueueClient.utf8(id);
    for (String session : items.sessions()) {
      byte[] record = client.keys().record(session);
      if (items.insist(Command.HGET, record, field) instanceof byte[] payload) {
        return Optional.of(items.held(id, payload, session));
      }
    }
    return Optional.empty();
  }

  /**
   * The envelope in which an item with this id waits. Each list is read from where its end was:
   * what is taken from its beginning moves the others to pages that are still to be read, and what
   * comes behind it moves nothing.
   */
  public Optional<byte[]> envelopeOf(String id) {
    for (String key : List.of("high", "numbered", "low")) {
      long length = items.call(Command.LLEN, key) instanceof Long many ? many : 0;
      for (long end = length; end > 0; end -= PAGE) {
        byte[] from = ItemsReader.number(Math.max(0, end - PAGE));
        Values page = Values.of(items.call(Command.LRANGE, key, from, ItemsReader.number(end - 1)));
        for (int i = 0; i < page.size(); i++) {
          if (id.equals(ItemsReader.idIn(page.bytes(i)))) {
            return Optional.of(page.bytes(i));
          }
        }
      }
    }
    return Optional.empty();
  }
}
