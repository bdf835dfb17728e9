package dev.piecework.dashboard;

import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.Setting;
import dev.piecework.estimate.EndEstimate;
import dev.piecework.estimate.EndText;
import dev.piecework.journal.AttemptEnd;
import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import dev.piecework.journal.SampledAttempt;
import dev.piecework.journal.SlowItem;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
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
    writeJournal(json, snapshot.journal());
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
    json.writeObjectPropertyStart("estimate");
    json.writeStringProperty("state", end.word());
    end.figures().forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeObjectPropertyStart("settings");
    for (Setting<?> setting : status.settings().listed()) {
      json.writeStringProperty(setting.name(), status.settings().text(setting));
    }
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

  private static void writeJournal(JsonGenerator json, Journal journal) {
    json.writeArrayPropertyStart("points");
    journal.points().forEach(point -> point(json, point));
    json.writeEndArray();
    json.writeObjectPropertyStart("times");
    json.writeNumberProperty("ratio", ItemTimes.RATIO);
    json.writeName("buckets");
    buckets(json, journal.times());
    JsonText.seconds(json, "p50Seconds", quantile(journal.times(), 0.5));
    JsonText.seconds(json, "p95Seconds", quantile(journal.times(), 0.95));
    JsonText.seconds(json, "p99Seconds", quantile(journal.times(), 0.99));
    json.writeEndObject();
    WorkerNumbers workers = WorkerNumbers.of(journal);
    json.writeArrayPropertyStart("workers");
    workers.names().forEach(json::writeString);
    json.writeEndArray();
    json.writeArrayPropertyStart("timesByWorker");
    for (Map.Entry<String, ItemTimes> one : journal.timesByWorker().entrySet()) {
      json.writeStartArray();
      json.writeNumber(workers.of(one.getKey()));
      buckets(json, one.getValue());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("slowest");
    journal.slowest().forEach(slow -> slow(json, slow));
    json.writeEndArray();
    json.writeNumberProperty("attempts", journal.attempts());
    json.writeArrayPropertyStart("sample");
    journal.sample().forEach(attempt -> attempt(json, attempt, workers.of(attempt.worker())));
    json.writeEndArray();
    json.writeArrayPropertyStart("groups");
    journal.groups().forEach(group -> group(json, group));
    json.writeEndArray();
    json.writeObjectPropertyStart("slotSeconds");
    JsonText.seconds(json, "useful", journal.slotTime().useful());
    JsonText.seconds(json, "retried", journal.slotTime().retried());
    JsonText.seconds(json, "lost", journal.slotTime().lost());
    JsonText.seconds(json, "idle", journal.slotTime().idle());
    json.writeEndObject();
  }

  private static void point(JsonGenerator json, ProgressPoint point) {
    json.writeStartArray();
    for (long number :
        List.of(
            point.at().toEpochMilli(),
            point.done(),
            point.dead(),
            point.failed(),
            point.lost(),
            point.busy().toMillis(),
            point.slots().toMillis())) {
      json.writeNumber(number);
    }
    json.writeEndArray();
  }

  private static void buckets(JsonGenerator json, ItemTimes times) {
    json.writeStartArray();
    times
        .counts()
        .forEach((bucket, count) -> {
          json.writeStartArray();
          json.writeNumber(bucket);
          json.writeNumber(count);
          json.writeEndArray();
        });
    json.writeEndArray();
  }

  /** Null where there is no attempt to say it of. */
  private static @Nullable Duration quantile(ItemTimes times, double part) {
    return times.count() == 0 ? null : times.quantile(part);
  }

  private static void slow(JsonGenerator json, SlowItem slow) {
    json.writeStartObject();
    json.writeStringProperty("id", slow.id());
    json.writeNumberProperty("attempt", slow.attempt());
    JsonText.seconds(json, "seconds", slow.took());
    json.writeStringProperty("worker", slow.worker());
    json.writeEndObject();
  }

  private static void attempt(JsonGenerator json, SampledAttempt attempt, int worker) {
    json.writeStartArray();
    json.writeNumber(worker);
    json.writeNumber(attempt.slot());
    json.writeNumber(attempt.started().toEpochMilli());
    json.writeNumber(attempt.took().toMillis());
    json.writeString(letter(attempt.end()));
    json.writeString(attempt.id());
    json.writeEndArray();
  }

  private static String letter(AttemptEnd end) {
    return switch (end) {
      case DONE -> "D";
      case FAILED -> "F";
      case BURIED -> "B";
      case LOST -> "L";
    };
  }

  private static void group(JsonGenerator json, FailureGroup group) {
    json.writeStartObject();
    json.writeStringProperty("id", group.id());
    json.writeStringProperty("cause", group.cause());
    json.writeNumberProperty("attempts", group.attempts());
    json.writeNumberProperty("dead", group.dead());
    json.writeStringProperty("first", group.first().toString());
    json.writeStringProperty("last", group.last().toString());
    json.writeObjectPropertyStart("workers");
    group.workers().forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeStringProperty("exampleId", group.exampleId());
    json.writeStringProperty("example", group.example());
    json.writeEndObject();
  }
}
