package dev.piecework.internal.client;

import dev.piecework.internal.redis.Reply;
import java.util.function.Consumer;

/** The highest token of one queue that this process has seen: a lower one means a rollback. */
final class TokensSeen {

  private final Consumer<String> notices;
  private long highest;

  TokensSeen(Consumer<String> notices) {
    this.notices = notices;
  }

  /** To be asked before the call whose token is compared with it. */
  synchronized long highest() {
    return highest;
  }

  /**
   * Compares the server's last token with the highest that had been seen when the call began.
   * Replies to calls of several threads overtake each other.
   */
  synchronized boolean saw(long token, long before) {
    if (token >= before) {
      highest = Math.max(highest, token);
      return true;
    }
    if (highest >= before) { // nobody has said it yet
      highest = token;
      notices.accept(
          "Redis has gone back in time (a failover, or a restart without its last second):"
              + " items ended just before may be done again");
    }
    return false;
  }

  /** This process itself has removed everything: that no token is left is no rollback. */
  synchronized void forget() {
    highest = 0;
  }

  /**
   * Most scripts tell the last token that Redis knows: before the call, or now if it gives none.
   */
  void sawIn(Reply reply, long before) {
    long last = before;
    if (reply.has("prevtoken")) {
      last = reply.number("prevtoken");
      saw(last, before);
    }
    if (reply.has("token")) {
      saw(reply.number("token"), last);
    }
  }
}
