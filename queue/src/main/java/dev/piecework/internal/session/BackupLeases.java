package dev.piecework.internal.session;

import dev.piecework.Lease;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.state.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a session leases a copy of what another holds. One call at a time, as with its steps. A call
 * that fails brings nothing; should it have been done after all, the next step finds the lease in
 * the session's record, with the token that both have.
 */
final class BackupLeases {

  /** Of what is worth it the first that can be had: the rest is looked at again a second later. */
  private static final int TRIES = 3;

  private final QueueClient client;
  private final SessionLife life;
  private final BackupSearch search;

  BackupLeases(QueueClient client, SessionLife life) {
    this.client = client;
    this.life = life;
    this.search = new BackupSearch(client);
  }

  Optional<Lease> lease() {
    if (!mayLease()) {
      return Optional.empty();
    }
    List<LeaseElsewhere> worth = search.worthCopying(life.id(), life.worker());
    if (worth.isEmpty()) {
      return Optional.empty();
    }
    int most = search.most();
    for (LeaseElsewhere item : worth.subList(0, Math.min(worth.size(), TRIES))) {
      Optional<Lease> copy = lease(item, most);
      if (copy.isPresent()) {
        return copy;
      }
    }
    return Optional.empty();
  }

  Optional<Lease> lease(LeaseElsewhere item, int most) {
    if (!mayLease()) {
      return Optional.empty();
    }
    List<byte[]> keys = new ArrayList<>(client.keys().of(Script.BACK_UP, life.scope()));
    keys.add(client.keys().record(item.session()));
    Reply reply;
    try {
      reply =
          client.eval(
              Script.BACK_UP,
              keys,
              QueueClient.bytes(
                  client.now(),
                  life.id(),
                  client.run(),
                  life.held().count(),
                  item.session(),
                  item.id(),
                  item.token(),
                  most));
    } catch (RedisFailure failure) {
      if (failure.kind() == RedisFailure.Kind.AWAY) {
        life.held().doubt(List.of());
      }
      return Optional.empty();
    }
    return switch (reply.word()) {
      case "OK" -> {
        String tried = reply.text("tried");
        HeldLease copy =
            new HeldLease(
                life.given(item.token()),
                item.id(),
                reply.bytes("payload"),
                tried.isEmpty() ? Tries.NONE : Tries.parse(tried));
        life.held().hold(List.of(copy));
        yield Optional.of(copy);
      }
      case "SESSION_LOST" -> {
        life.lost(life.id());
        yield Optional.empty();
      }
      case "ASTRAY" -> {
        life.held().doubt(List.of());
        yield Optional.empty();
      }
      case "NOTHING" -> Optional.empty();
      default -> throw new IllegalStateException("back_up answered " + reply.word());
    };
  }

  // An item that has killed workers is to be alone.
  private boolean mayLease() {
    HeldLeases held = life.held();
    return !held.isOver() && !held.inDoubt() && !held.holdsLostTwice() && !client.run().isEmpty();
  }
}
