package dev.piecework.cli.queue;

import dev.piecework.QueueAdmin;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.output.StatusJson;
import dev.piecework.cli.output.StatusText;
import dev.piecework.cli.output.Table;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.dashboard.RunJson;
import dev.piecework.estimate.EndText;
import dev.piecework.journal.Journal;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(footer = {"", "Example:", "  piecework status job2 --watch", "  piecework status -o json"})
public final class StatusVerb extends Verb {

  private static final long WATCH_MILLIS = 1_000;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "The queue's name; without it, all queues are listed.")
  @Nullable String queue;

  @Mixin RedisOptions redis = new RedisOptions();
  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = {"-w", "--watch"},
      description =
          "Go on until the queue is drained: on the whole screen of a terminal, which q leaves; where"
              + " there is none a line per change.")
  boolean watch;

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    String one = queue;
    if (one == null && watch) {
      throw Refusal.usage("--watch needs the name of a queue");
    }
    // Any name will do to ask for the others: nothing is created.
    try (Connection connection =
        redis.connect(terminal, one == null ? "piecework" : one, SettingsOptions.OURS)) {
      if (one == null) {
        list(terminal, connection);
      } else if (watch) {
        watch(terminal, connection.queue());
      } else {
        QueueAdmin admin = connection.queue().admin();
        print(terminal, admin.status(), admin.journal());
      }
    }
    return ExitCode.DONE;
  }

  private void print(Terminal terminal, QueueStatus status, Journal journal) {
    if (output.json()) {
      terminal.print(
          Json.object(json -> {
            StatusJson.write(json, status);
            RunJson.estimate(json, status.end(journal));
            json.writeObjectPropertyStart("journal");
            RunJson.journal(json, journal);
            json.writeEndObject();
          }));
    } else {
      StatusText.lines(status, journal, end(status, journal)).forEach(terminal::print);
    }
  }

  private void list(Terminal terminal, Connection connection) {
    List<QueueStatus> all = new ArrayList<>();
    for (String name : connection.queue().admin().names()) {
      try (WorkQueue sibling = connection.sibling(name)) {
        QueueStatus status = sibling.admin().status();
        // The registry is a hint: what was purged may still be in it.
        if (status.run() != null || status.counts().total() > 0 || !status.producers().isEmpty()) {
          all.add(status);
        }
      }
    }
    if (output.json()) {
      all.forEach(status -> terminal.print(Json.object(json -> StatusJson.write(json, status))));
      return;
    }
    if (all.isEmpty()) {
      terminal.say("no queues in " + connection.queue().admin().server());
      return;
    }
    Table table = new Table("QUEUE", "WAITING", "LEASED", "DELAYED", "DONE", "DEAD", "STANDS");
    for (QueueStatus status : all) {
      var counts = status.counts();
      table.row(
          status.queue(),
          Figures.number(counts.waiting()),
          Figures.number(counts.leased()),
          Figures.number(counts.delayed()),
          Figures.number(counts.done()),
          Figures.number(counts.dead()),
          StatusText.state(status));
    }
    table.lines().forEach(terminal::print);
  }

  private void watch(Terminal terminal, WorkQueue open) throws Exception {
    Optional<StatusWatch.Result> shown =
        output.json() ? Optional.empty() : StatusWatch.show(terminal, open);
    if (shown.isEmpty()) {
      watchInLines(terminal, open);
      return;
    }
    StatusWatch.Seen end = shown.get().end();
    if (end != null) {
      print(terminal, end.status(), end.journal());
    }
  }

  private void watchInLines(Terminal terminal, WorkQueue open) throws InterruptedException {
    String last = "";
    while (true) {
      QueueStatus status = open.admin().status();
      String line =
          output.json()
              ? Json.object(json -> StatusJson.write(json, status))
              : status.queue()
                  + ": "
                  + StatusText.state(status)
                  + "; "
                  + StatusText.counts(status.counts());
      if (!line.equals(last)) {
        terminal.print(line);
        terminal.flush();
      }
      last = line;
      if (isEnd(status.state())) {
        return;
      }
      Thread.sleep(WATCH_MILLIS);
    }
  }

  /** When it ends, by the clock of this machine. */
  static String end(QueueStatus status, Journal journal) {
    return EndText.of(
        status.end(journal), InstantSource.system().instant(), ZoneId.systemDefault());
  }

  static boolean isEnd(QueueState state) {
    return state instanceof QueueState.Drained
        || state instanceof QueueState.Incomplete
        || state instanceof QueueState.Lost;
  }
}
