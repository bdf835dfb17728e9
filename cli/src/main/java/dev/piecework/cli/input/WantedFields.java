package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.cli.verb.Nearest;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.CommandTemplate;
import dev.piecework.worker.process.FieldPlaces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of records that a command asks for; one that no record has is refused before anything
 * is filled.
 *
 * @param places the names that have a place in the command
 * @param variables whether each field becomes a variable
 * @param own the words that have a place in the command and another meaning than a field: id, slot
 */
public record WantedFields(List<String> places, boolean variables, List<String> own) {

  /** Whoever does the items is not known. */
  public static final WantedFields NONE = new WantedFields(List.of(), false, List.of());

  private static final int SHOWN = 300;

  /** The same where this word means the field that is called so. */
  WantedFields withoutOwn(String word) {
    return new WantedFields(
        places, variables, own.stream().filter(other -> !other.equals(word)).toList());
  }

  /** Refuses what this table cannot give. */
  void check(List<String> columns) {
    for (String place : places) {
      if (!columns.contains(place) && !isColumn(place, columns.size())) {
        throw missing(place, "there is no column '" + place + "'", columns);
      }
    }
    for (String word : own) {
      int column = columns.indexOf(word);
      if (column >= 0) {
        throw Refusal.usage(
            "{"
                + word
                + "} is "
                + (word.equals("id") ? "the item's id" : "a place of its own")
                + ", not the column '"
                + word
                + "': write {"
                + (column + 1)
                + "} for the column"
                + (word.equals("id") ? ", or make it the id with --id id" : ""));
      }
    }
    if (variables) {
      checkVariables(columns);
    }
  }

  private static boolean isColumn(String place, int columns) {
    return place.matches("[1-9][0-9]{0,8}") && Integer.parseInt(place) <= columns;
  }

  private static void checkVariables(List<String> columns) {
    Map<String, String> by = new HashMap<>();
    for (String column : columns) {
      String variable = CommandTemplate.variable(column);
      String other = by.put(variable, column);
      if (other != null) {
        throw Refusal.usage(
            "--env-fields: the columns '"
                + Printable.typed(other, 60)
                + "' and '"
                + Printable.typed(column, 60)
                + "' would both be "
                + variable
                + ": rename one");
      }
    }
  }

  /** Refuses a place for which none of these records has a field; reads no further than needed. */
  void checkSome(RecordReader records) throws IOException {
    Map<String, CommandTemplate> missing = new HashMap<>();
    places.forEach(place -> missing.put(place, onlyWith(place)));
    List<String> known = new ArrayList<>();
    long count = 0;
    while (!missing.isEmpty()) {
      Item item = records.next();
      if (item == null) {
        break;
      }
      Attempt attempt = new Attempt("", item.payload(), 1, 0);
      missing.values().removeIf(template -> template.unfilled(attempt).isEmpty());
      if (count++ == 0) {
        known.addAll(JsonRecords.names(item.payload()));
      }
    }
    if (count > 0 && !missing.isEmpty()) {
      String place = places.stream().filter(missing::containsKey).findFirst().orElseThrow();
      throw missing(place, "no record has a field '" + place + "' with a value", known);
    }
  }

  private static CommandTemplate onlyWith(String place) {
    return CommandTemplate.of(List.of("true", "{" + place + "}")).withFields(FieldPlaces.ALWAYS);
  }

  private static Refusal missing(String place, String what, List<String> known) {
    String typed = Printable.typed(place, 60);
    return Refusal.usage(
        "{"
            + typed
            + "} in the command: "
            + Printable.line(what, SHOWN)
            + Nearest.of(place, place.matches("[0-9]+") ? List.of() : known)
                .map(near -> "; did you mean {" + Printable.typed(near, 60) + "}?")
                .orElse("; there is " + Printable.line(String.join(", ", known), SHOWN))
            + " (with a space behind the brace it is no place: { "
            + typed
            + "})");
  }
}
