package dev.piecework.cli.backend;

import dev.piecework.FillReport;
import dev.piecework.QueueSettings;
import dev.piecework.RedisUnreachableException;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Progress;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.results.Pump;
import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.results.ResultsThread;
import dev.piecework.cli.verb.BackendException;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows workers until they are over and their queue is drained, or until told to let it go. Looks
 * at both once a second; says what keeps pods from starting as soon as it is seen.
 */
public final class Follower implements AutoCloseable {

  /** How long one look at Redis may take: whoever looks has more to look at. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private static final long PAUSE_MILLIS = 1_000;
  private static final int LOG_ROUNDS = 30;
  private static final long LOG_MILLIS = 100;

  /** What is followed. */
  public record Subject(Backend backend, RedisAccess redis, BagOfWork bag) {
    String queue() {
      String queue = bag.queue();
      if (queue == null) {
        throw new IllegalStateException("no queue");
      }
      return queue;
    }

    WorkQueue open(Duration timeout, QueueSettings settings, Consumer<String> notices) {
      return redis.open(queue(), bag.options(), timeout, settings, notices);
    }
  }

  /**
   * How it is followed.
   *
   * @param results the file that gets the results as they come; null when they stay in Redis
   * @param timeLimit for following; null for none
   * @param logs whether to show what the workers print
   * @param deleteOnExit whether all that submit made is deleted at the end
   * @param deadline by which the number of workers is chosen; null when it stays
   */
  public record Request(
      @Nullable Path results,
      @Nullable Duration timeLimit,
      boolean logs,
      boolean deleteOnExit,
      @Nullable DeadlineRule deadline) {}

  private final Terminal terminal;
  private final Subject subject;
  private final Request request;
  private final Duration timeout;
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final WorkQueue look;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable InputFill fill;
  private boolean saidSuspended;
  private boolean saidAway;
  private int looksSinceOver;
  private long backendAwaySince;

  /**
   * @param timeout how long Redis, or the place of the workers, may be away
   */
  public Follower(Terminal terminal, Subject subject, Request request, Duration timeout) {
    this.terminal = terminal;
    this.subject = subject;
    this.request = request;
    this.timeout = timeout;
    this.look = subject.open(timeout, SettingsOptions.OURS, terminal::say);
  }

  /**
   * How workers that are there are come back to.
   *
   * @param queue null to go by what is written on them
   * @param redisFromHere its URL for this machine; null to find out
   * @param timeout how long Redis, or the place of the workers, may be away
   */
  public record Attachment(
      @Nullable String queue, @Nullable String redisFromHere, Duration timeout) {}

  /** Follows workers that are there. */
  public static ExitCode attach(Terminal terminal, Backend backend, Attachment how, Request request)
      throws Exception {
    BagOfWork bag = backend.bag().onQueue(how.queue(), backend.name());
    try (RedisAccess redis = backend.redis(how.redisFromHere());
        Follower follower =
            new Follower(terminal, new Subject(backend, redis, bag), request, how.timeout())) {
      return follower.follow(true);
    }
  }

  /** From now on a fill of ours is waited for. */
  Follower filling(@Nullable InputFill ours) {
    fill = ours;
    return this;
  }

  private boolean filled() {
    InputFill ours = fill;
    return ours == null || ours.report() != null;
  }

  /**
   * Follows.
   *
   * @param continued whether a results file that is there belongs to this run
   */
  public ExitCode follow(boolean continued) throws Exception {
    long start = System.nanoTime();
    Signals.onFirst(letGo::countDown);
    Path file = request.results();
    if (file == null) {
      return conclude(watch(start), start);
    }
    try (WorkQueue taken = subject.open(timeout, SettingsOptions.OURS, terminal::say)) {
      String run = taken.run().orElse("");
      try (ResultsFile sink = ResultsFile.open(file, continued, run, terminal)) {
        ResultsThread results =
            ResultsThread.start(
                Pump.of(taken, sink, true, terminal::say),
                thrown -> {
                  failure.compareAndSet(null, thrown);
                  letGo.countDown();
                });
        Optional<WorkersEnd> end = watch(start);
        results.finish(end.map(WorkersEnd::everything).orElse(false));
        throwFailure();
        if (end.map(WorkersEnd::everything).orElse(false)) {
          sink.takeDead(taken);
        }
        ExitCode code = conclude(end, start);
        terminal.say(Figures.count(sink.written(), "result") + " written to " + sink.path());
        return code;
      }
    }
  }

