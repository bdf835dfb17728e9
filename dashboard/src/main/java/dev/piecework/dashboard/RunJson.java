package dev.piecework.dashboard;

import dev.piecework.estimate.EndEstimate;
import dev.piecework.journal.AttemptEnd;
import dev.piecework.journal.FailureGroup;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import dev.piecework.journal.SampledAttempt;
import dev.piecework.journal.SlowItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What is kept of a run as JSON: a part of the block that page and report show, and of what {@code
 * piecework status -o json} prints. It knows Jackson's generator and nothing else that is not on
 * the class path of the short verbs. Its format is in docs/protocol.md. Pure.
 */
public final class RunJson {

  private RunJson() {}

  /** When it ends, as far as that can be said: a property. */
  public static void estimate(JsonGenerator json, EndEstimate end) {
    json.writeObjectPropertyStart("estimate");
    json.writeStringProperty("state", end.word());
    end.figures().forEach(json::writeNumberProperty);
    json.writeEndObject();
  }

  /** The properties of its journal; what there may be thousands of is an array without names. */
  public static void journal(JsonGenerator json, Journal journal) {
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
    journal
        .groups()
        .forEach(group -> {
          json.writeStartObject();
          group(json, group);
          json.writeEndObject();
        });
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

  /** The properties of a failure group. */
  public static void group(JsonGenerator json, FailureGroup group) {
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
  }
}
