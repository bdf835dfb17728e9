package dev.piecework.cli.run;

import dev.piecework.FillOptions;
import dev.piecework.FillRefusedException;
import dev.piecework.Producer;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.InputNotices;
import dev.piecework.cli.input.RecordOrder;
import dev.piecework.cli.kept.CommandRecords;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Progress;
import dev.piecework.cli.output.StatusText;
import dev.piecework.cli.queue.FillTrace;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.results.LargeResults;
import dev.piecework.cli.results.OpenIds;
import dev.piecework.cli.results.PrintedResults;
import dev.piecework.cli.results.ResultSink;
import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.results.ResultsPump;
import dev.piecework.cli.results.ResultsThread;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.dashboard.Report;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run on this machine. Reading the input, filling, working and writing results go on at the
 * same time; none of them holds the whole bag. Whichever fails stops the worker, which gives back
 * what it holds; the first failure is the one that is told.
 */
final class BagRun {

  /** How long an answer of Redis is waited for by one that was told to stop. */
  private static final Duration LAST_ANSWER = Duration.ofSeconds(1);

  /** Where Redis answers: to write the last results takes as long as the disk likes. */
  private static final Duration LAST_RESULTS = Duration.ofSeconds(30);

  private final Terminal terminal;
  private final Connection connection;
  private final WorkQueue queue;
  private final String name;
  private final RunRequest request;
  private final Observed seen;
  private final CommandRecords records;
  private final List<String> command;
  private final InputNotices notices;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean filled;
  private volatile boolean nothingToDo;
  private volatile @Nullable String pausedFor;

  /**
   * @param command what is run, as it was given; kept with the run
   */
  BagRun(
      Terminal terminal,
      Connection connection,
      RunRequest request,
      Observed seen,
      List<String> command) {
    this.terminal = terminal;
    this.connection = connection;
    this.queue = connection.queue();
    this.name = request.name().queue();
    this.request = request;
    this.records = request.results().records();
    this.seen = seen;
    this.command = command;
    this.notices = new InputNotices(terminal::say);
  }

  /**
   * @param large where large results go, or null if they are not files of their own
   * @param sampling what is done first, or null if all is one
   */
  ExitCode go(
      Input from,
      SlotLoop loop,
      RunRequest.Begin begin,
      @Nullable LargeResults large,
      @Nullable Sampling sampling)
      throws Exception {
    long start = System.nanoTime();
    boolean continued = begin != RunRequest.Begin.ANEW;
    Producer producer = producer(from, begin);
    boolean _ = queue.admin().note(Report.COMMAND, Report.asNote(command));
    if (request.input().order() instanceof RecordOrder.SampleFirst first) {
      // Before the first record: whoever reads the input again reads it in this order.
      boolean _ = queue.admin().note(SampleOptions.NOTE, first.size().text());
    }
    ResultsFile.@Nullable Claim into = request.results().file();
    boolean _ = queue.admin().note(ResultsFile.NOTE, into == null ? "" : into.path());
    if (producer != null) {
      FillTrace.keep(terminal.environment(), queue.admin());
    }
    try (ResultSink sink = sink(continued)) {
      ResultsPump pump = pump(sink, continued);
      CompletableFuture<String> pausedByUs = new CompletableFuture<>();
      RunningWorker worker =
          seen.by(
                  Worker.on(queue)
                      .slots(request.workers().slots())
                      .waitForFill(Duration.ofDays(365))
                      .notices(sampling == null ? terminal::say : sampling::say),
                  queue.admin())
              .start(new PauseNoticed(loop, pausedByUs::complete));
      seen.watch(worker);
      request.workers().slotsFile().follow(worker, terminal);
      var _ = pausedByUs.thenAccept(reason -> pause(reason, worker));
      var _ = records.failure().thenAccept(full -> fail(full, worker));
      if (large != null) {
        var _ = large.failure().thenAccept(full -> fail(full, worker));
      }
      Signals.onFirst(() -> worker.stop(request.workers().grace()));
      startFilling(producer, from, worker, sampling);
      ResultsThread results = ResultsThread.start(pump, thrown -> fail(thrown, worker));
      WorkerEnd end;
      boolean timeIsOver = false;
      Duration limit = request.workers().timeLimit();
      try (Progress _ =
          Progress.start(
              terminal, queue, () -> filled, () -> sampling != null && sampling.isAsking())) {
        Optional<WorkerEnd> early = limit == null ? Optional.empty() : worker.await(limit);
        timeIsOver = limit != null && early.isEmpty();
        if (timeIsOver) {
          worker.stop(request.workers().grace());
        }
        end = early.isPresent() ? early.get() : worker.await();
      }
      Optional<QueueStatus> stoppedAt = lastStatus(end, timeIsOver ? LAST_RESULTS : LAST_ANSWER);
      if (timeIsOver && !Signals.received()) {
        end = Ends.orDrained(end, stoppedAt);
      }
      finish(results, end, stoppedAt.isPresent());
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (sampling != null && sampling.isDeclined() && failure.get() == null && !timeIsOver) {
        return declined();
      }
      return end instanceof WorkerEnd.Stopped && failure.get() == null && !nothingToDo
          ? stopped(stoppedAt, timeIsOver)
          : conclude(end, sink, took);
    } catch (Refusal refusal) {
      throw withTheWayOn(refusal);
    } catch (FillRefusedException refused) {
      FillRefusedException why = request.input().explained(refused, notices);
      throw continued
          ? Refusal.usage(why.getMessage() + ", or begin anew with --fresh -q " + name, refused)
          : why;
    }
  }

