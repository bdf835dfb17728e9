package dev.piecework.internal.state;

import dev.piecework.QueueState;
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
      Duration nextLapse,
      long sessions,
      String run,
      long token,
      long withdrawn) {

    boolean somebodyLapsed() {
      return nextLapse.isZero();
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
      Duration nextLapse = millisOrLater(reply.number("nextlapse"));
      QueueState state = state(reply, counts, millisOrLater(reply.number("nextdue")), nextLapse);
      if (state instanceof QueueState.NotYet
          && counts.leased() > counts.external()
          && audit.missesAny(sessions)) {
        continue;
      }
      return new Reading(
          state,
          counts,
          nextLapse,
          reply.number("sessions"),
          run,
          reply.number("token"),
          reply.number("withdrawn"));
    }
  }

  private QueueState state(
      Reply reply, QueueStatus.Counts counts, Duration nextDue, Duration nextLapse) {
    return switch (reply.word()) {
      case "READY" -> new QueueState.Ready();
      case "WAIT" -> {
        Duration next = nextDue.compareTo(nextLapse) < 0 ? nextDue : nextLapse;
        boolean onlyExternal =
            counts.external() > 0
                && counts.external() == counts.leased()
                && counts.delayed() == 0
                && reply.list("detail").size() == 0;
        yield new QueueState.NotYet(
            next,
            waitingFor(counts, reply.texts("detail"), reply.number("sessions")),
            onlyExternal);
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

  private static String waitingFor(
      QueueStatus.Counts counts, List<String> producers, long sessions) {
    List<String> parts = new ArrayList<>();
    long ours = counts.leased() - counts.external();
    if (ours > 0) {
      parts.add(ours + " leased by " + sessions + (sessions == 1 ? " session" : " sessions"));
    }
    if (counts.external() > 0) {
      parts.add(counts.external() + " held by other programs");
    }
    if (counts.delayed() > 0) {
      parts.add(counts.delayed() + " delayed");
    }
    for (String producer : producers) {
      parts.add("producer '" + producer + "'");
    }
    return String.join(", ", parts);
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