  private void throwFailure() throws Exception {
    switch (failure.get()) {
      case null -> {}
      case Exception exception -> throw exception;
      case Error error -> throw error;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  /** Looks until the end; empty when we are to let go, or the time is over. */
  private Optional<WorkersEnd> watch(long start) throws Exception {
    WorkQueue opened = openForLooks(start);
    if (opened == null) {
      return Optional.empty();
    }
    try (WorkQueue glance = opened;
        Progress _ = Progress.start(terminal, glance, this::filled);
        StateWatch state = StateWatch.start(glance, timeout);
        WorkerLogs logs =
            subject.backend().logs((pod, line) -> terminal.passOn(pod + ": " + line))) {
      DeadlineRule rule = request.deadline();
      DeadlineScaler scaler =
          rule == null ? null : new DeadlineScaler(terminal, subject.backend(), rule, glance);
      while (!isOver(start)) {
        if (fill != null) {
          fill.check();
        }
        WorkersEnd end = lookOnce(glance, state, logs, scaler);
        if (end != null) {
          drainLogs(logs);
          return Optional.of(end);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * A look gives up soon when Redis is away. Opening the queue is no look: a Redis that is away
   * just then is waited for. Null when we are to let go, or the time is over.
   */
  private @Nullable WorkQueue openForLooks(long start) throws InterruptedException {
    long asked = System.nanoTime();
    do {
      try {
        return subject.open(LOOK, SettingsOptions.OURS, RedisAccess.NOBODY);
      } catch (RedisUnreachableException away) {
        if (System.nanoTime() - asked > timeout.toNanos()) {
          throw away;
        }
        sayOnceAway();
      }
    } while (!isOver(start));
    return null;
  }

  private boolean isOver(long start) throws InterruptedException {
    return letGo.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS) || timeIsOver(start);
  }

  private boolean timeIsOver(long start) {
    Duration limit = request.timeLimit();
    return limit != null && System.nanoTime() - start > limit.toNanos();
  }

  private @Nullable WorkersEnd lookOnce(
      WorkQueue glance, StateWatch state, WorkerLogs logs, @Nullable DeadlineScaler scaler) {
    try {
      WorkersView view = subject.backend().view().orElse(null);
      backendAwaySince = 0;
      if (view == null || view.isOver()) {
        looksSinceOver++;
      } else {
        sayOnceSuspended(view);
      }
      if (view != null) {
        subject.backend().tellTroubles(wanted(view), this::tell);
      }
      if (view != null && request.logs()) {
        logs.follow();
      }
      if (scaler != null && view != null && !view.isOver() && !state.isAway()) {
        scaler.look(view);
      }
      if (state.isAway()) {
        subject.backend().tellRedisTroubles(this::tell);
        sayOnceAway();
      } else {
        saidAway = false;
      }
      state.check();
      return WorkersEnd.of(
          now -> Ends.sentence(glance, now), view, state.state(), filled(), looksSinceOver);
    } catch (BackendException no) {
      tolerate(no);
      return null;
    }
  }

  private static int wanted(WorkersView view) {
    return view.wish().suspended() || view.isOver()
        ? 0
        : view.wish().parallelism() - view.succeeded();
  }

  private void tell(String line) {
    terminal.say(Printable.line(line, 600));
  }

  private void sayOnceSuspended(WorkersView view) {
    if (view.wish().suspended() && !saidSuspended) {
      terminal.say(
          view.kind()
              + " '"
              + view.name()
              + "' is suspended: its pods start when somebody resumes it");
    }
    saidSuspended = view.wish().suspended();
  }

  private void sayOnceAway() {
    if (!saidAway) {
      saidAway = true;
      String why = subject.redis().trouble();
      terminal.say(
          "Redis does not answer"
              + (why == null ? "" : " (" + Printable.line(why, 300) + ")")
              + "; trying for "
              + Figures.time(timeout));
    }
  }

  /** A place that is away is waited for; whatever else it says is final. */
  private void tolerate(BackendException no) {
    if (!no.away()) {
      throw no;
    }
    long now = System.nanoTime();
    if (backendAwaySince == 0) {
      backendAwaySince = now;
      terminal.say(
          Printable.line(String.valueOf(no.getMessage()), 300)
              + "; trying for "
              + Figures.time(timeout));
    } else if (now - backendAwaySince > timeout.toNanos()) {
      throw no;
    }
  }

  /** What ended pods have printed last is waited for a little. */
  private void drainLogs(WorkerLogs logs) throws InterruptedException {
    if (!request.logs()) {
      return;
    }
    try {
      logs.follow();
      for (int i = 0; i < LOG_ROUNDS && logs.isReading(); i++) {
        if (letGo.await(LOG_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
      logs.follow(); // says what was refused meanwhile
    } catch (BackendException no) {
      if (!no.away()) {
        tell(String.valueOf(no.getMessage()));
      }
    }
  }

  private ExitCode conclude(Optional<WorkersEnd> end, long start) throws Exception {
    throwFailure();
    ExitCode code = end.map(WorkersEnd::code).orElse(ExitCode.TIME_IS_OVER);
    if (end.isPresent()) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      terminal.say(
          end.get().sentence() + (code == ExitCode.DONE ? " in " + Figures.time(took) : ""));
    } else {
      sayHowToComeBack(timeIsOver(start));
    }
    if (request.deleteOnExit()) {
      int count = subject.backend().remove(false, _ -> {});
      terminal.say(
          "deleted what was made for '"
              + subject.backend().name()
              + "': "
              + Figures.count(count, "object"));
    }
    // A signal decides by itself; this is for whoever asks before it does.
    return Signals.received() ? ExitCode.INTERRUPTED : code;
  }

  private void sayHowToComeBack(boolean late) {
    InputFill ours = fill;
    boolean unfinished = ours != null && ours.report() == null;
    String why =
        late && request.timeLimit() != null && !Signals.received()
            ? "time limit of " + Figures.time(request.timeLimit()) + " passed"
            : "detached";
    terminal.say(
        why
            + (request.deleteOnExit()
                ? ""
                : "; the Job goes on, come back with: " + subject.backend().command("attach"))
            + (unfinished
                ? "; but not all is filled: the same submit again within "
                    + Figures.time(look.settings().producerGrace())
                    + " goes on with that"
                : ""));
  }

  /** The bar alone, before there is a Job. */
  Progress progress() {
    return Progress.start(terminal, look, this::filled);
  }

  /** How many items are there, once all of ours are. */
  Optional<Long> total() {
    InputFill ours = fill;
    FillReport report = ours == null ? null : ours.report();
    var status = look.admin().status();
    return report == null || !status.producers().isEmpty()
        ? Optional.empty()
        : Optional.of(status.counts().total());
  }

  @Override
  public void close() {
    look.close();
  }
}
