package dev.piecework.internal.queue;

import dev.piecework.DeadItems;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.state.AttemptEvidence;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Protocol.Command;

/**
 * Requeues or drops dead items, some at a time: those that were dead when this was made. An item
 * that dies again meanwhile, perhaps since it was requeued, is not moved again, or against fast
 * workers there would be no end.
 */
public final class DeadItemsMover {

  private static final int IN_ONE_CALL = 500;

  /** An item has up to 64 KiB of evidence. */
  private static final int LOOKED_AT_IN_ONE_CALL = 100;

  private final QueueClient client;
  private final Script script;
  private final DeadItems which;
  private final List<String> dead;

  DeadItemsMover(QueueClient client, Script script, DeadItems which) {
    this.client = client;
    this.script = script;
    this.which = which;
    this.dead = which instanceof DeadItems.WithId one ? List.of(one.id()) : allDead();
  }

  // In one read: by pages it would miss some whenever others are moved meanwhile.
  private List<String> allDead() {
    byte[] key = client.keys().key("dead");
    return client.retry().call(() -> client.link().range(key, 0, -1)).texts();
  }

  /** Moves them, and says how many. */
  public long move() {
    long moved = 0;
    String counted = script == Script.DROP ? "dropped" : "moved";
    int step = which instanceof DeadItems.WithError ? LOOKED_AT_IN_ONE_CALL : IN_ONE_CALL;
    for (int from = 0; from < dead.size(); from += step) {
      List<String> these =
          new ArrayList<>(chosen(dead.subList(from, Math.min(from + step, dead.size()))));
      if (!these.isEmpty()) {
        // By its name a call that is made again, since its reply was lost, answers the same.
        these.addFirst(QueueClient.newId(8));
        moved += client.insist(script, client.scope(), these.toArray()).number(counted);
      }
    }
    return moved;
  }

  private List<String> chosen(List<String> ids) {
    if (!(which instanceof DeadItems.WithError some)) {
      return ids;
    }
    byte[] key = client.keys().key("evidence");
    byte[][] fields = ids.stream().map(QueueClient::utf8).toArray(byte[][]::new);
    Values evidence =
        Values.of(client.retry().call(() -> client.link().call(Command.HMGET, key, fields)));
    List<String> these = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      String error = AttemptEvidence.of(evidence.parts().get(i)).error();
      if (error != null && error.contains(some.text())) {
        these.add(ids.get(i));
      }
    }
    return these;
  }
}
