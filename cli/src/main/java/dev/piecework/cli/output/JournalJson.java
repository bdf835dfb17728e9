package dev.piecework.cli.output;

import dev.piecework.journal.AttemptEnd;
import dev.piecework.journal.ItemTimes;
import dev.piecework.journal.Journal;
import dev.piecework.journal.ProgressPoint;
import dev.piecework.journal.SampledAttempt;
import dev.piecework.journal.SlotTime;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The journal of a run for programs. What there may be thousands of is an array without names, in
 * which workers are their places in one list of names. Pure.
 */
public final class JournalJson {

  private JournalJson() {}

  /** The properties of an object. */
  public static void write(JsonGenerator json, Journal journal) {
    // One of which every attempt failed has no times.
    TreeSet<String> names = new TreeSet<>(journal.timesByWorker().keySet());
    journal.sample().forEach(attempt -> names.add(attempt.worker()));
    names.remove(""); // those after the 200th
    List<String> workers = List.copyOf(names);
    json.writeArrayPropertyStart("points");
    journal.points().forEach(point -> point(json, point));
    json.writeEndArray();
    json.writeObjectPropertyStart("times");
    json.writeNumberProperty("ratio", ItemTimes.RATIO);
    json.writeName("buckets");
    buckets(json, journal.times());
    Json.seconds(json, "p50Seconds", quantile(journal.times(), 0.5));
    Json.seconds(json, "p95Seconds", quantile(journal.times(), 0.95));
    Json.seconds(json, "p99Seconds", quantile(journal.times(), 0.99));
    json.writeEndObject();
    json.writeArrayPropertyStart("workers");
    workers.forEach(json::writeString);
    json.writeEndArray();
    json.writeArrayPropertyStart("timesByWorker");
    journal
        .timesByWorker()
        .forEach((worker, times) -> {
          json.writeStartArray();
          json.writeNumber(workers.indexOf(worker));
          buckets(json, times);
          json.writeEndArray();
        });
    json.writeEndArray();
    json.writeArrayPropertyStart("slowest");
    journal
        .slowest()
        .forEach(slow -> {
          json.writeStartObject();
          json.writeStringProperty("id", slow.id());
          json.writeNumberProperty("attempt", slow.attempt());
          Json.seconds(json, "seconds", slow.took());
          json.writeStringProperty("worker", slow.worker());
          json.writeEndObject();
        });
    json.writeEndArray();
    json.writeNumberProperty("attempts", journal.attempts());
    json.writeArrayPropertyStart("sample");
    journal.sample().forEach(attempt -> sampled(json, attempt, workers));
    json.writeEndArray();
    json.writeArrayPropertyStart("groups");
    journal
        .groups()
        .forEach(group -> {
          json.writeStartObject();
          FailureText.write(json, group);
          json.writeEndObject();
        });
    json.writeEndArray();
    slotTime(json, journal.slotTime());
  }

  private static void point(JsonGenerator json, ProgressPoint point) {
    json.writeStartArray();
    json.writeNumber(point.at().toEpochMilli());
    json.writeNumber(point.done());
    json.writeNumber(point.dead());
    json.writeNumber(point.failed());
    json.writeNumber(point.lost());
    json.writeNumber(point.busy().toMillis());
    json.writeNumber(point.slots().toMillis());
    json.writeEndArray();
  }

  // Null where there is no attempt to say it of, as in the page's block.
  private static @Nullable Duration quantile(ItemTimes times, double part) {
    return times.count() == 0 ? null : times.quantile(part);
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

  private static void sampled(JsonGenerator json, SampledAttempt attempt, List<String> workers) {
    json.writeStartArray();
    json.writeNumber(workers.indexOf(attempt.worker()));
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

  private static void slotTime(JsonGenerator json, SlotTime slots) {
    json.writeObjectPropertyStart("slotSeconds");
    Json.seconds(json, "useful", slots.useful());
    Json.seconds(json, "retried", slots.retried());
    Json.seconds(json, "lost", slots.lost());
    Json.seconds(json, "idle", slots.idle());
    json.writeEndObject();
  }
}
