package dev.piecework.cli.queue;

import dev.piecework.ItemView;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.Table;
import dev.piecework.cli.verb.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Items for people and for programs. Pure. */
public final class ItemText {

  private static final int PAYLOAD_WIDTH = 60;
  private static final int PAYLOAD_BESIDE_ERROR = 30;
  private static final int ERROR_WIDTH = 300;

  /** What we say of a command comes first; what it said itself tells more. */
  private static final Pattern OURS = Pattern.compile("exit code \\d+.*|timeout: .*");

  private ItemText() {}

  /** A heading, and one line for each item. */
  static List<String> lines(List<ItemView> items) {
    boolean failed = items.stream().anyMatch(item -> item.error() != null);
    Table table =
        failed
            ? new Table("ID", "STATE", "ATTEMPTS", "WORKER", "AGE", "PAYLOAD", "ERROR")
            : new Table("ID", "STATE", "ATTEMPTS", "WORKER", "AGE", "PAYLOAD");
    for (ItemView item : items) {
      List<Object> cells =
          new ArrayList<>(
              List.of(
                  item.id() == null ? "-" : Printable.line(item.id(), 40),
                  item.state().word(),
                  attempts(item.attempts()),
                  item.worker() == null ? "-" : Printable.line(item.worker(), 40),
                  age(item.age()),
                  Printable.line(item.payload(), failed ? PAYLOAD_BESIDE_ERROR : PAYLOAD_WIDTH)));
      if (failed) {
        cells.add(error(item.error()));
      }
      table.row(cells.toArray());
    }
    return table.lines();
  }

  /** All that is kept of why it failed, indented. */
  static List<String> evidence(ItemView item) {
    List<String> lines = new ArrayList<>();
    String error = item.error();
    if (error != null) {
      error.strip().lines().forEach(line -> lines.add("    " + Printable.line(line, ERROR_WIDTH)));
    }
    item.history().forEach(past -> lines.add("    " + PastAttemptText.sentence(past, ERROR_WIDTH)));
    return lines;
  }

  private static String error(@Nullable String error) {
    if (error == null) {
      return "";
    }
    List<String> said = error.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (said.isEmpty()) {
      return "";
    }
    boolean more = said.size() > 1 && OURS.matcher(said.getFirst()).matches();
    return Printable.line(
        more ? said.getFirst() + ": " + said.get(1) : said.getFirst(), ERROR_WIDTH);
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
