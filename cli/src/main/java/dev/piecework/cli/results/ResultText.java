package dev.piecework.cli.results;

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

/** A result as a line of a file. Pure. */
public final class ResultText {

  public static final String CSV_HEADER =
      "id,payload,result,attempts,worker,started,milliseconds,base64";

  private ResultText() {}

  /** One JSON object, without a newline. */
  public static String json(Result result, String run) {
    return json(result, run, file -> file.file().toString());
  }

  /**
   * One JSON object, without a newline.
   *
   * @param shown how a result that is a file of its own is named
   */
  static String json(Result result, String run, Function<FileResult, String> shown) {
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
      json.writeNumberProperty("sequence", result.sequence());
      json.writeStringProperty("run", run);
    });
  }

  /**
   * A record of RFC 4180; the last column names those that hold Base64, being no text, and has
   * {@code resultFile} where the result is the path of a file.
   */
  public static String csv(Result result) {
    List<String> base64 = new ArrayList<>();
    return List.of(
            result.id(),
            cell("payload", result.payload(), base64),
            resultCell(result, base64),
            String.valueOf(result.attempt()),
            result.worker(),
            result.started().toString(),
            String.valueOf(result.took().toMillis()),
            String.join(" ", base64))
        .stream()
        .map(ResultText::quoted)
        .collect(Collectors.joining(","));
  }

  private static String resultCell(Result result, List<String> base64) {
    Optional<FileResult> file = FileResult.of(result.result());
    if (file.isEmpty()) {
      return cell("result", FileResult.data(result.result()), base64);
    }
    base64.add("resultFile");
    return file.get().file().toString();
  }

  private static String cell(String name, byte[] bytes, List<String> base64) {
    Optional<String> text = Printable.strictText(bytes);
    if (text.isEmpty()) {
      base64.add(name);
    }
    return text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes));
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