  private Refusal withTheWayOn(Refusal refusal) {
    String way = "continue with --resume -q " + name;
    if (refusal.code() == ExitCode.CANNOT_WRITE) {
      return new Refusal(
          refusal.code(), refusal.getMessage() + "; make room, then " + way, refusal);
    }
    if (refusal.code() == ExitCode.NOBODY_LISTENS && !request.name().chosen()) {
      // Its name was made up by us; it is kept, for what was done may have taken long.
      terminal.say(
          refusal.getMessage()
              + "; "
              + way
              + ", or remove what there is with: piecework purge "
              + name
              + " --yes");
    }
    return refusal;
  }

  /** What the queue is like after a stop, where Redis can be reached. */
  private Optional<QueueStatus> lastStatus(WorkerEnd end, Duration atMost)
      throws InterruptedException {
    return end instanceof WorkerEnd.Stopped stopped && stopped.stillHeld() == 0
        ? BoundedCall.ask(queue.admin()::status, atMost)
        : Optional.empty();
  }

  /** Takes the last results. */
  private void finish(ResultsThread results, WorkerEnd end, boolean redisAnswers)
      throws InterruptedException {
    if (!(end instanceof WorkerEnd.Stopped)) {
      results.finish(end instanceof WorkerEnd.Drained || end instanceof WorkerEnd.Incomplete);
    } else if (!results.finishWithin(redisAnswers ? LAST_RESULTS : Duration.ZERO)) {
      terminal.say("what was done last is not among the results yet; --resume takes it");
    }
  }

  /** The command cannot be started: what runs is waited for, and a person has to mend it. */
  private void pause(String reason, RunningWorker worker) {
    pausedFor = reason;
    worker.stopWhenIdle();
  }

  /** Null when an earlier process has read the whole input. */
  private @Nullable Producer producer(Input from, RunRequest.Begin begin) {
    FillOptions options = new FillOptions(from.source(), false, request.input().unique(), false);
    boolean wholeInput =
        switch (begin) {
          case ANEW -> false;
          // A file is compared with what was filled; a stream cannot be read again.
          case CONTINUED -> readOnce(from) && wasReadToItsEnd(from);
          case DRAINED -> readOnce(from);
        };
    if (wholeInput) {
      filled = true;
      if (!Terminal.inputIsTerminal()) {
        terminal.say(
            "the input had been read to its end, and is not read again; add what is new with:"
                + " piecework fill "
                + name);
      }
      return null;
    }
    if (begin == RunRequest.Begin.ANEW || queue.run().isEmpty()) {
      return queue.produce(options);
    }
    // What a list has grown by belongs to the run that is there, drained or not.
    Producer more = queue.produceMore(options);
    long there = queue.admin().status().counts().total();
    if (more.resumedAt() == 0 && there > 0) {
      terminal.say(
          "nothing in queue '"
              + name
              + "' is from "
              + Printable.line(more.source(), 300)
              + " yet: its items come on top of the "
              + Figures.count(there, "item")
              + " there; a list is known by its path, so one that was renamed is another list");
    }
    return more;
  }

  /** An order that is not the input's cannot be compared once a file has changed its size. */
  private boolean readOnce(Input from) {
    return from.stream() || !request.input().order().isOfInput();
  }

  private boolean wasReadToItsEnd(Input from) {
    QueueStatus status = queue.admin().status();
    return status.counts().total() > 0
        && status.producers().stream().noneMatch(p -> p.source().equals(from.source()));
  }

