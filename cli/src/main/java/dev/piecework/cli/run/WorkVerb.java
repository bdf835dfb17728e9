package dev.piecework.cli.run;

import dev.piecework.PieceworkException;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.cli.followup.FollowUpRun;
import dev.piecework.cli.followup.ThenOption;
import dev.piecework.cli.kept.CommandRecords;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.queue.PartitionsOption;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.throttle.SlotsOption;
import dev.piecework.cli.throttle.ThrottleOptions;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.TakesCommand;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.TerminationLog;
import dev.piecework.cli.verb.Verb;
import dev.piecework.worker.RunningWorker;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    customSynopsis = "piecework work QUEUE [OPTIONS] -- CMD ...",
    footer = {
      "",
      "{} in an argument of CMD is the payload; without any it is the last argument. Of a path {.} is",
      "without extension, {/} the name, {//} the folder, {/.} the name without extension; {id},",
      "{attempt} and {slot} are what they say. Where the payload is a JSON object {name} is a field,",
      "{a.b} one inside another, {2} the second. Its standard output is the result. It exits 0: done;",
      "65: dead at once; 75: again later, uncounted; else: a failed attempt.",
      "",
      "Exits 0 when drained, 3 when the run is lost or incomplete, 6 when --then failed. SIGTERM:",
      "finishes what fits in --grace, gives the rest back, exits 143.",
      "",
      "Example:",
      "  piecework work job2 --slots 4 --timeout 5m -- ./convert.sh {}"
    })
public final class WorkVerb extends Verb implements TakesCommand {

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue's name.")
  String queue = "";

  @Mixin CommandOptions command = new CommandOptions();
  @Mixin RedisOptions redis = new RedisOptions();
  @Mixin SettingsOptions settings = new SettingsOptions();
  @Mixin PartitionsOption partitions = new PartitionsOption();
  @Mixin WhichRunOptions which = new WhichRunOptions();
  @Mixin OutputOption output = new OutputOption();
  @Mixin ObservedOptions observed = new ObservedOptions();
  @Mixin SlotsOption slots = new SlotsOption();
  @Mixin ThrottleOptions throttle = new ThrottleOptions();
  @Mixin ThenOption then = new ThenOption();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The worker's name; default POD_NAME, else the host's.")
  @Nullable String name;

  @Option(names = "--forever", description = "Go on when drained, with the next run.")
  boolean forever;

  @Option(
      names = "--leave-early",
      description =
          "Leave when other live workers hold all that is left, and are replaced if they die.")
  boolean leaveEarly;

  @Option(
      names = "--wait-for-fill",
      paramLabel = "1m",
      description = "How long to wait for the first item of a queue that never held one.")
  Duration waitForFill = Duration.ofMinutes(1);

  @Option(names = "--fail-on-dead", description = "Exit 1 when drained with dead items.")
  boolean failOnDead;

  @Option(
      names = "--grace",
      paramLabel = "5s",
      description = "When told to stop: how long what runs may take to end.")
  Duration grace = Duration.ofSeconds(5);

  @Option(
      names = "--health-port",
      paramLabel = "PORT",
      description = "Answer GET /healthz there: 200 while the heartbeat lives, else 503.")
  @Nullable Integer healthPort;

  private @Nullable FollowUpRun next;

