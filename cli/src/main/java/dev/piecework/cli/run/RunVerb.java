package dev.piecework.cli.run;

import dev.piecework.Item;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.cli.followup.FollowUpRun;
import dev.piecework.cli.followup.ThenOption;
import dev.piecework.cli.input.Grid;
import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.InputNotices;
import dev.piecework.cli.input.InputOptions;
import dev.piecework.cli.input.RecordFormat;
import dev.piecework.cli.kept.CommandRecords;
import dev.piecework.cli.output.WholeFile;
import dev.piecework.cli.queue.PartitionsOption;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.redis.WhereRedis;
import dev.piecework.cli.results.LargeResults;
import dev.piecework.cli.results.ResultsFile;
import dev.piecework.cli.throttle.SlotsOption;
import dev.piecework.cli.throttle.ThrottleOptions;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.TakesCommand;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.cli.verb.Version;
import dev.piecework.dashboard.Report;
import dev.piecework.embedded.EmbeddedRedis;
import dev.piecework.worker.SlotLoop;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    customSynopsis = {
      "piecework run [OPTIONS] [--from FILE|-] -- CMD ...",
      "piecework run [OPTIONS] -- CMD ... ::: VALUE ... [::: VALUE ...]",
      "piecework run -f JOB.YAML [--parallelism N] [--runtime podman] [--logs-dir DIR] [-o json|yaml]"
    },
    footer = {
      "",
      "{} in an argument of CMD is the payload; without any it is the last argument. Of a path {.} is",
      "without extension, {/} the name, {//} the folder, {/.} the name without extension; {id},",
      "{attempt} and {slot} are what they say. Of records (--format csv, tsv, jsonl) {name} is a",
      "field, {a.b} one inside another, {2} the second. Its standard output is the result, printed",
      "as it is, whole, never mixed with another's (with --batch and --child, where it is a line, a",
      "newline follows it). It exits 0: done; 65: dead at once; 75: again later, uncounted; else: a",
      "failed attempt.",
      "",
      "Exits 0 when all is done, 1 when some items are dead, 3 when the run is lost or incomplete,",
      "5 when --time-limit is over, 6 when --then failed.",
      "",
      "With -f the Job in a Kubernetes manifest (batch/v1) runs on this machine, by the rules of the",
      "real controller; it exits 0 when the Job is Complete, 6 when it Failed. Ctrl-C ends its pods",
      "gracefully, a second one at once.",
      "",
      "Example:",
      "  piecework run -f job.yaml",
      "  piecework run -p 8 --from files.txt --results out.jsonl -- ./convert.sh {}",
      "  seq 1000 | piecework run --in-order -- factor {}",
      "  piecework run --format csv --from people.csv -- ./greet.sh {name} {city}",
      "  piecework run -- ./train.sh {1} {2} ::: small large ::: 1 2 3"
    })
public final class RunVerb extends Verb implements TakesCommand {

  private static final Duration TO_REPORT = Duration.ofSeconds(30);

  @Mixin InputOptions input = new InputOptions();
  @Mixin CommandOptions command = new CommandOptions();
  @Mixin RedisOptions redis = new RedisOptions();
  @Mixin SettingsOptions settings = new SettingsOptions();
  @Mixin JobOptions job = new JobOptions();
  @Mixin ObservedOptions observed = new ObservedOptions();
  @Mixin SampleOptions sample = new SampleOptions();
  @Mixin SlotsOption slots = new SlotsOption();
  @Mixin ThrottleOptions throttle = new ThrottleOptions();
  @Mixin HaltOption halt = new HaltOption();
  @Mixin ThenOption then = new ThenOption();

