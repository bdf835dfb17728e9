package dev.piecework.cli.backend;

import dev.piecework.FillOptions;
import dev.piecework.FillRefusedException;
import dev.piecework.FillReport;
import dev.piecework.Producer;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.cli.backend.WorkersView.End;
import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.InputNotices;
import dev.piecework.cli.input.RecordFormat;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Progress;
import dev.piecework.cli.queue.FillTrace;
import dev.piecework.cli.queue.GivenSettings;
import dev.piecework.cli.queue.PartitionsOption;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One submit, from what the place has to its end. Every step looks first at what is there, so that
 * a submit that was killed anywhere goes on when it is run again: Redis and workers that are there
 * are kept, and the fill knows its source and how far it came. The workers are made last, for the
 * run that the fill has begun; what they are for could not be changed afterwards. Whether a run is
 * finished is known from its queue: workers that have ended may be removed at any time.
 */
public final class Submission {

  /** A fill that is over by then tells the workers how many items there are to be. */
  private static final Duration SHORT_FILL = Duration.ofSeconds(5);

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration AFAR = Duration.ofMinutes(30);

  /** What becomes of workers that are there already. */
  public enum Again {
    /** They are followed. */
    NO,
    /** Those that are over are replaced, for what is missing. */
    RESUME,
    /** They are replaced, and their queue dropped. */
    FRESH
  }

  /** What is asked for. */
  public record Request(
      Again again, Filling input, Workers workers, RedisWay redis, Follower.Request follow) {}

  /**
   * What it is filled from.
   *
   * @param source the name by which the input is known again; null for its path
   */
  public record Filling(@Nullable String source, RecordFormat format) {}

  /**
   * What its workers work for.
   *
   * @param partitions in how many the queue is made
   * @param run null for the run that the fill begins
   * @param expect how many items it must come to hold; null when nobody said
   */
  public record Workers(
      GivenSettings settings,
      PartitionsOption partitions,
      @Nullable String run,
      @Nullable Long expect) {}

  /**
   * How Redis is reached.
   *
   * @param fromHere its URL for this machine; null to find out
   * @param timeout how long it may be away
   */
  public record RedisWay(@Nullable String fromHere, Duration timeout) {}

  private final Terminal terminal;
  private final Backend backend;
  private final PlannedWorkers work;
  private final Request request;
  private final Duration redisTimeout;

  public Submission(Terminal terminal, Backend backend, PlannedWorkers work, Request request) {
    this.terminal = terminal;
    this.backend = backend;
    this.work = work;
    this.request = request;
    this.redisTimeout = request.redis().timeout();
  }

  /**
   * Submits and follows.
   *
   * @param from what is filled; null for nothing
   */
  public ExitCode go(@Nullable Input from) throws Exception {
    if (!work.end() && request.again() != Again.NO) {
      throw Refusal.usage(
          (request.again() == Again.FRESH ? "--fresh" : "--resume")
              + " needs a Job: the stream shape has no end");
    }
    Optional<WorkersView> there = backend.view();
    boolean replaced =
        switch (request.again()) {
          case NO -> false;
          case RESUME -> there.isPresent() && there.get().isOver();
          case FRESH -> there.isPresent();
        };
    if (replaced) {
      there = Optional.empty();
      work.removeThoseThere();
      terminal.say("deleted the Job '" + backend.name() + "'");
    }
    if (there.isPresent()) {
      return goOn(there.get(), from);
    }
    work.prepare(terminal, redisTimeout);
    return begin(from);
  }

