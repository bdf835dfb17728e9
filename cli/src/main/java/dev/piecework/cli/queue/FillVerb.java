package dev.piecework.cli.queue;

import dev.piecework.FillOptions;
import dev.piecework.FillRefusedException;
import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.Priority;
import dev.piecework.Producer;
import dev.piecework.WorkQueue;
import dev.piecework.amqp.BrokerUri;
import dev.piecework.cli.input.Grid;
import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.InputNotices;
import dev.piecework.cli.input.InputOptions;
import dev.piecework.cli.input.RawArguments;
import dev.piecework.cli.input.RawRecordsOption;
import dev.piecework.cli.input.RecordReader;
import dev.piecework.cli.output.Ends;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    footer = {
      "",
      "Without ITEM, --from, --hold or --close, items are read from standard input. A fill that broke",
      "off is continued by the same fill again; nothing is added twice.",
      "",
      "Example:",
      "  piecework fill job2 apple banana cherry",
      "  piecework fill people --format csv --from people.csv",
      "  piecework fill grid ::: small large ::: 1 2 3",
      "  find . -name '*.jpg' -print0 | piecework fill pictures --format nul",
      "  seq 10000000 | piecework fill numbers --partitions 16",
      "  piecework fill uploads --from-results pictures --follow",
      "  piecework fill job1 --from amqp://user@host/vhost/job1"
    })
public final class FillVerb extends Verb {

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue's name.")
  String queue = "";

  @Parameters(index = "1..*", paramLabel = "ITEM", description = "Payloads.")
  List<String> items = List.of();

  @Mixin InputOptions input = new InputOptions();
  @Mixin MessageOptions messages = new MessageOptions();
  @Mixin RawRecordsOption raw = new RawRecordsOption();
  @Mixin RedisOptions redis = new RedisOptions();
  @Mixin SettingsOptions settings = new SettingsOptions();
  @Mixin PartitionsOption partitions = new PartitionsOption();
  @Mixin OutputOption output = new OutputOption();
  @Mixin FromResultsOptions results = new FromResultsOptions();

  @Option(
      names = "--as",
      paramLabel = "SOURCE",
      description =
          "The name of this source; a source that was read to its end adds nothing again."
              + " Default: the file, or stdin, of which only a broken fill is continued.")
  @Nullable String source;

  @Option(names = "--priority", paramLabel = "high|normal|low", description = "Default normal.")
  Priority priority = Priority.NORMAL;

  @Option(names = "--delay", paramLabel = "10m", description = "Not to be leased before.")
  Duration delay = Duration.ZERO;

  @Option(
      names = "--hold",
      description = "Leave the source open, so that the queue is not drained between fills.")
  boolean hold;

