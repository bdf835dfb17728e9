package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the command once per slot and sends it items as lines of JSON ({@code id}, {@code
 * attempt}, {@code payload} or {@code payloadBase64}); it answers each with a line ({@code id}, and
 * {@code result}, {@code error} or {@code bury}; {@code resultBase64} for bytes), in any order.
 *
 * <p>One whose oldest item is dropped is ended, and what it was sent beside is given back. If it
 * dies, or does not answer in time, the item that it was on is charged: of those unanswered the one
 * that was sent first, since a child that takes one item at a time takes them in this order, and of
 * one that takes several no better guess is there: each death charges one item, and the rest is
 * given back, so the real culprit is alone at last. The time of an item runs from when it became
 * the oldest; that of a child's first has the child's start in it. A child that dies without having
 * read anything charges nobody; it is started again with growing pauses, and the fifth such death
 * in a row pauses the queue.
 */
public final class ChildLoop implements SlotLoop {
  /** How many items are sent ahead unless asked otherwise. */
  public static final int DEFAULT_WINDOW = 64;

  private static final int DEATHS_TO_PAUSE = 5;
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  private final CommandConfig config;
  private final int window;
  private final SharedRuntime runtime = new SharedRuntime();
  private final AtomicBoolean saidNoJson = new AtomicBoolean();
  private final AtomicBoolean saidNoItem = new AtomicBoolean();

  /**
   * @param config its command has no places for items, and is not asked to take them on stdin
   * @param window how many unanswered items a child may have, 1 to 1,000
   */
  public ChildLoop(CommandConfig config, int window) {
    if (window < 1 || window > 1000) {
      throw new IllegalArgumentException("window: " + window + " is not in 1..1000");
    }
    if (config.command().hasPlaces()) {
      throw new IllegalArgumentException(
          "command: a child gets its items as lines on standard input, {} has no meaning in '"
              + config.command()
              + "'");
    }
    this.config = config;
    this.window = window;
  }

  @Override
  public void run(int slot, Supply supply) throws InterruptedException {
    try (ChildSlot childSlot = new ChildSlot(supply)) {
      childSlot.run();
    } catch (IOException e) {
      throw new UncheckedIOException("children cannot be run here: " + e.getMessage(), e);
    }
  }

  /** One slot's child, and the next, and the next. */
  private final class ChildSlot implements AutoCloseable, ChildListener {
    private final Supply supply;
    private final SharedRuntime.Shared shared;
    private final StartBackoff backoff = new StartBackoff(runtime, config.stderr());
    private @Nullable Child child;
    private final AtomicInteger startDeaths = new AtomicInteger();
    private final AtomicInteger silentDeaths = new AtomicInteger();

    ChildSlot(Supply supply) throws IOException {
      this.supply = supply;
      shared = runtime.join();
    }

    void run() throws InterruptedException {
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

    /**
     * A living child; null if none can be started, which has been said: then these are released.
     */
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
        Child started = new Child(shared, config, window, this);
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
        if (!saidNoJson.getAndSet(true)) {
          config
              .stderr()
              .accept(
                  "piecework: the child printed a line that is no answer; such lines are"
                      + " treated as standard error (said once)");
        }
      } else if (!saidNoItem.getAndSet(true)) {
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
      Attempt culprit = death.culprit();
      if (culprit != null) {
        supply.finish(culprit, Outcome.retry(reason(death)));
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
                    : "the child ended while it was on this item, "
                        + Verdict.status(death.status());
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
}