  /** There are no workers yet: fill, make them, follow. */
  private ExitCode begin(@Nullable Input from) throws Exception {
    try (RedisAccess redis = work.redis(request.redis().fromHere());
        WorkQueue queue = open(redis)) {
      request.workers().partitions().check(queue);
      if (request.again() == Again.FRESH) {
        long dropped = queue.admin().purge();
        terminal.say("dropped the queue with " + Figures.count(dropped, "item"));
      }
      resume(queue);
      request.workers().settings().sayWhatWasNotTaken(work.queue(), queue.settings(), terminal);
      boolean begun = queue.admin().status().counts().total() > 0;
      int _ = queue.admin().reapGoneProcesses();
      boolean ended = queue.state() instanceof QueueState.Drained;
      InputFill fill = fill(queue, from, ended);
      if (ended && addsNothing(from, fill)) {
        return finished(redis, queue);
      }
      String run = queue.run().orElse(null);
      BagOfWork bag = new BagOfWork(work.queue(), run, request.workers().expect());
      if (run == null) {
        terminal.say(
            "queue '"
                + work.queue()
                + "' has never held an item and there is no --from: its workers wait for somebody"
                + " to fill it");
      }
      try (Follower follower = follower(redis, bag).filling(fill)) {
        Long expect = fill == null ? bag.expect() : awaitFill(follower, fill);
        work.make(new PlannedWorkers.Target(run, expect));
        terminal.say(work.place() + (run == null ? "" : ", run " + run));
        return follower.follow(begun);
      }
    }
  }

  /**
   * Begins to fill.
   *
   * @param ended whether the run that is there has ended: then it is compared first whether the
   *     input is that run's, and what it has grown by belongs to it. Another begins a run of its
   *     own
   */
  private @Nullable InputFill fill(WorkQueue queue, @Nullable Input from, boolean ended)
      throws Exception {
    if (from == null) {
      return null;
    }
    if (!ended) {
      Producer producer = queue.produce(options(from));
      FillTrace.keep(terminal.environment(), queue.admin());
      return InputFill.start(
          queue, producer, request.input().format(), from, new InputNotices(terminal::say));
    }
    Producer more = queue.produceMore(options(from));
    if (more.resumedAt() == 0) {
      try (more) {
        var _ = more.finish(() -> {});
      }
      // The run is at its end again only once that was seen.
      var _ = queue.state();
      return fill(queue, from, false);
    }
    InputFill compared =
        InputFill.start(
            queue, more, request.input().format(), from, new InputNotices(terminal::say));
    try {
      while (!compared.await(STEP)) {
        compared.check();
      }
      compared.check();
    } catch (FillRefusedException another) {
      var _ = queue.state();
      throw Refusal.usage(
          "the run of queue '"
              + work.queue()
              + "' is finished, and "
              + another.getMessage()
              + " (--as NAME is another source, --fresh drops the queue and begins anew)",
          another);
    }
    return compared;
  }

  private static boolean addsNothing(@Nullable Input from, @Nullable InputFill fill) {
    FillReport report = fill == null ? null : fill.report();
    return from == null || (report != null && report.already() > 0 && report.added() == 0);
  }

  /** All is done, and there are no workers any more: what is left to do is to fetch results. */
  private ExitCode finished(RedisAccess redis, WorkQueue queue) throws Exception {
    String run = queue.run().orElse(null);
    terminal.say(
        "run "
            + run
            + " of queue '"
            + work.queue()
            + "' is finished already, and nothing was filled"
            + (work.end() ? "; --fresh begins anew" : ""));
    if (!work.end()) {
      work.make(new PlannedWorkers.Target(run, null));
      terminal.say(work.place());
    }
    try (Follower follower = follower(redis, new BagOfWork(work.queue(), run, null))) {
      return follower.follow(true);
    }
  }

  /** Waits for a fill that is short, or must be over first; the number of items if it is. */
  private @Nullable Long awaitFill(Follower follower, InputFill fill) throws Exception {
    if (work.needAllFilled()) {
      try (Progress _ = follower.progress()) {
        while (!fill.await(STEP)) {
          fill.check();
        }
      }
    }
    boolean over = fill.await(SHORT_FILL);
    fill.check();
    return over ? follower.total().orElse(null) : null;
  }

