package dev.piecework.dashboard;

import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.Setting;
import dev.piecework.estimate.EndEstimate;
import dev.piecework.estimate.EndText;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A queue and its run as one JSON object: what the page and the report show, and what {@code
 * piecework report -o json} prints. Its format is in docs/protocol.md. Pure.
 */
public final class Block {

  /** Changes when a reader of the former format would misunderstand it. */
  static final int FORMAT = 1;

  private Block() {}

  /** All of it, on one line. */
  public static String text(Snapshot snapshot) {
    return JsonText.object(json -> write(json, snapshot));
  }

  /** The properties of the whole. */
  static void write(JsonGenerator json, Snapshot snapshot) {
    writeStatus(json, snapshot);
    RunJson.journal(json, snapshot.journal());
  }

  /** Those that change from second to second: without the journal. */
  static void writeStatus(JsonGenerator json, Snapshot snapshot) {
    QueueStatus status = snapshot.status();
    json.writeNumberProperty("format", FORMAT);
    json.writeStringProperty("piecework", snapshot.version());
    json.writeStringProperty("server", snapshot.server());
    json.writeStringProperty("now", snapshot.now().toString());
    json.writeStringProperty("queue", status.queue());
    JsonText.text(json, "run", status.run());
    JsonText.text(json, "began", status.pace().startedAt());
    JsonText.text(json, "ended", status.pace().endedAt());
    EndEstimate end = status.end(snapshot.journal());
    String ends = EndText.of(end, snapshot.now(), ZoneId.systemDefault());
    json.writeStringProperty("sentence", Sentence.of(status, snapshot.journal(), ends));
    writeSummary(json, status);
    RunJson.estimate(json, end);
    json.writeObjectPropertyStart("settings");
    for (Setting<?> setting : status.settings().listed()) {
      json.writeStringProperty(setting.name(), status.settings().text(setting));
    }
    json.writeEndObject();
    json.writeObjectPropertyStart("copies");
    json.writeNumberProperty("underWay", status.copies().underWay());
    json.writeNumberProperty("made", status.copies().made());
    json.writeNumberProperty("won", status.copies().won());
    json.writeEndObject();
    json.writeArrayPropertyStart("producers");
    for (QueueStatus.ProducerView producer : status.producers()) {
      json.writeStartObject();
      json.writeStringProperty("source", producer.source());
      json.writeStringProperty("state", producer.state().word());
      json.writeNumberProperty("filled", producer.filled());
      JsonText.seconds(json, "lastHeardSeconds", producer.lastHeard());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("sessions");
    status.sessions().forEach(session -> session(json, session));
    json.writeEndArray();
  }

  /** What a list of queues shows of each. */
  static void writeSummary(JsonGenerator json, QueueStatus status) {
    json.writeStringProperty("state", status.state().word());
    JsonText.text(json, "pausedFor", status.pausedFor());
    QueueStatus.Counts counts = status.counts();
    json.writeObjectPropertyStart("counts");
    json.writeNumberProperty("waiting", counts.waiting());
    json.writeNumberProperty("leased", counts.leased());
    json.writeNumberProperty("delayed", counts.delayed());
    json.writeNumberProperty("done", counts.done());
    json.writeNumberProperty("dead", counts.dead());
    json.writeNumberProperty("total", counts.total());
    json.writeEndObject();
    json.writeNumberProperty("perSecond", Math.round(status.pace().perSecond() * 1000) / 1000.0);
    JsonText.seconds(json, "etaSeconds", status.pace().eta().orElse(null));
  }

  private static void session(JsonGenerator json, SessionView session) {
    json.writeStartObject();
    json.writeStringProperty("id", session.id());
    json.writeStringProperty("worker", session.info().worker());
    json.writeStringProperty("host", session.info().host());
    json.writeNumberProperty("slots", session.info().slots());
    json.writeNumberProperty("holds", session.holds());
    JsonText.seconds(json, "lastHeardSeconds", session.lastHeard());
    json.writeBooleanProperty("expired", session.expired());
    oldest(json, session.oldest());
    json.writeEndObject();
  }

  private static void oldest(JsonGenerator json, @Nullable OldestItem oldest) {
    if (oldest == null) {
      json.writeNullProperty("oldest");
      return;
    }
    json.writeObjectPropertyStart("oldest");
    json.writeStringProperty("id", oldest.id());
    json.writeNumberProperty("attempt", oldest.attempt());
    JsonText.seconds(json, "ageSeconds", oldest.age());
    json.writeBooleanProperty("suspicious", oldest.suspicious());
    json.writeEndObject();
  }
}
