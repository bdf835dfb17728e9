package dev.piecework.internal.queue;

import dev.piecework.DeadItems;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Script;
import java.util.ArrayList;
import java.util.List;

/**
 * Requeues or drops dead items, some at a time: those that were dead when this was made. An item
 * that dies again meanwhile, perhaps since it was requeued, is not moved again, or against fast
 * workers there would be no end.
 */
public final class DeadItemsMover {

  private final QueueClient client;
  private final Script script;
  private final DeadItemsChoice choice;

  DeadItemsMover(QueueClient client, Script script, DeadItems which) {
    this.client = client;
    this.script = script;
    this.choice = new DeadItemsChoice(client, which);
  }

  /** Moves them, and says how many. */
  public long move() {
    return choice.chosen().filter(ids -> !ids.isEmpty()).mapToLong(this::moved).sum();
  }

  private long moved(List<String> ids) {
    List<String> these = new ArrayList<>(ids);
    // By its name a call that is made again, since its reply was lost, answers the same.
    these.addFirst(QueueClient.newId(8));
    String counted = script == Script.DROP ? "dropped" : "moved";
    return client.insist(script, client.scope(), these.toArray()).number(counted);
  }
}
