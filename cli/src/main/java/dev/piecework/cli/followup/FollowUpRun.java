package dev.piecework.cli.followup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.QueueAdmin.FollowUp;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.SessionInfo;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.results.ResultsPump;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Has the command of {@code --then} run once when a run is drained: by this process, or waits for
 * the one that runs it, and takes over when that dies.
 */
public final class FollowUpRun {

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 500;

  /** Of the run. */
  private static final String NOTE = "then";

  private static final String OPEN = "open";

  private final Terminal terminal;
  private final WorkQueue queue;
  private final String text;
  private final FollowUp followUp;
  private final CountDownLatch stop = new CountDownLatch(1);
  private @Nullable Path file;
  private boolean toStderr;
  private boolean heldSaid;

  private FollowUpRun(Terminal terminal, WorkQueue queue, String text) {
    this.terminal = terminal;
    this.queue = queue;
    this.text = text;
    this.followUp = queue.admin().followUp();
  }

  /** Before anything is leased: a failure that is there by then is tried again. Null for none. */
  public static @Nullable FollowUpRun of(ThenOption option, Terminal terminal, WorkQueue queue) {
    return option.text == null ? null : new FollowUpRun(terminal, queue, option.text);
  }

  /** Results are those of this file of JSON lines. */
  public FollowUpRun withResultsOf(@Nullable Path results) {
    file = results;
    return this;
  }

  /** What the command prints goes to stderr: stdout has facts of ours. */
  public FollowUpRun printingToStderr(boolean given) {
    toStderr = given;
    return this;
  }

  /** Whether what follows the run that is there was begun, and has not succeeded. */
  public static boolean isOpen(WorkQueue queue) {
    return queue.admin().note(NOTE).filter(OPEN::equals).isPresent();
  }

  /** After a run on this machine: if it was drained. */
  public ExitCode afterRun(ExitCode code) throws IOException, InterruptedException {
    boolean over = code == ExitCode.DONE || code == ExitCode.SOME_DEAD;
    if (!over || Signals.received() || !(queue.state() instanceof QueueState.Drained)) {
      return code;
    }
    // Who starts the same run again is to know: of one with a results file nothing else is left.
    boolean _ = queue.admin().note(NOTE, OPEN);
    ExitCode end = after(code);
    if (end == code && !Signals.received()) {
      boolean _ = queue.admin().note(NOTE, "done");
    }
    if (end == code && file == null && !Signals.received()) {
      queue.admin().partitions().forEach(FollowUpRun::dropWhatWasPrinted);
    }
    return end;
  }

  /** Nobody else asks for that. What was requeued and done meanwhile nobody has seen yet. */
  private static void dropWhatWasPrinted(WorkQueue part) {
    part.admin()
        .note(ResultsPump.PRINTED)
        .ifPresent(
            last -> part.admin().resultLogs().forEach(log -> log.dropUpTo(Long.parseLong(last))));
  }

