package dev.piecework.internal.queue;

import static dev.piecework.QueueState.Paused.STOPPED_EARLY;

import dev.piecework.StopEarly;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what has failed in a queue, in all its partitions together, against its setting {@code
 * stop-early}, and pauses it where that is over. Asked for after failed attempts only.
 */
public final class StopEarlyWatch {

  private final String queue;
  private final List<QueueClient> parts;

  /**
   * @param parts of each partition; one of a queue without
   */
  public StopEarlyWatch(String queue, List<QueueClient> parts) {
    this.queue = queue;
    this.parts = List.copyOf(parts);
  }

  /** Why the queue is stopped early, by this call or before it; empty when it is not. */
  public Optional<String> check(StopEarly rule) {
    List<Reply> replies = new ArrayList<>();
    for (QueueClient part : parts) {
      Reply reply = part.insist(Script.READ_FAILURES, part.scope());
      String paused = reply.text("paused");
      if (paused.startsWith(STOPPED_EARLY)) {
        boolean unused = pause(paused, replies); // who paused this part may have died then
        return Optional.of(paused);
      }
      if (!paused.isEmpty()) {
        return Optional.empty(); // a person has, and decides how it goes on
      }
      replies.add(reply);
    }
    Optional<String> why =
        FailureEvidence.sum(replies.stream().map(StopEarlyWatch::evidence).toList()).against(rule);
    return why.map(
            cause -> STOPPED_EARLY + cause + "; look with: piecework items " + queue + " --group")
        .filter(reason -> pause(reason, replies));
  }

  // Not where it was resumed meanwhile: what was read says nothing of what is now. Answers whether
  // any part was paused.
  private boolean pause(String reason, List<Reply> replies) {
    boolean paused = false;
    for (int i = 0; i < parts.size(); i++) {
      String resumes = i < replies.size() ? replies.get(i).text("resumes") : "";
      paused |=
          !parts.get(i).insist(Script.PAUSE, parts.get(i).scope(), reason, resumes).is("LATE");
    }
    return paused;
  }

  private static FailureEvidence evidence(Reply reply) {
    String[] lines = reply.text("failures").split("\n", -1);
    String[] head = lines[0].split(" ", -1);
    boolean now = head.length == 2 && head[0].equals(reply.text("resumes"));
    Map<String, Long> causes = new HashMap<>();
    int items = 0;
    for (int i = 1; now && i < lines.length; i++) {
      if (lines[i].startsWith("i")) {
        items++;
      } else {
        int space = lines[i].indexOf(' ');
        causes.put(lines[i].substring(space + 1), Long.parseLong(lines[i].substring(1, space)));
      }
    }
    return new FailureEvidence(
        new FailureEvidence.Bag(
            reply.number("total"),
            reply.number("left"),
            reply.number("dead"),
            reply.number("open") > 0),
        reply.number("done"),
        now ? Long.parseLong(head[1]) : 0,
        items,
        causes);
  }
}
