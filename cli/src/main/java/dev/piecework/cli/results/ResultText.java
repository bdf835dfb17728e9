package dev.piecework.cli.results;

import dev.piecework.ItemView;
import dev.piecework.Result;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.verb.Printable;
import dev.piecework.worker.process.FileResult;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A result as a line of a file. Pure. */
public final class ResultText {

  public static final String CSV_HEADER =
      "id,payload,result,attempts,worker,started,milliseconds,base64,state,exitCode,signal,stderr,error";

  /** Of a file, which may hold several runs. */
  static final String CSV_FILE_HEADER = CSV_HEADER + ",run";

  static final String DEAD = "dead";
  private static final String DONE = "done";

  private ResultText() {}

  /** One JSON object, without a newline. */
  public static String json(Result result, String run) {
    return json(result, run, file -> file.file().toString(), null);
  }

  /**
   * One JSON object, without a newline.
   *
   * @param shown how a result that is a file of its own is named
   * @param fact how its attempt ended, if that is known
   */
  static String json(
      Result result,
      String run,
      Function<FileResult, String> shown,
      AttemptFacts.@Nullable Fact fact) {
    Optional<FileResult> file = FileResult.of(result.result());
    return Json.object(json -> {
      json.writeStringProperty("id", result.id());
      Json.bytes(json, "payload", result.payload());
      if (result.batch() != null && !result.batch().equals(result.id())) {
        json.writeStringProperty("lot", result.batch());
      } else if (file.isPresent()) {
        json.writeStringProperty("resultFile", shown.apply(file.get()));
        json.writeNumberProperty("resultBytes", file.get().bytes());
      } else {
        Json.bytes(json, "result", FileResult.data(result.result()));
      }
      json.writeNumberProperty("attempts", result.attempt());
      json.writeStringProperty("worker", result.worker());
      json.writeStringProperty("started", result.started().toString());
      json.writeNumberProperty("milliseconds", result.took().toMillis());
      end(json, DONE, Row.done(fact));
      json.writeNumberProperty("sequence", result.sequence());
      json.writeStringProperty("run", run);
    });
  }

  /** Likewise, of an item that is dead. */
  static String json(ItemView item, String run, AttemptFacts.@Nullable Fact fact) {
    Row row = Row.dead(item, fact);
    return Json.object(json -> {
      json.writeStringProperty("id", Row.cell(item.id()));
      Json.bytes(json, "payload", item.payload());
      json.writeNumberProperty("attempts", item.attempts().begun());
      Json.text(json, "worker", item.worker());
      Json.text(json, "started", fact == null ? null : fact.started());
      if (fact == null) {
        json.writeNullProperty("milliseconds");
      } else {
        json.writeNumberProperty("milliseconds", fact.took().toMillis());
      }
      end(json, DEAD, row);
      Json.text(json, "error", row.error());
      json.writeStringProperty("run", run);
    });
  }

  private static void end(JsonGenerator json, String state, Row row) {
    json.writeStringProperty("state", state);
    number(json, "exitCode", row.exitCode());
    number(json, "signal", row.signal());
    Json.text(json, "stderr", row.stderr());
  }

  private static void number(JsonGenerator json, String name, @Nullable Integer value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeNumberProperty(name, value);
    }
  }

  /**
   * A record of RFC 4180; the column {@code base64} names those that hold Base64, being no text,
   * and has {@code resultFile} where the result is the path of a file.
   */
  public static String csv(Result result) {
    return csv(result, file -> file.file().toString(), null);
  }

  static String csv(
      Result result, Function<FileResult, String> shown, AttemptFacts.@Nullable Fact fact) {
    List<String> base64 = new ArrayList<>();
    List<String> cells =
        new ArrayList<>(
            List.of(
                result.id(),
                cell("payload", result.payload(), base64),
                resultCell(result, base64, shown),
                String.valueOf(result.attempt()),
                result.worker(),
                result.started().toString(),
                String.valueOf(result.took().toMillis())));
    return csv(cells, base64, DONE, Row.done(fact));
  }

  /** Likewise, of an item that is dead. */
  static String csv(ItemView item, AttemptFacts.@Nullable Fact fact) {
    List<String> base64 = new ArrayList<>();
    List<String> cells =
        new ArrayList<>(
            List.of(
                Row.cell(item.id()),
                cell("payload", item.payload(), base64),
                "",
                String.valueOf(item.attempts().begun()),
                Row.cell(item.worker()),
                fact == null ? "" : fact.started().toString(),
                fact == null ? "" : String.valueOf(fact.took().toMillis())));
    return csv(cells, base64, DEAD, Row.dead(item, fact));
  }

  private static String csv(List<String> cells, List<String> base64, String state, Row row) {
    cells.add(String.join(" ", base64));
    cells.add(state);
    cells.add(Row.cell(row.exitCode()));
    cells.add(Row.cell(row.signal()));
    cells.add(Row.cell(row.stderr()));
    cells.add(Row.cell(row.error()));
    return cells.stream().map(ResultText::quoted).collect(Collectors.joining(","));
  }

  private static String resultCell(
      Result result, List<String> base64, Function<FileResult, String> shown) {
    Optional<FileResult> file = FileResult.of(result.result());
    if (file.isEmpty()) {
      return cell("result", FileResult.data(result.result()), base64);
    }
    base64.add("resultFile");
    return shown.apply(file.get());
  }

  private static String cell(String name, byte[] bytes, List<String> base64) {
    Optional<String> text = Printable.strictText(bytes);
    if (text.isEmpty()) {
      base64.add(name);
    }
    return text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes));
  }

  static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
