package dev.piecework.cli.queue;

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
import java.util.ArrayList;
import java.util.List;
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
          "Go on until the queue is drained; on a terminal in place, else a line per change.")
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
        QueueStatus status = connection.queue().admin().status();
        print(terminal, status);
      }
    }
    return ExitCode.DONE;
  }

  private void print(Terminal terminal, QueueStatus status) {
    if (output.json()) {
      terminal.print(Json.object(json -> StatusJson.write(json, status)));
    } else {
      StatusText.lines(status).forEach(terminal::print);
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
      all.forEach(status -> print(terminal, status));
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

  private void watch(Terminal terminal, WorkQueue open) throws InterruptedException {
    int drawn = 0;
    String last = "";
    while (true) {
      QueueStatus status = open.admin().status();
      if (output.json() || !terminal.outIsTerminal()) {
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
        }
        last = line;
      } else {
        List<String> lines = StatusText.lines(status);
        StringBuilder frame = new StringBuilder();
        if (drawn > 0) {
          frame.append("\033[").append(drawn).append("A\033[J");
        }
        // A line that wraps would be counted as one and leave its rest behind.
        int width = terminal.width();
        lines.forEach(
            line -> frame.append(line, 0, Math.min(line.length(), width - 1)).append('\n'));
        terminal.print(frame.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        drawn = lines.size();
      }
      terminal.flush();
      if (isEnd(status.state())) {
        return;
      }
      Thread.sleep(WATCH_MILLIS);
    }
  }

  private static boolean isEnd(QueueState state) {
    return state instanceof QueueState.Drained
        || state instanceof QueueState.Incomplete
        || state instanceof QueueState.Lost;
  }
}
