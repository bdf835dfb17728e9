package dev.piecework.cli.queue;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.output.Table;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

@Command(
    footer = {
      "",
      "Example:",
      "  piecework items job2 --state dead",
      "  piecework items job2 --id 17 -o json"
    })
public final class ItemsVerb extends QueueVerb {

  private static final int SHOWN = 100;
  private static final int PAYLOAD_WIDTH = 60;
  private static final int ERROR_WIDTH = 300;

  @Option(
      names = "--state",
      paramLabel = "dead|leased|delayed|waiting|done",
      description = "Only these; default all but those that are done.")
  @Nullable ItemState state;

  @Option(names = "--id", paramLabel = "ID", description = "Only this one.")
  @Nullable String id;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many of each state; 0 for all. Default 100, with -o json all.")
  @Nullable Integer limit;

  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    List<ItemState> states =
        state != null
            ? List.of(state)
            : List.of(ItemState.LEASED, ItemState.DELAYED, ItemState.DEAD, ItemState.WAITING);
    String wanted = id;
    if (wanted != null) {
      print(terminal, List.of(find(open, wanted)));
      return ExitCode.DONE;
    }
    List<ItemView> shown = new ArrayList<>();
    boolean more = false;
    for (ItemState one : states) {
      more |= !collect(terminal, open, one, shown);
    }
    if (!output.json()) {
      print(terminal, shown);
      if (more) {
        terminal.say("there are more: --limit 0 shows all");
      }
    }
    return ExitCode.DONE;
  }

  private ItemView find(WorkQueue open, String wanted) {
    return open.admin()
        .item(wanted)
        .orElseThrow(() ->
            Refusal.usage(
                "queue '"
                    + queue
                    + "' knows no item '"
                    + Printable.typed(wanted, 100)
                    + "'; what is done and not kept, or was never leased, has no id"));
  }

  /** False when there are more than were asked for. */
  private boolean collect(Terminal terminal, WorkQueue open, ItemState one, List<ItemView> shown) {
    int most = limit != null ? limit : output.json() ? 0 : SHOWN;
    try (Stream<ItemView> items = open.admin().items(one)) {
      if (output.json() && most == 0) {
        items.forEach(item -> printJson(terminal, item));
        return true;
      }
      List<ItemView> first;
      if (one == ItemState.WAITING || most == 0) {
        // Waiting items come in the order of leasing.
        first = items.limit(most == 0 ? Long.MAX_VALUE : most + 1L).toList();
      } else {
        first = lowest(items, most + 1);
      }
      boolean whole = most == 0 || first.size() <= most;
      List<ItemView> kept = whole ? first : first.subList(0, most);
      if (output.json()) {
        kept.forEach(item -> printJson(terminal, item));
      } else {
        shown.addAll(kept);
      }
      return whole;
    }
  }

  /** The items with the lowest ids, in their order; Redis keeps them in no order. */
  private static List<ItemView> lowest(Stream<ItemView> items, int most) {
    Comparator<ItemView> byId = Comparator.comparing(ItemsVerb::sortKey);
    PriorityQueue<ItemView> highestFirst = new PriorityQueue<>(byId.reversed());
    items.forEach(item -> {
      highestFirst.add(item);
      if (highestFirst.size() > most) {
        ItemView _ = highestFirst.remove();
      }
    });
    return highestFirst.stream().sorted(byId).toList();
  }

  /** Numbers by their value, before other ids by their text. */
  static String sortKey(ItemView item) {
    String id = item.id() == null ? "" : item.id();
    boolean number = !id.isEmpty() && id.length() < 19 && id.chars().allMatch(Character::isDigit);
    return number ? "0" + "0".repeat(19 - id.length()) + id : "1" + id;
  }

  private void print(Terminal terminal, List<ItemView> items) {
    if (output.json()) {
      items.forEach(item -> printJson(terminal, item));
      return;
    }
    if (items.isEmpty()) {
      terminal.say("no such items in " + queue);
      return;
    }
    Table table = new Table("ID", "STATE", "ATTEMPTS", "AGE", "WORKER", "PAYLOAD");
    for (ItemView item : items) {
      table.row(
          item.id() == null ? "-" : Printable.line(item.id(), 40),
          item.state().word(),
          attempts(item.attempts()),
          age(item.age()),
          item.worker() == null ? "-" : Printable.line(item.worker(), 40),
          Printable.line(item.payload(), PAYLOAD_WIDTH));
    }
    List<String> lines = table.lines();
    terminal.print(lines.getFirst());
    for (int i = 0; i < items.size(); i++) {
      terminal.print(lines.get(i + 1));
      evidence(terminal, items.get(i));
    }
  }

  private static void evidence(Terminal terminal, ItemView item) {
    String error = item.error();
    if (error != null) {
      error.strip().lines().forEach(l -> terminal.print("    " + Printable.line(l, ERROR_WIDTH)));
    }
    item.history()
        .forEach(past -> terminal.print("    " + PastAttemptText.sentence(past, ERROR_WIDTH)));
  }

  private static String attempts(ItemView.Attempts attempts) {
    String text = String.valueOf(attempts.begun());
    return attempts.losses() == 0
        ? text
        : text + " (" + Figures.count(attempts.losses(), "worker") + " lost)";
  }

  private static String age(@Nullable Duration age) {
    if (age == null) {
      return "-";
    }
    return age.isNegative() ? "due in " + Figures.time(age) : Figures.time(age);
  }

  private static void printJson(Terminal terminal, ItemView item) {
    terminal.print(Json.object(json -> write(json, item)));
  }

  /** The properties of an item. */
  public static void write(JsonGenerator json, ItemView item) {
    Json.text(json, "id", item.id());
    json.writeStringProperty("state", item.state().word());
    Json.bytes(json, "payload", item.payload());
    json.writeNumberProperty("attempts", item.attempts().begun());
    json.writeNumberProperty("failed", item.attempts().failed());
    json.writeNumberProperty("losses", item.attempts().losses());
    Json.text(json, "worker", item.worker());
    Json.seconds(json, "ageSeconds", item.age());
    Json.text(json, "error", item.error());
    Json.text(json, "group", item.group());
    json.writeArrayPropertyStart("history");
    item.history().forEach(past -> PastAttemptText.write(past, json));
    json.writeEndArray();
  }
}
