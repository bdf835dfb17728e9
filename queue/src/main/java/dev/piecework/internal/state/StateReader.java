package dev.piecework.internal.state;

import dev.piecework.QueueState;
import dev.piecework.QueueState.WaitReason;
import dev.piecework.QueueStatus;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Reads the state of the queue, in one script, and gives it its type: the only place that does. */
public final class StateReader {

  /** Of all sessions together; one alone looks every second. */
  private static final long BETWEEN_LOOKS_MILLIS = 250;

  private static final long SOONEST_LOOK_MILLIS = 1_000;
  private static final long LATEST_LOOK_MILLIS = 10_000;

  private final QueueClient client;
  private final LeaseAudit audit;
  private volatile long sessions;

  public StateReader(QueueClient client) {
    this.client = client;
    this.audit = new LeaseAudit(client);
  }

  /** A state, and the counts of the same instant. */
  public record Reading(
      QueueState state,
      QueueStatus.Counts counts,
      Duration nextExpiry,
      long sessions,
      String run,
      long token,
      long withdrawn) {

    boolean somebodyExpired() {
      return nextExpiry.isZero();
    }
  }

  /**
   * Reads. Starts a run first if there is something to run; the first run that is seen is
   * remembered as the one that this client works for.
   */
  public Reading read() {
    while (true) {
      String asked = client.runAskedFor();
      Reply reply = client.insist(Script.READ_STATE, client.scope(), client.now(), asked);
      if (reply.is("UNBEGUN")) {
        client.begin();
        continue;
      }
      String run = reply.text("run");
      if (reply.is("FORGOTTEN")) {
        client.workFor(""); // the one that we saw came to nothing; the next is ours
        continue;
      }
      if (asked.isEmpty() && !run.isEmpty()) {
        client.workFor(run);
      }
      QueueStatus.Counts counts =
          new QueueStatus.Counts(
              reply.number("waiting"),
              reply.number("leased"),
              reply.number("delayed"),
              reply.number("done"),
              reply.number("dead"),
              reply.number("external"));
      sessions = reply.number("sessions");
      Duration nextExpiry = millisOrLater(reply.number("nextexpiry"));
      QueueState state = state(reply, counts, millisOrLater(reply.number("nextdue")), nextExpiry);
      if (state instanceof QueueState.NotYet
          && counts.leased() > counts.external()
          && audit.missesAny(sessions)) {
        continue;
      }
      return new Reading(
          state,
          counts,
          nextExpiry,
          reply.number("sessions"),
          run,
          reply.number("token"),
          reply.number("withdrawn"));
    }
  }

  private QueueState state(
      Reply reply, QueueStatus.Counts counts, Duration nextDue, Duration nextExpiry) {
    return switch (reply.word()) {
      case "READY" -> new QueueState.Ready();
      case "WAIT" -> {
        Duration next = nextDue.compareTo(nextExpiry) < 0 ? nextDue : nextExpiry;
        List<WaitReason> reasons = reasons(counts, reply.texts("detail"), reply.number("sessions"));
        yield new QueueState.NotYet(next, List.of(new QueueState.WaitingFor(reasons)));
      }
      case "PAUSED" -> new QueueState.Paused(reply.text("detail"));
      case "FULL" -> resultsFull(reply.list("detail"));
      case "NEVER" -> new QueueState.NeverFilled();
      case "DRAINED" -> drained(reply, counts);
      case "INCOMPLETE" -> new QueueState.Incomplete(reply.texts("detail"));
      case "LOST" -> new QueueState.Lost(lost(reply));
      default -> throw new IllegalStateException("state " + reply.word());
    };
  }

  private static QueueState resultsFull(Values bytesAndMost) {
    return new QueueState.ResultsFull(bytesAndMost.number(0), bytesAndMost.number(1));
  }

  private QueueState drained(Reply reply, QueueStatus.Counts counts) {
    // What a person has dropped was there.
    long finished = counts.done() + counts.dead();
    if (finished + reply.number("withdrawn") < client.expected()) {
      return new QueueState.Lost(
          "the run has " + finished + " items, but " + client.expected() + " were expected");
    }
    long missing = reply.number("missing");
    if (missing > 0) {
      client.sayOnce(
          missing
              + " of the items that were filled are neither done nor dead: other programs took"
              + " them, or Redis has lost them");
    }
    return new QueueState.Drained(reply.text("run"), counts.done(), counts.dead());
  }

  private String lost(Reply reply) {
    String run = "run " + client.runAskedFor() + " of queue '" + client.config().name() + "'";
    return switch (reply.text("detail")) {
      case "purged" -> run + " was purged";
      case "missing" ->
          "Redis has lost "
              + reply.number("missing")
              + " items of queue '"
              + client.config().name()
              + "' (evicted, or a failover before they were copied); the rest is finished: purge the"
              + " queue, and fill again what has no result";
      default -> run + " is not known to this Redis: its data was lost";
    };
  }

  private static List<WaitReason> reasons(
      QueueStatus.Counts counts, List<String> producers, long sessions) {
    List<WaitReason> reasons = new ArrayList<>();
    long ours = counts.leased() - counts.external();
    if (ours > 0) {
      reasons.add(new WaitReason.Leased(ours, sessions));
    }
    if (counts.external() > 0) {
      reasons.add(new WaitReason.External(counts.external()));
    }
    if (counts.delayed() > 0) {
      reasons.add(new WaitReason.Delayed(counts.delayed()));
    }
    producers.forEach(producer -> reasons.add(new WaitReason.ProducerOpen(producer)));
    return List.copyOf(reasons);
  }

  private Duration millisOrLater(long millis) {
    Duration look = lookAgain();
    return millis < 0 || millis > look.toMillis() ? look : Duration.ofMillis(millis);
  }

  /** When to look again if nothing wakes us, by how many sessions there were at the last look. */
  public Duration lookAgain() {
    return lookAgain(sessions, ThreadLocalRandom.current().nextDouble());
  }

  /**
   * The same.
   *
   * @param chance from 0 to 1: spreads them, or those who began together would look together
   */
  public static Duration lookAgain(long sessions, double chance) {
    double each = sessions * BETWEEN_LOOKS_MILLIS * (0.75 + chance / 2);
    return Duration.ofMillis(Math.clamp(Math.round(each), SOONEST_LOOK_MILLIS, LATEST_LOOK_MILLIS));
  }
}
