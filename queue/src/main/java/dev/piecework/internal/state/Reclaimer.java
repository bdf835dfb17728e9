package dev.piecework.internal.state;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Keys.Scope;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;

/** Gives back what lapsed sessions held. Any client does it; there is no central one. */
public final class Reclaimer {

  private final QueueClient client;

  public Reclaimer(QueueClient client) {
    this.client = client;
  }

  /**
   * Reaps the sessions that have lapsed, and declares vanished producers.
   *
   * @return how many sessions were reaped
   */
  public int reapLapsed() {
    return reap().sessions();
  }

  /**
   * What a look has found.
   *
   * @param sessions how many were reaped
   * @param nextMillis for so long no other lapses
   */
  public record Reaped(int sessions, long nextMillis) {}

  /** The same. */
  public Reaped reap() {
    Reply lapsed = client.once(Script.LAPSED, client.scope(), client.now());
    for (String source : lapsed.texts("vanished")) {
      client.sayOnce(
          "producer '"
              + source
              + "' has vanished: the run is incomplete until it is filled again"
              + " or closed");
    }
    int reaped = 0;
    for (String session : lapsed.texts("sessions")) {
      if (reap(session, false)) {
        reaped++;
      }
    }
    return new Reaped(reaped, lapsed.number("nextlapse"));
  }

  /**
   * Reaps one session.
   *
   * @param force without looking at its deadline: its process is known to be gone
   * @return whether it is reaped now
   */
  public boolean reap(String session, boolean force) {
    Scope scope = client.scope(session, "");
    while (true) {
      Reply reply =
          client.once(Script.RECLAIM, scope, client.now(), session, force ? "1" : "0", session);
      if (reply.is("OTHER_RUN")) {
        scope = scope.of(reply.text("run"));
        continue;
      }
      if (!reply.is("OK")) {
        return false;
      }
      if (reply.number("left") == 0) {
        return true;
      }
    }
  }
}
