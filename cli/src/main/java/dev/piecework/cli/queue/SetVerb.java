package dev.piecework.cli.queue;

import dev.piecework.QueueSettings;
import dev.piecework.Setting;
import dev.piecework.StopEarly;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.output.StatusJson;
import dev.piecework.cli.output.StatusText;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

@Command(
    customSynopsis = {
      "piecework set [OPTIONS] QUEUE NAME=VALUE ...",
      "piecework set [OPTIONS] QUEUE@WORKER slots=N"
    },
    footer = {
      "",
      "WORKER is the name of a running worker, or the id of its session, as status shows them; from",
      "its next heartbeat on it works in N slots. Of fewer, what runs is not given back.",
      "",
      "Example:",
      "  piecework set job2 attempts=5 lease-timeout=30s",
      "  piecework set job2@node7 slots=4"
    })
public final class SetVerb extends QueueVerb {

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME=VALUE")
  List<String> changes = List.of();

  @Mixin OutputOption output = new OutputOption();

  private @Nullable String worker;

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    int at = queue.indexOf('@'); // which no queue's name has
    if (at >= 0) {
      worker = queue.substring(at + 1);
      queue = queue.substring(0, at);
    }
    return super.run(terminal);
  }

  @Override
  public CommandLine parser(String name, String description) {
    CommandLine parser = super.parser(name, description);
    CommandSpec spec = parser.getCommandSpec();
    PositionalParamSpec plain = spec.positionalParameters().getLast();
    spec.remove(plain);
    spec.addPositional(plain.toBuilder().description(names().replace("%", "%%")).build());
    return parser;
  }

  /** The settings, with how those are written that are no number, duration or size. */
  private static String names() {
    return Setting.changeable().stream()
        .map(setting ->
            setting.type() == QueueSettings.Backoff.class
                    || setting.type() == StopEarly.class
                    || setting.type().isEnum()
                ? setting + " (" + setting.valueLabel().replace("|", ", ") + ")"
                : setting.name())
        .collect(Collectors.joining(", ", "", "."));
  }

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    for (String change : changes) {
      if (change.indexOf('=') < 1) {
        throw Refusal.usage(
            "write NAME=VALUE, like attempts=5, not " + Printable.typed(change, 80));
      }
    }
    Map<String, String> wanted = new LinkedHashMap<>();
    for (String change : changes) {
      int equals = change.indexOf('=');
      String name = change.substring(0, equals).strip();
      if (wanted.put(name, change.substring(equals + 1).strip()) != null) {
        throw Refusal.usage(Printable.typed(name, 80) + " is given twice");
      }
    }
    if (worker != null) {
      String name = new SlotsOfWorker(open, worker).set(wanted);
      output.print(
          terminal,
          json -> {
            json.writeStringProperty("queue", queue);
            json.writeStringProperty("worker", name);
            json.writeNumberProperty(
                SlotsOfWorker.SLOTS, Integer.parseInt(wanted.get(SlotsOfWorker.SLOTS)));
          },
          () -> queue + ": " + name + " works in " + wanted.get(SlotsOfWorker.SLOTS) + " slots");
      return ExitCode.DONE;
    }
    if (wanted.containsKey(SlotsOfWorker.SLOTS)) {
      throw Refusal.usage(
          "slots belongs to a worker: piecework set "
              + queue
              + "@WORKER slots=..., see piecework"
              + " status "
              + queue);
    }
    try {
      open.admin().set(wanted); // all of them, or none
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
    QueueSettings now = open.admin().status().settings();
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("queue", queue);
          StatusJson.settings(json, now);
        },
        () -> queue + ": " + StatusText.settings(now));
    return ExitCode.DONE;
  }
}