  /** The workers are there: fill what is missing, unless it is over, and follow. */
  private ExitCode goOn(WorkersView there, @Nullable Input from) throws Exception {
    BagOfWork bag = backend.bag().onQueue(null, backend.name());
    refuseAnother(there, bag);
    try (RedisAccess redis = backend.redis(request.redis().fromHere());
        WorkQueue opened = open(redis)) {
      WorkQueue queue = opened.with(bag.options().withExpect(0));
      resume(queue);
      QueueState state = queue.state();
      boolean drained = state instanceof QueueState.Drained;
      boolean over =
          there.isOver() || (there.ends() && drained) || state instanceof QueueState.Lost;
      terminal.say(sayThere(there, over));
      InputFill fill = over ? null : fillTheRest(queue, bag, from, drained);
      try (Follower follower = follower(redis, bag).filling(fill)) {
        return follower.follow(true);
      }
    }
  }

  /** Who resumes has mended what it was paused for; what failed until then does not count. */
  private void resume(WorkQueue queue) {
    if (request.again() == Again.RESUME) {
      String paused = queue.admin().status().pausedFor();
      queue.admin().resume();
      if (paused != null) {
        terminal.say("the queue was paused (" + Printable.line(paused, 300) + ") and goes on");
      }
    }
  }

  private String sayThere(WorkersView there, boolean over) {
    String what = there.kind() + " '" + there.name() + "' ";
    return switch (there.end()) {
      case End.Complete _ ->
          what + "is Complete already, and nothing was filled; --fresh begins anew";
      case End.Failed _ ->
          what
              + "has failed, and nothing was filled; --resume makes a new one for what is missing,"
              + " --fresh begins anew";
      case End.NotYet _ -> what + "is there already: " + (over ? "following it" : "going on");
    };
  }

  private @Nullable InputFill fillTheRest(
      WorkQueue queue, BagOfWork bag, @Nullable Input from, boolean drained) throws Exception {
    if (from == null) {
      return null;
    }
    int _ = queue.admin().reapGoneProcesses();
    if (bag.run() == null) {
      return fill(queue, from, drained);
    }
    // It may be drained between the look and the fill: that must not begin another run.
    Producer producer = queue.produceMore(options(from));
    if (!bag.run().equals(queue.run().orElse(""))) {
      var _ = producer.finish();
      return null;
    }
    return InputFill.start(
        queue, producer, request.input().format(), from, new InputNotices(terminal::say));
  }

  private void refuseAnother(WorkersView there, BagOfWork bag) {
    PlannedWorkers.Target target = new PlannedWorkers.Target(bag.run(), bag.expect());
    String run = request.workers().run();
    if (run != null && !run.equals(bag.run())) {
      throw Refusal.usage("Job '" + backend.name() + "' works for run " + bag.run());
    }
    boolean same = work.areThere(target);
    if (!same && !work.end()) {
      work.make(target);
      terminal.say("Deployment '" + backend.name() + "' is changed: its pods are replaced");
      return;
    }
    if (!same) {
      throw Refusal.usage(
          there.kind()
              + " '"
              + backend.name()
              + "' is there already and runs something else, which cannot be changed: give another"
              + " --name, follow it with "
              + backend.group()
              + " attach, or remove it with "
              + backend.group()
              + " delete; nothing was changed");
    }
    if (request.follow().deadline() == null
        && there.wish().parallelism() != work.parallelism()
        && !there.isOver()) {
      terminal.say(
          "it keeps its parallelism of "
              + there.wish().parallelism()
              + "; change it with: "
              + backend.command("scale")
              + " "
              + work.parallelism());
    }
  }

  private FillOptions options(Input from) {
    String named = request.input().source();
    boolean unique = request.input().format().unique();
    return new FillOptions(named == null ? from.source() : named, false, unique, false);
  }

  /** What the queue is created with: who fills from afar may be away for longer. */
  private QueueSettings settings() {
    Workers workers = request.workers();
    return workers
        .partitions()
        .in(workers.settings().on(SettingsOptions.OF_RUN.withProducerGrace(AFAR)));
  }

  private WorkQueue open(RedisAccess redis) {
    return redis.open(
        work.queue(), SessionOptions.DEFAULTS, redisTimeout, settings(), terminal::say);
  }

  private Follower follower(RedisAccess redis, BagOfWork bag) {
    return new Follower(
        terminal, new Follower.Subject(backend, redis, bag), request.follow(), redisTimeout);
  }
}
