package dev.piecework.dashboard;

import dev.piecework.DeadItems;
import dev.piecework.ItemView;
import dev.piecework.Result;
import dev.piecework.WorkQueue;
import io.javalin.http.Context;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results and dead items as files. They are written as they are read, and never held whole. */
final class Downloads {

  private enum Form {
    CSV("text/csv; charset=utf-8", "csv"),
    JSONL("application/jsonl; charset=utf-8", "jsonl");

    private final String type;
    private final String ending;

    Form(String type, String ending) {
      this.type = type;
      this.ending = ending;
    }
  }

  private static final String DEAD_HEADER = "id,payload,attempts,worker,error,base64";

  private final Formats formats;

  Downloads(Formats formats) {
    this.formats = formats;
  }

  void results(Context context, WorkQueue queue) throws IOException {
    Form form = form(context);
    String run = queue.run().orElse("");
    try (Stream<Result> results = queue.results();
        Writer out = begin(context, form, queue.name() + "-results")) {
      if (form == Form.CSV) {
        line(out, formats.resultCsvHeader());
      }
      for (Result result : (Iterable<Result>) results::iterator) {
        line(out, form == Form.CSV ? formats.resultCsv(result) : formats.resultJson(result, run));
      }
    }
  }

  void group(Context context, WorkQueue queue, String group) throws IOException {
    Form form = form(context);
    try (Stream<ItemView> items = queue.admin().items(new DeadItems.InGroup(group));
        Writer out = begin(context, form, queue.name() + "-dead-" + group)) {
      if (form == Form.CSV) {
        line(out, DEAD_HEADER);
      }
      for (ItemView item : (Iterable<ItemView>) items::iterator) {
        line(out, form == Form.CSV ? csv(item) : JsonText.object(json -> formats.item(json, item)));
      }
    }
  }

  private static Form form(Context context) {
    String asked = context.queryParam("format");
    for (Form form : Form.values()) {
      if (form.ending.equals(asked == null ? "jsonl" : asked)) {
        return form;
      }
    }
    throw new PageException(400, "format is to be csv or jsonl");
  }

  private static Writer begin(Context context, Form form, String name) throws IOException {
    String file = name.replaceAll("[^A-Za-z0-9._-]", "_") + "." + form.ending;
    context.contentType(form.type);
    context.header("Content-Disposition", "attachment; filename=\"" + file + "\"");
    return new BufferedWriter(
        new OutputStreamWriter(context.outputStream(), StandardCharsets.UTF_8));
  }

  private static void line(Writer out, String line) throws IOException {
    out.write(line);
    out.write('\n');
  }

  private static String csv(ItemView item) {
    String payload = JsonText.strict(item.payload());
    return Stream.of(
            String.valueOf(item.id()),
            payload == null ? JsonText.base64(item.payload()) : payload,
            String.valueOf(item.attempts().begun()),
            item.worker() == null ? "" : item.worker(),
            item.error() == null ? "" : item.error(),
            payload == null ? "payload" : "")
        .map(Downloads::quoted)
        .collect(Collectors.joining(","));
  }

  private static String quoted(String cell) {
    boolean plain = List.of(",", "\"", "\n", "\r").stream().noneMatch(cell::contains);
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
