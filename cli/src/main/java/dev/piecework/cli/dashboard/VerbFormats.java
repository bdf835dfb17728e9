package dev.piecework.cli.dashboard;

import dev.piecework.ItemView;
import dev.piecework.Result;
import dev.piecework.cli.queue.ItemText;
import dev.piecework.cli.results.ResultText;
import dev.piecework.dashboard.Formats;
import tools.jackson.core.JsonGenerator;

/** As {@code items -o json} and {@code results} print them. */
final class VerbFormats implements Formats {

  @Override
  public void item(JsonGenerator json, ItemView item) {
    ItemText.write(json, item);
  }

  @Override
  public String resultJson(Result result, String run) {
    return ResultText.json(result, run);
  }

  @Override
  public String resultCsvHeader() {
    return ResultText.CSV_HEADER;
  }

  @Override
  public String resultCsv(Result result) {
    return ResultText.csv(result);
  }
}
