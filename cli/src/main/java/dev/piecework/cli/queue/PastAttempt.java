package dev.piecework.cli.queue;

import dev.piecework.cli.verb.Printable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.JsonGenerator;

/**
 * One line of an item's history, as the queue keeps it: milliseconds since the epoch, attempt,
 * worker, how it ended and what was said, with a tab between.
 */
record PastAttempt(long endedMillis, String number, String worker, String end, String text) {

  static PastAttempt parse(String line) {
    String[] parts = line.split("\t", 5);
    if (parts.length < 4 || !parts[0].matches("\\d{1,18}")) {
      return new PastAttempt(0, "?", "?", "", line);
    }
    return new PastAttempt(
        Long.parseLong(parts[0]), parts[1], parts[2], parts[3], parts.length > 4 ? parts[4] : "");
  }

  private Instant ended() {
    return Instant.ofEpochMilli(endedMillis);
  }

  /** For people, in one line of at most so many characters. */
  String sentence(int most) {
    String first = text.strip().lines().findFirst().orElse("");
    String said = first.isEmpty() ? "" : ": " + first;
    return Printable.line(
        ended().truncatedTo(ChronoUnit.SECONDS)
            + " attempt "
            + number
            + " on "
            + worker
            + " "
            + end
            + said,
        most);
  }

  void write(JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("attempt", number);
    json.writeStringProperty("worker", worker);
    json.writeStringProperty("end", end);
    json.writeStringProperty("endedAt", ended().toString());
    json.writeStringProperty("text", text);
    json.writeEndObject();
  }
}