  @Option(
      names = {"-q", "--queue"},
      paramLabel = "NAME",
      description =
          "The queue's name; default: by working folder, command and input file."
              + " For standard input a new one each time.")
  @Nullable String queue;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description =
          "Write results, and at the end what is dead, to FILE as JSON lines, or as CSV to FILE.csv,"
              + " instead of printing them; a result above 1 MiB becomes a file of its own in FILE.d,"
              + " which its line names.")
  @Nullable Path results;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "At the end, also after Ctrl-C, write a page about the run; see piecework report.")
  @Nullable Path report;

  @Option(names = "--in-order", description = "Results in the order of the input.")
  boolean inOrder;

  @Option(
      names = "--resume",
      description =
          "Continue a run: only what is missing, and what its list has grown by; one that is paused"
              + " goes on.")
  boolean resume;

  @Option(
      names = "--retry-dead",
      description = "With --resume: dead items too, with fresh attempts.")
  boolean retryDead;

  @Option(
      names = "--dry-run",
      description = "Print the commands that would run, quoted for a shell, and run nothing.")
  boolean dryRun;

  @Option(names = "--fresh", description = "Drop an unfinished run, and begin anew.")
  boolean fresh;

  @Option(
      names = "--time-limit",
      paramLabel = "1h",
      description = "For the whole run; --resume continues it.")
  @Nullable Duration timeLimit;

  @Option(
      names = "--grace",
      paramLabel = "5s",
      description = "When told to stop: how long what runs may take to end.")
  Duration grace = Duration.ofSeconds(5);

  @Override
  public void command(List<String> words) {
    command.words = Grid.before(words);
    input.grid = Grid.isIn(words) ? Grid.of(words) : null;
  }

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    if (job.file != null) {
      job.refuseWhatIsForItems(this);
      return new ManifestRun(terminal, job, redis, timeLimit).go(job.file);
    }
    observed.log(terminal, null);
    job.check();
    command.readFrom(input);
    checkOptions();
    command.check();
    if (dryRun) {
      return dryRun(terminal);
    }
    RunRequest.Workers workers =
        new RunRequest.Workers(
            command.slotsThatFit(slots.count(), terminal),
            slots.file(wanted -> command.slotsThatFit(wanted, terminal)),
            grace,
            timeLimit);
    Input from = input.source();
    if (input.from == null && input.grid == null && Terminal.inputIsTerminal()) {
      terminal.say("one item per line; Ctrl-D ends");
    }
    String name =
        queue != null ? queue : RunName.of(command.work(), input.records(), from, Path.of(""));
    LargeResults large = largeResults();
    settings.largeResults = large != null;
    WhereRedis where = WhereRedis.find(redis.uri, terminal.environment());
    try (RunLock _ =
            RunLock.take(
                EmbeddedRedis.stateFolder(terminal.environment()),
                name,
                RunName.lockPlace(where, name));
        ResultsFile.@Nullable Claim file = results == null ? null : ResultsFile.claim(results);
        CommandRecords kept = command.kept.open(terminal, name, tagsStderr(terminal));
        Observed seen = observed.open(terminal, name, verbose);
        Connection connection = redis.connect(terminal, name, wished(), seen.calls())) {
      PartitionsOption.refuse(
          connection.queue(), "run", "use fill, work and results, or another -q NAME");
      checkFirstRecord(from, connection.queue().settings());
      // What is refused is refused until here: now what was there before may be dropped.
      RunRequest.Begin begin = begin(new EarlierRun(terminal, connection.queue(), name));
      settings.sayWhatWasNotTaken(name, connection.queue().settings(), terminal);
      if (queue == null && from.stream()) {
        terminal.say("the queue is " + name);
      }
      RecordFormat records = sample.records(input, connection.queue(), begin);
      records.sayOrder(terminal);
      kept.begin(resume, command.typed());
      if (results != null) {
        kept.keepEnds();
      }
      SlotLoop loop =
          command.loop(
              name,
              settings.resultLimits(connection.queue().settings(), large),
              kept,
              seen.context());
      loop = halt.on(throttle.on(loop, connection.queue(), terminal));
      RunRequest request = request(name, records, workers, file, kept);
      FollowUpRun next = FollowUpRun.of(then, terminal, connection.queue());
      ExitCode code =
          new BagRun(terminal, connection, request, seen, command.words)
              .go(
                  from,
                  loop,
                  begin,
                  large,
                  sample.sampling(terminal, connection.queue(), workers.slots()));
      if (next != null) {
        code = next.withResultsOf(results).afterRun(code);
      }
      if (report != null) {
        report(terminal, connection.queue(), new WholeFile(report));
      }
      if (code == ExitCode.DONE
          && queue == null
          && from.stream()
          && !Signals.received()
          && connection.queue().admin().status().counts().unfinished() == 0) {
        // Nobody can ask for it again, and there would be one more each time.
        long _ = connection.queue().admin().purge();
      }
      return code;
    }
  }

  private boolean tagsStderr(Terminal terminal) {
    return slots.count() > 1 && !command.resultsAreLines() && terminal.errIsTerminal();
  }

  private ExitCode dryRun(Terminal terminal) throws Exception {
    if (command.child) {
      throw Refusal.usage("--dry-run prints a command for each item, and --child has none");
    }
    input.require(command.wanted(), settings.wished());
    new DryRun(terminal, command).print(input.source(), input.records(), settings.wished());
    return ExitCode.DONE;
  }

  /** Redis may be gone, which is then why the run ended: that is what the verb is to say. */
  private void report(Terminal terminal, WorkQueue open, WholeFile file)
      throws InterruptedException {
    Optional<Report> read =
        BoundedCall.ask(
            () -> Report.of(open.admin(), Version.text(), InstantSource.system().instant()),
            TO_REPORT);
    if (read.isPresent()) {
      file.write("the report", read.get().html());
      terminal.say("the report is in " + file.path());
    } else {
      terminal.say("there is no report: Redis did not answer");
    }
  }

  private RunRequest.Begin begin(EarlierRun earlier) {
    if (resume) {
      return earlier.resume(retryDead, results);
    }
    if (!fresh) {
      earlier.refuseUnfinished(queue != null);
    }
    earlier.drop();
    return RunRequest.Begin.ANEW;
  }

  private QueueSettings wished() {
    return settings.given().on(SettingsOptions.OF_RUN);
  }

  private RunRequest request(
      String name,
      RecordFormat records,
      RunRequest.Workers workers,
      ResultsFile.@Nullable Claim file,
      CommandRecords kept) {
    return new RunRequest(
        new RunRequest.Name(name, queue != null, resume),
        records,
        workers,
        new RunRequest.Results(file, inOrder, command.resultsAreLines(), kept, then.text != null),
        verbose);
  }

  private void checkOptions() {
    input.check();
    sample.check(resume, inOrder);
    if (resume && fresh) {
      throw Refusal.usage("--resume and --fresh exclude each other");
    }
    if (retryDead && !resume) {
      throw Refusal.usage("--retry-dead goes with --resume");
    }
    int _ = slots.count();
    throttle.check(command.child);
    halt.giveTo(settings, command.child);
    then.check(results);
    if (inOrder && !input.records().order().isOfInput()) {
      throw Refusal.usage(
          "--in-order goes by counted ids, which --shuffle and --size count in their order: leave out"
              + " one of them");
    }
    command.kept.checkResults(results == null, inOrder);
    if (inOrder && (input.idField != null || input.unique)) {
      throw Refusal.usage(
          "--in-order goes by counted ids: leave out " + (input.unique ? "--unique" : "--id"));
    }
    if (resume && queue == null && input.source().stream()) {
      throw Refusal.usage("--resume of a run that read standard input needs its name: -q NAME");
    }
    if (results != null) {
      ResultsFile.check(results);
    }
    if (report != null) {
      new WholeFile(report).check("--report");
    }
  }

  /** Where large results go, if they can: a pipe or a device has no folder beside it. */
  private @Nullable LargeResults largeResults() {
    if (results == null || command.child || !ResultsFile.mayHaveFolder(results)) {
      return null;
    }
    return new LargeResults(ResultsFile.folder(results));
  }

  /** Looks whether the input is what it is said to be, where it can be read a second time. */
  private void checkFirstRecord(Input from, QueueSettings stored) throws IOException {
    int largest = Math.max(stored.payloadMax(), wished().payloadMax());
    QueueSettings limits = QueueSettings.DEFAULTS.withPayloadMax(largest);
    input.require(command.wanted(), limits);
    boolean lines = !input.format.hasFields();
    boolean ordered = !input.records().order().isOfInput();
    // Of one that is ordered all of it; what was done meanwhile may have no size any more.
    if (ordered ? resume : lines) {
      return;
    }
    if (from.stream()) {
      return;
    }
    try (InputStream in = from.open()) {
      Item _ = input.records().reader(in, limits, InputNotices.none()).next();
    }
  }
}
