package dev.piecework.worker.internal.child;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Supply;
import dev.piecework.worker.internal.call.Verdict;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.internal.spawn.SharedRuntime;
import dev.piecework.worker.internal.spawn.StartBackoff;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandUnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One slot's child, and the next, and the next. */
public final class ChildSlot implements AutoCloseable, ChildListener {
  private static final int DEATHS_TO_PAUSE = 5;
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  /** What is said once, whichever slot finds it. */
  public static final class SaidOnce {
    private final AtomicBoolean noJson = new AtomicBoolean();
    private final AtomicBoolean noItem = new AtomicBoolean();
  }

  private final SharedRuntime runtime;
  private final CommandConfig config;
  private final int window;
  private final SaidOnce said;
  private final Supply supply;
  private final SharedRuntime.Shared shared;
  private final StartBackoff backoff;
  private int slot = 1;
  private @Nullable Child child;
  private final AtomicInteger startDeaths = new AtomicInteger();
  private final AtomicInteger silentDeaths = new AtomicInteger();

  /**
   * @param window how many unanswered items a child may have
   * @param said shared by all slots
   */
  public ChildSlot(
      SharedRuntime runtime, CommandConfig config, int window, SaidOnce said, Supply supply)
      throws IOException {
    this.runtime = runtime;
    this.config = config;
    this.window = window;
    this.said = said;
    this.supply = supply;
    backoff = new StartBackoff(runtime, config.stderr());
    shared = runtime.join();
  }

  /**
   * @param number of the slot, from 1
   */
  public void run(int number) throws InterruptedException {
    slot = number;
    try {
      Attempt first;
      while ((first = supply.take()) != null) {
        sendWithMore(first);
        Child now = child;
        if (now != null && now.awaitRoom() == 0) {
          now.awaitEnd();
        }
      }
      Child now = child;
      if (now != null) {
        now.awaitAnswers();
        now.leave();
      }
    } catch (InterruptedException e) {
      endAtOnce();
      throw e;
    }
  }

  private void sendWithMore(Attempt first) throws InterruptedException {
    List<Attempt> some = new ArrayList<>();
    some.add(first);
    try {
      Child now = ready(some);
      if (now == null) {
        return;
      }
      int room = now.awaitRoom();
      if (room == 0) {
        giveBack(some);
        return;
      }
      if (room > 1) {
        some.addAll(supply.more(room - 1));
      }
      if (!now.send(some)) {
        giveBack(some);
      }
    } catch (InterruptedException e) {
      giveBack(some);
      throw e;
    }
  }

  /** A living child; null if none can be started, which has been said: then these are released. */
  private @Nullable Child ready(List<Attempt> attempts) throws InterruptedException {
    Child now = child;
    if (now != null && !now.isGone()) {
      return now;
    }
    child = null;
    if (silentDeaths.get() > 0) {
      long pause = SHORTEST_PAUSE_MILLIS << Math.min(silentDeaths.get() - 1, 7);
      TimeUnit.MILLISECONDS.sleep(Math.min(pause, LONGEST_PAUSE_MILLIS));
    }
    try {
      Child started = new Child(shared, config, slot, window, this);
      backoff.started();
      child = started;
      return started;
    } catch (NotStartedException e) {
      // Empty-handed while it waits: another machine may do them meanwhile.
      giveBack(attempts);
      backoff.await(String.valueOf(e.getMessage()));
      return null;
    } catch (CommandUnusableException | IOException e) {
      pauseAndGiveBack(String.valueOf(e.getMessage()), attempts);
      return null;
    }
  }

  private void endAtOnce() {
    Child now = child;
    if (now != null) {
      now.end(Death.Cut.INTERRUPT);
      boolean waiting = true;
      while (waiting) {
        try {
          now.awaitEnd();
          waiting = false;
        } catch (InterruptedException e) {
          // Again: it ends when the time before SIGKILL is over, and the thread is about to say
          // it was interrupted.
        }
      }
    }
  }

  /** In this order, or they would be leased again at once. */
  private void pauseAndGiveBack(String reason, List<Attempt> attempts) {
    try {
      supply.pauseQueue(reason);
    } finally {
      // Also when the pause cannot be written: what is left in hand is charged.
      giveBack(attempts);
    }
  }

  private void giveBack(List<Attempt> attempts) {
    attempts.forEach(a -> supply.finish(a, Outcome.release()));
  }

  @Override
  public void answered(Attempt attempt, Answer answer) {
    startDeaths.set(0);
    silentDeaths.set(0);
    supply.finish(attempt, outcome(answer));
  }

  private Outcome outcome(Answer answer) {
    byte[] value = answer.value();
    return switch (answer.kind()) {
      case RESULT ->
          value == null
              ? Outcome.done()
              : value.length > config.results().stored()
                  ? Outcome.bury(Verdict.tooLong(value.length, config))
                  : Verdict.done(value);
      case ERROR -> Outcome.retry(text(value));
      case BURY -> Outcome.bury(text(value));
    };
  }

  private static String text(byte @Nullable [] value) {
    return value == null ? "no reason given" : new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public boolean isDropped(Attempt attempt) {
    return supply.isDropped(attempt);
  }

  @Override
  public void strayLine(@Nullable String id, String line) {
    if (id == null) {
      if (!said.noJson.getAndSet(true)) {
        config
            .stderr()
            .accept(
                "piecework: the child printed a line that is no answer; such lines are"
                    + " treated as standard error (said once)");
      }
    } else if (!said.noItem.getAndSet(true)) {
      config
          .stderr()
          .accept(
              "piecework: the child answered an item that it does not hold, id '"
                  + id
                  + "'; such answers are ignored (said once)");
    }
  }

  @Override
  public void ended(Death death) {
    if (!death.answered() && death.cut() == Death.Cut.NONE) {
      silentDeaths.incrementAndGet();
      if (death.readNothing()) {
        startDeaths.incrementAndGet();
      }
    }
    // Given back in the order in which they came: each goes to the front of the queue.
    List<Attempt> untouched = death.untouched().reversed();
    if (death.readNothing() && startDeaths.get() >= DEATHS_TO_PAUSE) {
      startDeaths.set(0);
      pauseAndGiveBack(
          withErrors(
              config.command()
                  + ": the child ends without reading an item, "
                  + Verdict.status(death.status()),
              death),
          untouched);
    } else {
      giveBack(untouched);
    }
    Attempt atFault = death.atFault();
    if (atFault != null) {
      supply.finish(atFault, Outcome.retry(reason(death)));
    }
  }

  private String reason(Death death) {
    String what =
        switch (death.cut()) {
          case TIMEOUT -> "timeout: the child gave no answer in time and was ended";
          case ENDLESS_LINE ->
              "the child printed a line longer than any answer may be, and was ended";
          case NONE, INTERRUPT, DROPPED, LINGERING ->
              death.status() < 0
                  ? "the child was killed while it was on this item"
                  : "the child ended while it was on this item, " + Verdict.status(death.status());
        };
    return withErrors(what, death);
  }

  private String withErrors(String reason, Death death) {
    String errors = new String(death.errors(), StandardCharsets.UTF_8).strip();
    return errors.isEmpty() ? reason : reason + "\n" + errors;
  }

  @Override
  public void close() throws IOException {
    runtime.leave();
  }
}