  /**
   * After a run is drained.
   *
   * @param code what the run's end says
   * @return the same when the command has succeeded, here or elsewhere
   */
  public ExitCode after(ExitCode code) throws IOException, InterruptedException {
    Signals.onFirst(stop::countDown);
    while (stop.getCount() > 0 && !Signals.received()) {
      switch (followUp.take(name(), queue.settings().leaseTimeout())) {
        case FollowUp.Taken mine -> {
          ExitCode end = run(mine, code);
          if (end != null) {
            return end;
          }
        }
        case FollowUp.Held other -> {
          if (!heldSaid) {
            heldSaid = true;
            terminal.say("waiting for --then, which " + Printable.line(other.who(), 100) + " runs");
          }
          boolean _ = stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        case FollowUp.Done done -> {
          terminal.say("--then has been run");
          return code;
        }
        case FollowUp.Failed failed -> {
          return failed(failed.code());
        }
        case FollowUp.NotEnded gone -> {
          terminal.say("--then was not run: queue '" + queue.name() + "' has been filled again");
          return ExitCode.THEN_FAILED;
        }
      }
    }
    return code;
  }

  private ExitCode failed(int code) {
    terminal.say(
        "all is done, but --then failed: exit code "
            + code
            + "; to try it again: the same again, run with --resume -q "
            + queue.name());
    return ExitCode.THEN_FAILED;
  }

  private static String name() {
    SessionInfo here = SessionInfo.local(1);
    return "process " + here.pid() + " on " + here.worker();
  }

  /** Null when another has taken over, and how that ends is to be looked for. */
  private @Nullable ExitCode run(FollowUp.Taken mine, ExitCode code)
      throws IOException, InterruptedException {
    Duration lease = queue.settings().leaseTimeout();
    QueueStatus status = queue.admin().status();
    AtomicLong given = new AtomicLong(-1);
    AtomicReference<@Nullable RuntimeException> unread = new AtomicReference<>();
    boolean lost;
    int exit;
    try (FollowUpCommand command =
        FollowUpCommand.start(text, variables(mine, status), this::stdout, this::stderr)) {
      Thread feeder = feed(command, given, unread);
      lost = !keep(command, mine.token(), lease);
      if (stop.getCount() == 0) {
        command.stop(GRACE);
        boolean _ = followUp.release(mine.token());
        return code;
      }
      exit = command.exitCode();
      boolean _ = feeder.join(GRACE);
    }
    RuntimeException cannotRead = unread.get();
    if (cannotRead != null && !lost) {
      boolean _ = followUp.release(mine.token());
      throw cannotRead; // what it was given was not all
    }
    if (lost || !(exit == 0 ? followUp.done(mine.token()) : followUp.failed(mine.token(), exit))) {
      terminal.say("--then has been taken over by another worker, for this one was not heard");
      heldSaid = false;
      return null;
    }
    sayWhatWasNotThere(given.get(), status.counts().done());
    if (exit != 0) {
      return failed(exit);
    }
    return code;
  }

  private void sayWhatWasNotThere(long given, long done) {
    if (given >= 0 && given < done) {
      terminal.say(
          "--then was given "
              + Figures.number(given)
              + " of "
              + Figures.count(done, "result")
              + ": the others had been taken out of Redis, or were not kept");
    }
  }

  private Thread feed(
      FollowUpCommand command,
      AtomicLong given,
      AtomicReference<@Nullable RuntimeException> failure) {
    FollowUpResults rows = new FollowUpResults(queue, file);
    return Thread.ofPlatform()
        .daemon()
        .name("then-stdin")
        .start(() -> {
          try (OutputStream stdin = command.stdin()) {
            given.set(rows.writeTo(stdin));
          } catch (IOException itReadsNoMore) {
            // As head does, which is no failure.
          } catch (RuntimeException cannotRead) {
            failure.set(cannotRead);
            command.kill();
          }
        });
  }

  /** Renews the lease while the command runs; false when it was lost, and the command killed. */
  private boolean keep(FollowUpCommand command, long token, Duration lease)
      throws InterruptedException {
    long heard = System.nanoTime();
    long renewed = heard;
    while (!command.await(Duration.ofMillis(100)) && stop.getCount() > 0) {
      long now = System.nanoTime();
      if (now - renewed < lease.dividedBy(3).toNanos()) {
        continue;
      }
      renewed = now;
      boolean lost;
      try {
        lost = !followUp.renew(token, lease);
        heard = lost ? heard : now;
      } catch (RuntimeException away) { // whatever it is: what is not renewed is lost in the end
        lost = System.nanoTime() - heard > lease.toNanos();
      }
      if (lost) {
        command.kill();
        boolean _ = command.await(GRACE);
        return false;
      }
    }
    return true;
  }

  private Map<String, String> variables(FollowUp.Taken mine, QueueStatus status) {
    QueueStatus.Counts counts = status.counts();
    return Map.of(
        "PIECEWORK_QUEUE", queue.name(),
        "PIECEWORK_RUN", queue.run().orElse(""),
        "PIECEWORK_TOTAL", String.valueOf(counts.done() + counts.dead()),
        "PIECEWORK_DONE", String.valueOf(counts.done()),
        "PIECEWORK_DEAD", String.valueOf(counts.dead()),
        "PIECEWORK_ATTEMPT", String.valueOf(mine.tries()),
        "PIECEWORK_TOKEN", String.valueOf(mine.token()));
  }

  private void stdout(InputStream from) throws IOException {
    if (toStderr) {
      stderr(from);
      return;
    }
    byte[] piece = new byte[1 << 13];
    for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
      terminal.print(java.util.Arrays.copyOf(piece, read));
      terminal.flush();
    }
  }

  private void stderr(InputStream from) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(from, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      terminal.passOn(line);
    }
  }
}
