package dev.piecework.cli.queue;

import dev.piecework.DeadItems;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.FailureText;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.verb.Columns;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.dashboard.RunJson;
import dev.piecework.journal.FailureGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "Example:",
      "  piecework items job2 --state dead",
      "  piecework items job2 --group",
      "  piecework items job2 --group 3fa12c --details",
      "  piecework items job2 --id 17 -o json"
    })
public final class ItemsVerb extends QueueVerb {

  /**
   * @param inOrder whether they come in the order of leasing, which is to stay
   */
  private record Kind(boolean inOrder, Supplier<Stream<ItemView>> items) {}

  private static final int SHOWN = 100;
  private static final String ALL_GROUPS = "";

  @Option(
      names = "--state",
      paramLabel = "dead|leased|delayed|waiting|done",
      description = "Only these; default all but those that are done.")
  @Nullable ItemState state;

  @Option(names = "--id", paramLabel = "ID", description = "Only this one, with all details.")
  @Nullable String id;

  @Option(
      names = "--group",
      arity = "0..1",
      fallbackValue = ALL_GROUPS,
      paramLabel = "G",
      description = {
        "The failures of the run by their cause, instead of items;",
        "with the number of a group, or a beginning of it, its dead items."
      })
  @Nullable String group;

  @Option(
      names = "--details",
      description = "Below each item all that is kept of its failed attempts.")
  boolean details;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many of each state; 0 for all. Default 100, with -o json all.")
  @Nullable Integer limit;

  @Mixin OutputOption output = new OutputOption();

  @Override
  ExitCode run(Terminal terminal, WorkQueue open) {
    String ofGroup = group;
    if (ofGroup != null) {
      checkGroup();
      if (ofGroup.equals(ALL_GROUPS)) {
        printGroups(terminal, open.admin().journal().groups());
      } else {
        FailureGroup chosen = GroupChoice.of(open, ofGroup);
        DeadItems these = new DeadItems.InGroup(chosen.id());
        show(terminal, List.of(new Kind(false, () -> open.admin().items(these))));
      }
      return ExitCode.DONE;
    }
    String wanted = id;
    if (wanted != null) {
      details = true;
      print(terminal, List.of(find(open, wanted)));
      return ExitCode.DONE;
    }
    ItemState one = state;
    List<ItemState> states =
        one != null
            ? List.of(one)
            : List.of(ItemState.LEASED, ItemState.DELAYED, ItemState.DEAD, ItemState.WAITING);
    show(
        terminal,
        states.stream()
            .map(each -> new Kind(each == ItemState.WAITING, () -> open.admin().items(each)))
            .toList());
    return ExitCode.DONE;
  }

  private void checkGroup() {
    if (id != null) {
      throw Refusal.usage("--id and --group exclude each other");
    }
    if (state != null && state != ItemState.DEAD) {
      throw Refusal.usage("--group goes with --state dead, not with " + state.word());
    }
  }

  private void printGroups(Terminal terminal, List<FailureGroup> groups) {
    if (output.json()) {
      groups.forEach(one -> terminal.print(Json.object(json -> RunJson.group(json, one))));
    } else if (groups.isEmpty()) {
      terminal.say("nothing failed in the run of " + queue);
    } else {
      FailureText.table(groups, details).forEach(line -> printCut(terminal, line));
    }
  }

  private void show(Terminal terminal, List<Kind> kinds) {
    List<ItemView> shown = new ArrayList<>();
    boolean more = false;
    for (Kind kind : kinds) {
      more |= !collect(terminal, kind, shown);
    }
    if (!output.json()) {
      print(terminal, shown);
      if (more) {
        terminal.flush(); // it is about what is above it
        terminal.say("there are more: --limit 0 shows all");
      }
    }
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
  private boolean collect(Terminal terminal, Kind kind, List<ItemView> shown) {
    int most = limit != null ? limit : output.json() ? 0 : SHOWN;
    try (Stream<ItemView> items = kind.items().get()) {
      if (output.json() && most == 0) {
        items.forEach(item -> printJson(terminal, item));
        return true;
      }
      List<ItemView> first;
      if (kind.inOrder() || most == 0) {
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
    List<String> lines = ItemText.lines(items);
    printCut(terminal, lines.getFirst());
    for (int i = 0; i < items.size(); i++) {
      printCut(terminal, lines.get(i + 1));
      if (details) {
        ItemText.evidence(items.get(i)).forEach(terminal::print);
      }
    }
  }

  // A program that reads it gets the whole line.
  private static void printCut(Terminal terminal, String line) {
    terminal.print(terminal.outIsTerminal() ? Columns.cut(line, terminal.width()) : line);
  }

  private static void printJson(Terminal terminal, ItemView item) {
    terminal.print(Json.object(json -> ItemText.write(json, item)));
  }
}