  @Option(
      names = "--close",
      paramLabel = "SOURCE",
      description = "Close a source that is held, or whose producer vanished.")
  @Nullable String close;

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    boolean adds = !items.isEmpty() || input.from != null;
    if (close != null && (adds || hold)) {
      throw Refusal.usage("--close adds nothing: give it without ITEM, --from and --hold");
    }
    if (!items.isEmpty() && input.from != null) {
      throw Refusal.usage("items come from arguments or from --from, not both");
    }
    if (Grid.isIn(items) && !Grid.before(items).isEmpty()) {
      throw Refusal.usage("items come from ITEM or from :::, not both");
    }
    input.raw = raw.given;
    input.check();
    if (hold && MessageOptions.areWanted(input.from)) {
      throw Refusal.usage("--hold does not go with --from amqp://; --follow keeps it open");
    }
    BrokerUri broker =
        MessageOptions.areWanted(input.from)
            ? messages.uri(String.valueOf(input.from), terminal)
            : null;
    messages.check(broker != null);
    results.check(
        queue,
        broker != null,
        adds ? "ITEM and --from" : close != null ? "--close" : source == null ? null : "--as",
        input);
    Input from = Input.of(broker == null ? input.from : null);
    try (Connection connection = redis.connect(terminal, queue, partitions.in(settings.wished()))) {
      WorkQueue open = connection.queue();
      partitions.check(open);
      if (close != null) {
        return close(terminal, open, close);
      }
      settings.sayWhatWasNotTaken(queue, open.settings(), terminal);
      if (!adds && !hold && results.queue == null && Terminal.inputIsTerminal()) {
        terminal.say("one item per line; Ctrl-D ends");
      }
      if (broker != null) {
        int _ = open.admin().reapGoneProcesses();
        report(
            terminal,
            messages.fill(broker, results.follow, connection, terminal, input, this::wished));
        sayWhatStaysDead(terminal, open.admin().status().counts().dead());
        return ExitCode.DONE;
      }
      if (results.queue != null) {
        return fillFromResults(terminal, connection, results.queue);
      }
      input.sayOrder(terminal);
      boolean fromInput = items.isEmpty() && (adds || !hold);
      FillOptions options =
          fromInput
              ? from.options(source, input.unique, hold)
              : new FillOptions(source, false, input.unique, hold);
      // A producer whose process is gone must not stand in the way of the one that continues it.
      int _ = open.admin().reapGoneProcesses();
      report(terminal, fill(terminal, connection, options, fromInput ? from : null));
      sayWhatStaysDead(terminal, open.admin().status().counts().dead());
      return ExitCode.DONE;
    }
  }

  private ExitCode fillFromResults(Terminal terminal, Connection connection, String other)
      throws InterruptedException {
    WorkQueue open = connection.queue();
    int _ = open.admin().reapGoneProcesses();
    try (WorkQueue from = sibling(connection, other)) {
      FillReport report =
          new ResultsFill(from, open, this::wished, terminal::say)
              .following(results.follow)
              .holding(hold)
              .keepingBlank(input.records().lines().keepBlank())
              .fill(connection.syncToDisk());
      report(terminal, report);
      sayWhatStaysDead(terminal, open.admin().status().counts().dead());
      ExitCode end = results.follow ? Ends.of(from.state()) : null;
      return end == ExitCode.RUN_LOST ? end : ExitCode.DONE;
    }
  }

  private static WorkQueue sibling(Connection connection, String other) {
    try {
      return connection.sibling(other);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage("--from-results: " + wrong.getMessage(), wrong);
    }
  }

  // Who fills again after failures may expect them to be tried again.
  private void sayWhatStaysDead(Terminal terminal, long dead) {
    if (dead > 0) {
      terminal.say(
          Figures.count(dead, "dead item")
              + (dead == 1 ? " is" : " are")
              + " not tried again by a fill; that does: piecework requeue "
              + queue
              + " --all");
    }
  }

  private FillReport fill(
      Terminal terminal, Connection connection, FillOptions options, @Nullable Input from)
      throws IOException {
    WorkQueue open = connection.queue();
    InputNotices notices = new InputNotices(terminal::say);
    try (Producer producer = open.produce(options)) {
      FillTrace.keep(terminal.environment(), open.admin());
      if (from == null) {
        addAll(producer, input.records().arranged(arguments()));
      } else {
        try (InputStream in = from.open()) {
          addAll(producer, input.records().reader(in, from, open, notices));
        }
      }
      FillReport report = producer.finish(connection.syncToDisk());
      notices.sayAtTheEnd();
      return report;
    } catch (FillRefusedException refused) {
      throw input.records().explained(refused, notices);
    }
  }

  private RecordReader arguments() {
    Iterator<byte[]> payloads =
        Grid.isIn(items) ? Grid.of(items).payloads() : RawArguments.ofItems(items).iterator();
    return () -> payloads.hasNext() ? Item.of(payloads.next()) : null;
  }

  private void addAll(Producer producer, RecordReader records) throws IOException {
    for (Item item = records.next(); item != null; item = records.next()) {
      producer.add(wished(item));
    }
  }

  private Item wished(Item item) {
    return priority == Priority.NORMAL && delay.isZero()
        ? item
        : item.withPriority(priority).withDelay(delay);
  }

  private ExitCode close(Terminal terminal, WorkQueue open, String closed) {
    if (!open.admin().closeSource(closed)) {
      throw Refusal.usage(
          "queue '" + queue + "' has no source '" + closed + "'; see piecework status " + queue);
    }
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeStringProperty("closed", closed);
        },
        () -> "closed '" + Printable.typed(closed, 200) + "'");
    return ExitCode.DONE;
  }

  private void report(Terminal terminal, FillReport report) {
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          json.writeStringProperty("source", report.source());
          json.writeNumberProperty("added", report.added());
          json.writeNumberProperty("already", report.already());
          json.writeNumberProperty("skipped", report.skipped());
          json.writeStringProperty("durability", report.durability());
          json.writeBooleanProperty("held", hold);
        },
        () -> sentence(report));
  }

  private String sentence(FillReport report) {
    StringBuilder text = new StringBuilder();
    text.append(Figures.count(report.added(), "item")).append(" added to ").append(queue);
    if (report.already() > 0) {
      text.append(", ").append(Figures.number(report.already())).append(" were there already");
    }
    if (report.skipped() > 0) {
      text.append(", ")
          .append(Figures.number(report.skipped()))
          .append(" skipped: ids seen before");
    }
    if (hold) {
      String held = Printable.line(report.source(), 200);
      text.append("; held open, close it with: piecework fill ");
      text.append(queue).append(" --close '").append(held).append('\'');
    }
    return text.toString();
  }
}
