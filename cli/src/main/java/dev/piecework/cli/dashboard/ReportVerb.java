package dev.piecework.cli.dashboard;

import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.WholeFile;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.cli.verb.Version;
import dev.piecework.dashboard.Report;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    footer = {
      "",
      "The file needs nothing else, and asks nobody for anything: it may be mailed, and opens without",
      "a network. It names every dead item up to 10,000, with 200 characters of its payload and error.",
      "",
      "Example:",
      "  piecework report job2 --to run.html",
      "  piecework report job2 -o json"
    })
public final class ReportVerb extends Verb {

  enum Kind {
    HTML,
    JSON
  }

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue's name.")
  String queue = "";

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Where the page goes; default: QUEUE.html in this folder.")
  @Nullable Path to;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "html|json",
      description =
          "json: what the page shows, as one object on standard output; see docs/protocol.md.")
  Kind kind = Kind.HTML;

  @Mixin RedisOptions redis = new RedisOptions();

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    if (kind == Kind.JSON && to != null) {
      throw Refusal.usage("--to writes the page; leave out -o json, or redirect its output");
    }
    Path path = to == null ? Path.of(queue.replace(':', '-') + ".html") : to;
    WholeFile file = new WholeFile(path);
    if (kind == Kind.HTML) {
      file.check("--to");
    }
    try (Connection connection = redis.connect(terminal, queue, SettingsOptions.OURS)) {
      WorkQueue open = connection.queue();
      QueueStatus status = open.admin().status();
      if (status.run() == null && status.counts().total() == 0 && status.producers().isEmpty()) {
        throw Refusal.usage("there is no queue '" + queue + "'; see piecework status");
      }
      Report report = Report.of(open.admin(), Version.text(), InstantSource.system().instant());
      if (kind == Kind.JSON) {
        terminal.print(report.json());
      } else {
        file.write("the report", report.html());
        terminal.say("the report is in " + path);
      }
    }
    return ExitCode.DONE;
  }
}
