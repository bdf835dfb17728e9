package dev.piecework.cli.queue;

import dev.piecework.ItemView.PastAttempt;
import dev.piecework.cli.verb.Printable;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.JsonGenerator;

/** What people and programs are shown of an attempt that is over. */
final class PastAttemptText {

  private PastAttemptText() {}

  /** For people, in one line of at most so many characters. */
  static String sentence(PastAttempt past, int most) {
    String first = past.text().strip().lines().findFirst().orElse("");
    String said = first.isEmpty() ? "" : ": " + first;
    return Printable.line(
        past.ended().truncatedTo(ChronoUnit.SECONDS)
            + " attempt "
            + past.attempt()
            + " on "
            + past.worker()
            + " "
            + past.how()
            + said,
        most);
  }

  static void write(PastAttempt past, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("attempt", past.attempt());
    json.writeStringProperty("worker", past.worker());
    json.writeStringProperty("end", past.how());
    json.writeStringProperty("endedAt", past.ended().toString());
    json.writeStringProperty("text", past.text());
    json.writeEndObject();
  }
}
