package dev.piecework.internal.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.QueueAdmin;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.Protocol.Command;

/** What follows the end of a run, of a queue in one hash slot or in several. */
public final class DrainedFollowUp implements QueueAdmin.FollowUp {

  private static final String NONE = "";

  private final QueueClient client;
  private final List<QueueClient> parts;
  private final String failedBefore;

  /**
   * @param client of the queue's own name
   * @param parts of each partition; the same one of a queue without
   */
  public DrainedFollowUp(QueueClient client, List<QueueClient> parts) {
    this.client = client;
    this.parts = List.copyOf(parts);
    Values known = read(client, "followup", "how", "token");
    this.failedBefore = text(known, 0).equals("failed") ? text(known, 1) : NONE;
  }

  @Override
  public Turn take(String who, Duration lease) {
    String ended = ended();
    if (ended.isEmpty()) {
      return new NotEnded();
    }
    Reply reply =
        client.insist(
            Script.TAKE_FOLLOW_UP,
            client.scope(),
            client.now(),
            ended,
            QueueClient.newId(8),
            who,
            lease.toMillis(),
            failedBefore);
    return switch (reply.word()) {
      case "OK" -> new Taken(reply.number("fence"), (int) reply.number("tries"));
      case "HELD" -> new Held(reply.text("who"), Duration.ofMillis(reply.number("left")));
      case "DONE" -> new Done();
      case "FAILED" -> new Failed((int) reply.number("code"));
      case "NOT_ENDED" -> new NotEnded();
      default -> throw new IllegalStateException("take_follow_up answered " + reply.word());
    };
  }

  @Override
  public boolean renew(long token, Duration lease) {
    return !client
        .once(Script.RENEW_FOLLOW_UP, client.scope(), client.now(), token, lease.toMillis())
        .is("LEASE_LOST");
  }

  @Override
  public boolean done(long token) {
    return end(token, "done", 0);
  }

  @Override
  public boolean failed(long token, int code) {
    return end(token, "failed", code);
  }

  @Override
  public boolean release(long token) {
    return end(token, "free", 0);
  }

  private boolean end(long token, String how, int code) {
    return !client.insist(Script.END_FOLLOW_UP, client.scope(), token, how, code).is("LEASE_LOST");
  }

  // Which end it is; empty where there is none. One client works for one run.
  private String ended() {
    List<String> ends =
        parts.stream()
            .map(part -> {
              Values s = read(part, "state", "run", "ended", "done");
              boolean over =
                  !text(s, 1).isEmpty() && (part.run().isEmpty() || part.run().equals(text(s, 0)));
              return over ? text(s, 0) + " " + (text(s, 2).isEmpty() ? "0" : text(s, 2)) : NONE;
            })
            .toList();
    return ends.contains(NONE) ? NONE : ends.stream().collect(Collectors.joining(","));
  }

  private static Values read(QueueClient client, String key, String... fields) {
    byte[][] raw = Stream.of(fields).map(field -> field.getBytes(UTF_8)).toArray(byte[][]::new);
    return Values.of(
        client.retry().call(() -> client.link().call(Command.HMGET, client.keys().key(key), raw)));
  }

  private static String text(Values values, int place) {
    return values.parts().get(place) == null ? NONE : values.text(place);
  }
}
