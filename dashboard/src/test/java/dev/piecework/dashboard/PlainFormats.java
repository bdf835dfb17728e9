package dev.piecework.dashboard;

import dev.piecework.ItemView;
import dev.piecework.Result;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;

/** Items and results with what the tests look at; the command line's own forms are tested there. */
final class PlainFormats implements Formats {

  @Override
  public void item(JsonGenerator json, ItemView item) {
    JsonText.text(json, "id", item.id());
    json.writeStringProperty("state", item.state().word());
    JsonText.bytes(json, "payload", item.payload());
    json.writeNumberProperty("attempts", item.attempts().begun());
    JsonText.text(json, "error", item.error());
    JsonText.text(json, "group", item.group());
  }

  @Override
  public String resultJson(Result result, String run) {
    return JsonText.object(json -> {
      json.writeStringProperty("id", result.id());
      JsonText.bytes(json, "result", result.result());
    });
  }

  @Override
  public String resultCsvHeader() {
    return "id,result";
  }

  @Override
  public String resultCsv(Result result) {
    return result.id() + "," + new String(result.result(), StandardCharsets.UTF_8);
  }
}
