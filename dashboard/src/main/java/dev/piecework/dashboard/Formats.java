package dev.piecework.dashboard;

import dev.piecework.ItemView;
import dev.piecework.Result;
import tools.jackson.core.JsonGenerator;

/** How items and results are written: as the verbs of the command line print them. */
public interface Formats {

  /** The properties of an item. */
  void item(JsonGenerator json, ItemView item);

  /** A result as a JSON object, without a newline. */
  String resultJson(Result result, String run);

  /** The names of the columns of {@link #resultCsv}, without a newline. */
  String resultCsvHeader();

  /** A result as a record of RFC 4180, without a newline. */
  String resultCsv(Result result);
}