  private ResultSink sink(boolean continued) throws IOException {
    String run = queue.run().orElse("");
    ResultsFile.@Nullable Claim file = request.results().file();
    if (file != null) {
      // Who means to continue has results there that nobody else has, though the run is gone.
      return file.begin(continued || request.name().resume(), run, terminal)
          .withFacts(records.facts());
    }
    PrintedResults.Form form =
        records.isLive()
            ? PrintedResults.Form.NOTHING
            : request.results().lines() ? PrintedResults.Form.LINES : PrintedResults.Form.AS_IS;
    return new PrintedResults(terminal, form, run).withTags(records::tag);
  }

  private ResultsPump pump(ResultSink sink, boolean continued) {
    long first = request.results().inOrder() ? continued ? OpenIds.lowest(queue) : 1 : 0;
    RunRequest.Results results = request.results();
    ResultsPump pump = new ResultsPump(queue, sink, first, results.passed(), terminal::say);
    return continued && results.file() == null ? pump.afterWhatWasPrinted() : pump;
  }

  private void startFilling(
      @Nullable Producer producer, Input from, RunningWorker worker, @Nullable Sampling sampling) {
    if (producer == null) {
      return;
    }
    Thread.ofPlatform()
        .daemon()
        .name("fill")
        .start(() -> {
          try {
            if (!new InputFill(terminal, connection, request.input(), notices, sampling)
                .isReadToItsEnd(producer, from, worker)) {
              return;
            }
            filled = true;
            if (queue.admin().status().counts().total() == 0) {
              nothingToDo = true;
              worker.stop(Duration.ZERO);
            } else if (sampling != null) {
              sampling.conclude(worker);
            }
          } catch (Throwable thrown) {
            fail(thrown, worker);
          }
        });
  }

  private void fail(Throwable thrown, RunningWorker worker) {
    if (failure.compareAndSet(null, thrown)) {
      worker.stop(Duration.ZERO);
    }
  }

  private ExitCode stopped(Optional<QueueStatus> status, boolean timeIsOver) {
    String paused = pausedFor;
    boolean byUs = paused != null && !timeIsOver && !Signals.received();
    Duration limit = request.workers().timeLimit();
    String why =
        timeIsOver && limit != null
            ? "time limit of " + Figures.time(limit) + " passed"
            : byUs ? "paused, for " + firstLine(String.valueOf(paused)) : "interrupted";
    String counts =
        status.map(s -> StatusText.counts(s.counts())).orElse("Redis cannot be reached");
    terminal.say(
        "stopped",
        why
            + ": "
            + counts
            + "; continue with --resume -q "
            + name
            + (byUs ? " when it is mended" : ""));
    return timeIsOver ? ExitCode.TIME_IS_OVER : byUs ? ExitCode.PAUSED : ExitCode.OURS;
  }

  private ExitCode declined() {
    terminal.say(
        "stopped",
        "ended with the sample; the rest: the same words with --resume -q "
            + name
            + " instead of --sample");
    return ExitCode.DONE;
  }

  /** The same input and results again; dead items only where there are some. */
  private String goOn() {
    long dead = queue.admin().status().counts().dead();
    return "--resume -q " + name + (dead > 0 ? " --retry-dead" : "");
  }

  // What the command wrote on its stderr follows, and is shown by status.
  static String firstLine(String reason) {
    return Printable.line(reason.lines().findFirst().orElse(""), 300);
  }

  private ExitCode conclude(WorkerEnd end, ResultSink sink, Duration took) throws Exception {
    Throwable failed = failure.get();
    if (failed != null && !Signals.received()) {
      switch (failed) {
        case Exception exception -> throw exception;
        case Error error -> throw error;
        default -> throw new IllegalStateException(failed);
      }
    }
    if (sink instanceof ResultsFile written && written.again() > 0) {
      terminal.say(
          Figures.count(written.again(), "result")
              + " came again, after Redis had lost that they were done; "
              + written.path()
              + " has each once");
    }
    if (sink instanceof ResultsFile file && end instanceof WorkerEnd.Drained) {
      file.removeWhatNobodyCommitted();
      file.takeDead(queue);
    }
    if (nothingToDo && end instanceof WorkerEnd.Stopped) {
      terminal.say("nothing to do: the input is empty");
      return ExitCode.DONE;
    }
    ExitCode code = Ends.of(end, true);
    if (end instanceof WorkerEnd.StoppedEarly early) {
      terminal.say(EventLog.ended(end), Ends.stoppedEarly(early.why(), goOn()));
      return code;
    }
    if (request.verbose() && end instanceof WorkerEnd.Failed ours) {
      terminal.stackTrace(ours.why());
    }
    terminal.say(
        EventLog.ended(end),
        Ends.sentence(queue, end)
            + DeadHint.of(queue, name, end)
            + (code == ExitCode.DONE ? " in " + Figures.time(took) : ""));
    return code;
  }
}
