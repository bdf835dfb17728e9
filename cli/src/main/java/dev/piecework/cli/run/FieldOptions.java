package dev.piecework.cli.run;

import dev.piecework.cli.input.InputOptions;
import dev.piecework.cli.input.RawRecordsOption;
import dev.piecework.cli.input.WantedFields;
import dev.piecework.cli.verb.OptionWords;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.worker.process.CommandTemplate;
import dev.piecework.worker.process.FieldPlaces;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the fields of records are to a command. */
final class FieldOptions {

  @Option(
      names = "--env-fields",
      description =
          "Each field of a record is a variable of the command too: ITEM_NAME of name, ITEM_2 of 2;"
              + " default: none is.")
  boolean variables;

  @Mixin final RawRecordsOption raw = new RawRecordsOption();

  /** Who does not fill the queue cannot know what is in it. */
  private FieldPlaces places = FieldPlaces.OF_RECORDS;

  /** Items come from there. */
  void readFrom(InputOptions input) {
    input.raw = raw.given;
    places = input.hasFields() ? FieldPlaces.ALWAYS : FieldPlaces.NONE;
  }

  void check(boolean child, int batch) {
    if (!variables) {
      return;
    }
    if (raw.given) {
      throw Refusal.usage("--env-fields and --raw-records exclude each other");
    }
    if (child || batch > 1) {
      throw Refusal.usage(
          "--env-fields are those of one item: leave out "
              + (child ? "--child, which is told each record whole" : "--batch"));
    }
    if (places == FieldPlaces.NONE) {
      throw Refusal.usage(
          "--env-fields needs records: it goes with --format csv, tsv or jsonl, or with several :::");
    }
  }

  /** The command with its places for fields; a child has none, and what looks so is text. */
  CommandTemplate on(CommandTemplate command, boolean child, boolean paste) {
    boolean unknown = places == FieldPlaces.OF_RECORDS;
    FieldPlaces here =
        raw.given || (child && unknown)
            ? FieldPlaces.NONE
            : unknown && paste ? FieldPlaces.OF_RECORDS_AND_PROGRAMS : places;
    CommandTemplate with = command.withFields(here);
    return variables ? with.withFieldVariables() : with;
  }

  /** What the command asks of the records of its input. */
  WantedFields wanted(CommandTemplate command, List<String> words) {
    List<String> own =
        Stream.of("id", "attempt", "slot")
            .filter(word -> words.stream().anyMatch(w -> w.contains("{" + word + "}")))
            .toList();
    return raw.given ? WantedFields.NONE : new WantedFields(command.fields(), variables, own);
  }

  void addTo(OptionWords written) {
    written.flag("--env-fields", variables);
    written.flag("--raw-records", raw.given);
  }
}