  @Override
  public void command(List<String> words) {
    command.words = words;
  }

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    observed.log(terminal, name(terminal));
    int asked = slots.count();
    throttle.check(command.child);
    then.check(null);
    if (then.text != null && (forever || leaveEarly)) {
      throw Refusal.usage(
          "--then is run when all is drained, and --"
              + (forever ? "forever" : "leave-early")
              + " does not end with that");
    }
    if (forever && leaveEarly) {
      throw Refusal.usage("--forever and --leave-early exclude each other");
    }
    long start = System.nanoTime();
    command.kept.checkFacts(output.json());
    command.check();
    int fitting = command.slotsThatFit(asked, terminal);
    try (Observed seen = observed.open(terminal, queue, verbose);
        Connection connection =
            redis.connect(terminal, queue, partitions.in(settings.wished()), seen.calls());
        CommandRecords kept = command.kept.open(terminal, queue, false)) {
      WorkQueue open = worksFor(connection.queue());
      partitions.check(open);
      if (leaveEarly) {
        PartitionsOption.refuse(open, "--leave-early", "a worker stays until all is drained");
      }
      settings.sayWhatWasNotTaken(queue, open.settings(), terminal);
      next = FollowUpRun.of(then, terminal, open);
      kept.begin(true, command.typed());
      SlotLoop loop =
          command.loop(queue, settings.resultLimits(open.settings(), null), kept, seen.context());
      loop = throttle.on(loop, open, terminal);
      // What dead workers of this machine held need not wait for the lease timeout.
      int reaped = open.admin().reapGoneProcesses();
      if (reaped > 0) {
        terminal.say("took back what " + Figures.count(reaped, "gone process") + " held");
      }
      terminal.say(
          "started",
          "working on "
              + queue
              + " in "
              + Figures.count(fitting, "slot")
              + ", "
              + open.admin().server());
      if (healthPort != null) {
        seen.health(healthPort, open.settings().leaseTimeout().plus(redis.timeout));
      }
      RunningWorker running;
      try {
        running = seen.by(worker(terminal, open, fitting), open.admin()).start(loop);
      } catch (PieceworkException refused) {
        return end(open, terminal, WorkerEnd.of(refused), null, start);
      }
      seen.watch(running);
      slots.file(wanted -> command.slotsThatFit(wanted, terminal)).follow(running, terminal);
      var _ = kept.failure().thenAccept(full -> running.stop(Duration.ZERO));
      Signals.onFirst(() -> running.stop(grace));
      WorkerEnd end = running.await();
      kept.throwFailure();
      return end(open, terminal, end, running.counts(), start);
    }
  }

  private WorkQueue worksFor(WorkQueue any) {
    try {
      SessionOptions options =
          SessionOptions.DEFAULTS.withExpect(which.expect == null ? 0 : which.expect);
      return any.with(which.run == null ? options : options.withRun(which.run));
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** A pod's name identifies no life of it; the session's id has a part that does. */
  private @Nullable String name(Terminal terminal) {
    String pod = terminal.environment().getOrDefault("POD_NAME", "");
    return name != null ? name : pod.isBlank() ? null : pod;
  }

  private Worker worker(Terminal terminal, WorkQueue open, int slots) {
    try {
      Worker worker = Worker.on(open).slots(slots).waitForFill(waitForFill).notices(terminal::say);
      String called = name(terminal);
      worker = called == null ? worker : worker.name(called);
      worker = forever ? worker.forever() : worker;
      return leaveEarly ? worker.leaveEarly() : worker;
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private ExitCode end(
      WorkQueue open,
      Terminal terminal,
      WorkerEnd end,
      RunningWorker.@Nullable Counts counts,
      long start)
      throws IOException, InterruptedException {
    ExitCode code = Ends.of(end, failOnDead);
    String sentence = Ends.sentence(open, end);
    if (end instanceof WorkerEnd.Failed failed && verbose) {
      terminal.stackTrace(failed.why());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    String here =
        counts == null
            ? ""
            : "; here: "
                + Figures.number(counts.done())
                + " done, "
                + Figures.number(counts.failed())
                + " failed"
                + (counts.refused() == 0
                    ? ""
                    : ", " + Figures.number(counts.refused()) + " came too late")
                + " in "
                + Figures.time(took);
    terminal.say(EventLog.ended(end), queue + ": " + sentence + here);
    if (next != null && end instanceof WorkerEnd.Drained) {
      code = next.printingToStderr(output.json()).after(code);
    }
    TerminationLog.write(terminal.environment(), queue + ": " + sentence + here);
    int exit = code.number();
    if (output.json()) {
      terminal.print(
          Json.object(json -> {
            json.writeStringProperty("queue", queue);
            json.writeStringProperty("end", end.getClass().getSimpleName());
            json.writeStringProperty("says", sentence);
            if (counts != null) {
              json.writeNumberProperty("done", counts.done());
              json.writeNumberProperty("failed", counts.failed());
              json.writeNumberProperty("refused", counts.refused());
            }
            Json.seconds(json, "seconds", took);
            json.writeNumberProperty("exit", Signals.codeOr(exit));
          }));
    }
    return code;
  }
}
