package dev.piecework.cli.run;

import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.redis.WhereRedis;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.embedded.EmbeddedRedis;
import dev.piecework.embedded.RedisServerException;
import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.ManifestException;
import dev.piecework.job.policy.JobEvent;
import dev.piecework.job.process.JobRun;
import dev.piecework.job.process.PodRuntimeException;
import dev.piecework.job.report.JobDescription;
import dev.piecework.job.report.JobDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** {@code run -f}: a Job's manifest, run on this machine. */
final class ManifestRun {
  private final Terminal terminal;
  private final JobOptions options;
  private final RedisOptions redis;
  private final @Nullable Duration timeLimit;
  private final InstantSource clock = InstantSource.system();

  ManifestRun(
      Terminal terminal, JobOptions options, RedisOptions redis, @Nullable Duration timeLimit) {
    this.terminal = terminal;
    this.options = options;
    this.redis = redis;
    this.timeLimit = timeLimit;
  }

  ExitCode go(Path file) throws IOException, InterruptedException {
    boolean stdin = file.toString().equals("-");
    if (!stdin && (!Files.isReadable(file) || Files.isDirectory(file))) {
      throw Refusal.usage("cannot read " + file);
    }
    JobFile job;
    try (InputStream in = stdin ? System.in : Files.newInputStream(file)) {
      job =
          JobFile.read(stdin ? "stdin" : file.toString(), in, options.runtime, options.fromCronJob);
    } catch (ManifestException wrong) {
      String.valueOf(wrong.getMessage()).lines().forEach(terminal::passOn);
      return ExitCode.USAGE;
    }
    if (options.parallelism != null) {
      job = job.withParallelism(options.parallelism);
    }
    if (!job.notUsed().isEmpty()) {
      terminal.say("not used here: " + String.join(", ", job.notUsed()));
    }
    WhereRedis where = redis.where(terminal.environment());
    return switch (where) {
      case WhereRedis.At at -> run(job, at.uri().text());
      // What the manifest says may be the Service that ours stands for.
      case WhereRedis.Embedded _ ->
          job.setsEverywhere("REDIS_URL") && !job.services().contains("redis")
              ? run(job, "")
              : embedded(job);
    };
  }

  private ExitCode embedded(JobFile job) throws IOException, InterruptedException {
    EmbeddedRedis.Use use;
    try {
      use =
          EmbeddedRedis.join(EmbeddedRedis.stateFolder(), EmbeddedRedis.idleLimit(), terminal::say);
    } catch (RedisServerException none) {
      terminal.say("the pods have no Redis: " + none.getMessage());
      return run(job, "");
    }
    try (use) {
      return run(job, use.uri());
    }
  }

  private ExitCode run(JobFile job, String uri) throws IOException, InterruptedException {
    JobRun run =
        new JobRun(
            job,
            new JobRun.Config(
                EmbeddedRedis.stateFolder(),
                options.logs == null ? null : options.logs.toAbsolutePath(),
                uri),
            new Said(),
            clock);
    Signals.onFirst(run::stop);
    Signals.onSecond(run::stop);
    AtomicBoolean late = new AtomicBoolean();
    Optional<JobRun.Result> ended;
    try (Timer _ =
        Timer.after(
            timeLimit,
            () -> {
              late.set(true);
              run.stop();
            })) {
      ended = run.run();
    } catch (PodRuntimeException cannot) {
      if (Signals.received()) {
        return ExitCode.INTERRUPTED;
      }
      throw Refusal.usage(String.valueOf(cannot.getMessage()));
    }
    JobRun.Result result =
        ended.orElseThrow(() ->
            Refusal.usage(
                "a Job named '"
                    + job.name()
                    + "' runs already on this machine; 'piecework scale "
                    + job.name()
                    + " N' changes it"));
    report(job, result);
    if (result.stopped()) {
      return late.get() ? ExitCode.TIME_IS_OVER : ExitCode.INTERRUPTED;
    }
    return result.isComplete() ? ExitCode.DONE : ExitCode.JOB_FAILED;
  }

  private void report(JobFile job, JobRun.Result result) {
    JobDocument document = new JobDocument(job, result.uid(), result.rules(), result.state());
    String text =
        switch (options.kind) {
          case JSON -> document.json();
          case YAML -> document.yaml();
          case TABLE -> JobDescription.of(document, result.events(), clock.instant());
          case null -> JobDescription.of(document, result.events(), clock.instant());
        };
    terminal.print(text.stripTrailing());
    terminal.flush();
    terminal.say("logs: " + logs(result.logs()));
  }

  private static String logs(JobRun.Logs logs) {
    if (!logs.kept()) {
      return "gone with the Job, as ttlSecondsAfterFinished says; --logs-dir DIR keeps them";
    }
    return logs.expiry() == null
        ? logs.folder().toString()
        : logs.folder()
            + " until "
            + logs.expiry().truncatedTo(ChronoUnit.SECONDS)
            + ", as ttlSecondsAfterFinished says";
  }

  /** What happens, as it happens. */
  private final class Said implements JobRun.Watcher {
    private final boolean printsDocument = options.kind != null;

    @Override
    public void event(JobEvent event) {
      terminal.say((event.warning() ? "Warning " + event.reason() + ": " : "") + event.message());
    }

    @Override
    public void printed(String line) {
      if (printsDocument) {
        terminal.passOn(line);
      } else {
        terminal.print(terminal.outIsTerminal() ? Printable.line(line, 4_000) : line);
        terminal.flush();
      }
    }

    @Override
    public void notice(String line) {
      terminal.say(line);
    }
  }

  /** Does something when a time is over, unless it is closed before. */
  private record Timer(@Nullable ScheduledExecutorService executor) implements AutoCloseable {
    static Timer after(@Nullable Duration time, Runnable action) {
      if (time == null) {
        return new Timer(null);
      }
      ScheduledExecutorService executor =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("time limit").factory());
      var _ = executor.schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
      return new Timer(executor);
    }

    @Override
    public void close() {
      if (executor != null) {
        executor.shutdownNow();
      }
    }
  }
}
