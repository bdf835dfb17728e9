package dev.piecework.worker.internal.dispatch;

import dev.piecework.QueueState;
import dev.piecework.QueueState.WaitReason;
import dev.piecework.worker.WorkerConfig;
import dev.piecework.worker.WorkerConfig.Leaving;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.internal.exchange.QueuePort;
import dev.piecework.worker.internal.exchange.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to do when nothing can be leased: wait, and say what for, or end. For the dispatcher's
 * thread.
 */
public final class Waiting {

  /** At first look again after this even if nothing woke us. */
  private static final Duration LOOK_SOON = Duration.ofSeconds(1);

  /** Who has waited for so long looks again as rarely as the queue says. */
  private static final long LONG_WAIT = TimeUnit.SECONDS.toNanos(4);

  /** Something came after the call that found nothing; or it may not be leased by us yet. */
  private static final Duration JUST_CAME = Duration.ofMillis(2);

  /** Waiting for less is not worth a line. */
  private static final long WORTH_SAYING = TimeUnit.SECONDS.toNanos(2);

  private final QueuePort port;
  private final WorkerConfig config;
  private final Notices notices;
  private final Ticker ticker;
  private long since = -1;

  public Waiting(QueuePort port, WorkerConfig config, Notices notices, Ticker ticker) {
    this.port = port;
    this.config = config;
    this.notices = notices;
    this.ticker = ticker;
  }

  /** Something was leased. */
  void over() {
    if (since >= 0) {
      since = -1;
      notices.forget("paused");
      notices.forget("results");
      notices.forget("never filled");
    }
  }

  /**
   * What follows from the state of the queue.
   *
   * @param held items that this worker still holds
   */
  DispatchDecision next(QueueState state, int held) {
    if (since < 0) {
      since = ticker.now();
    }
    return switch (state) {
      case QueueState.Ready ready -> new DispatchDecision.AwaitChange(JUST_CAME);
      case QueueState.NotYet notYet -> notYet(notYet, held);
      case QueueState.Paused paused -> paused(paused, held);
      case QueueState.ResultsFull full -> barred(held, "results", text(full));
      case QueueState.NeverFilled neverFilled -> neverFilled();
      case QueueState.Drained drained -> drained(drained);
      case QueueState.Incomplete incomplete -> incomplete(incomplete);
      case QueueState.Lost lost -> lost(lost);
    };
  }

  // The next run may come to one that goes on for ever; its own cannot.
  private DispatchDecision lost(QueueState.Lost lost) {
    return config.leaving() == Leaving.NEVER
        ? waitSaying("lost", lost.why())
        : new DispatchDecision.End(new WorkerEnd.RunLost(lost.why()));
  }

  private DispatchDecision notYet(QueueState.NotYet notYet, int held) {
    if (mayLeaveEarly(held)) {
      return new DispatchDecision.End(new WorkerEnd.LeftEarly());
    }
    if (notYet.onlyExternal()) {
      notices.say(
          "elsewhere",
          "all that is left is held by foreign workers; if they are gone, 'adopt' puts it back");
    } else if (held == 0 && ticker.now() - since >= WORTH_SAYING) {
      notices.say(matter(notYet), "waiting for " + notYet.text());
    }
    return new DispatchDecision.AwaitChange(earlier(notYet.nextChange(), lookAgain()));
  }

  // The numbers change all the time and make no other matter, and so do partitions that differ in
  // nothing else.
  private static Set<List<Object>> matter(QueueState.NotYet notYet) {
    return notYet.waitingFor().stream()
        .map(part -> part.reasons().stream().map(Waiting::withoutNumbers).toList())
        .collect(Collectors.toSet());
  }

  private static Object withoutNumbers(WaitReason reason) {
    return reason instanceof WaitReason.ProducerOpen producer ? producer : reason.getClass();
  }

  private DispatchDecision paused(QueueState.Paused paused, int held) {
    if (!paused.isStoppedEarly() || config.leaving() == Leaving.NEVER) {
      return barred(held, "paused", text(paused));
    }
    return held == 0
        ? new DispatchDecision.End(new WorkerEnd.StoppedEarly(paused.reason()))
        : new DispatchDecision.AwaitChange(LOOK_SOON);
  }

  /** Why the worker is to end with what runs, though not all is done; or null. */
  @Nullable String stoppedEarly() {
    return config.leaving() == Leaving.NEVER ? null : port.stoppedEarly();
  }

  // Nothing is leased to anybody; but who would lease nothing anyhow may leave all the same.
  private DispatchDecision barred(int held, String matter, String text) {
    return mayLeaveEarly(held)
        ? new DispatchDecision.End(new WorkerEnd.LeftEarly())
        : waitSaying(matter, text);
  }

  private boolean mayLeaveEarly(int held) {
    return config.leaving() == Leaving.EARLY && held == 0 && port.leaveEarly();
  }

  private DispatchDecision neverFilled() {
    Duration waited = Duration.ofNanos(ticker.now() - since);
    if (config.leaving() == Leaving.NEVER) {
      return new DispatchDecision.AwaitChange(lookAgain());
    }
    Duration left = config.waitForFill().minus(waited);
    if (left.isNegative() || left.isZero()) {
      return new DispatchDecision.End(new WorkerEnd.NeverFilled(config.waitForFill()));
    }
    return new DispatchDecision.AwaitChange(earlier(left, lookAgain()));
  }

  private DispatchDecision drained(QueueState.Drained drained) {
    if (config.leaving() == Leaving.NEVER) {
      return new DispatchDecision.AwaitChange(lookAgain());
    }
    return new DispatchDecision.End(
        new WorkerEnd.Drained(drained.run(), drained.done(), drained.dead()));
  }

  private DispatchDecision incomplete(QueueState.Incomplete incomplete) {
    if (config.leaving() == Leaving.NEVER) {
      return waitSaying(
          "incomplete", "the run is incomplete: these vanished: " + incomplete.sources());
    }
    return new DispatchDecision.End(new WorkerEnd.Incomplete(incomplete.sources()));
  }

  private DispatchDecision waitSaying(String matter, String text) {
    notices.say(matter, text);
    return new DispatchDecision.AwaitChange(lookAgain());
  }

  // Nothing wakes a worker when it may leave early.
  private Duration lookAgain() {
    boolean soon = config.leaving() == Leaving.EARLY || ticker.now() - since < LONG_WAIT;
    return soon ? LOOK_SOON : port.lookAgain();
  }

  private static Duration earlier(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String text(QueueState.Paused paused) {
    return "the queue is paused: " + paused.reason() + "; 'resume' lets it go on";
  }

  private static String text(QueueState.ResultsFull full) {
    return "the stored results have reached their bound ("
        + full.bytes()
        + " of "
        + full.max()
        + " bytes); leasing goes on when somebody takes them";
  }
}
