package dev.piecework.cli.output;

import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.ProducerView;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.Setting;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A queue's status for programs. Pure. */
public final class StatusJson {

  private StatusJson() {}

  public static void write(JsonGenerator json, QueueStatus status) {
    json.writeStringProperty("queue", status.queue());
    Json.text(json, "run", status.run());
    json.writeStringProperty("standing", status.state().word());
    json.writeStringProperty("says", StatusText.state(status));
    Json.text(json, "pausedFor", status.pausedFor());
    counts(json, status.counts());
    var pace = status.pace();
    json.writeNumberProperty("perSecond", Math.round(pace.perSecond() * 1000) / 1000.0);
    Json.seconds(json, "etaSeconds", pace.eta().orElse(null));
    Json.seconds(json, "p99Seconds", pace.p99().orElse(null));
    Json.text(json, "startedAt", pace.startedAt());
    Json.text(json, "endedAt", pace.endedAt());
    json.writeObjectPropertyStart("copies");
    json.writeNumberProperty("underWay", status.copies().underWay());
    json.writeNumberProperty("made", status.copies().made());
    json.writeNumberProperty("won", status.copies().won());
    json.writeEndObject();
    json.writeArrayPropertyStart("producers");
    status.producers().forEach(producer -> producer(json, producer));
    json.writeEndArray();
    json.writeArrayPropertyStart("sessions");
    status.sessions().forEach(session -> session(json, session));
    json.writeEndArray();
    if (!status.partitions().isEmpty()) {
      json.writeArrayPropertyStart("partitions");
      status.partitions().forEach(partition -> partition(json, partition));
      json.writeEndArray();
    }
    json.writeObjectPropertyStart("settings");
    settings(json, status.settings());
    json.writeEndObject();
  }

  private static void counts(JsonGenerator json, QueueStatus.Counts counts) {
    json.writeObjectPropertyStart("counts");
    json.writeNumberProperty("waiting", counts.waiting());
    json.writeNumberProperty("leased", counts.leased());
    json.writeNumberProperty("delayed", counts.delayed());
    json.writeNumberProperty("done", counts.done());
    json.writeNumberProperty("dead", counts.dead());
    json.writeNumberProperty("total", counts.total());
    json.writeNumberProperty("elsewhere", counts.external());
    json.writeEndObject();
  }

  private static void partition(JsonGenerator json, QueueStatus.PartitionView partition) {
    json.writeStartObject();
    json.writeNumberProperty("partition", partition.number());
    json.writeStringProperty("standing", partition.state().word());
    counts(json, partition.counts());
    json.writeEndObject();
  }

  private static void producer(JsonGenerator json, ProducerView producer) {
    json.writeStartObject();
    json.writeStringProperty("source", producer.source());
    json.writeStringProperty("state", producer.state().word());
    json.writeNumberProperty("filled", producer.filled());
    Json.seconds(json, "lastHeardSeconds", producer.lastHeard());
    json.writeEndObject();
  }

  private static void session(JsonGenerator json, SessionView session) {
    json.writeStartObject();
    json.writeStringProperty("id", session.id());
    json.writeStringProperty("worker", session.info().worker());
    json.writeNumberProperty("pid", session.info().pid());
    json.writeNumberProperty("slots", session.info().slots());
    json.writeNumberProperty("holds", session.holds());
    oldest(json, session.oldest());
    Json.seconds(json, "lastHeardSeconds", session.lastHeard());
    json.writeBooleanProperty("expired", session.expired());
    json.writeBooleanProperty("lapsed", session.expired()); // its old name
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
    Json.seconds(json, "ageSeconds", oldest.age());
    json.writeBooleanProperty("suspicious", oldest.suspicious());
    json.writeEndObject();
  }

  /** The names are those of {@code piecework set}; an old one stays for who reads it. */
  public static void settings(JsonGenerator json, QueueSettings settings) {
    for (Setting<?> setting : settings.listed()) {
      setting(json, setting.name(), settings, setting);
      setting.oldName().ifPresent(name -> setting(json, name, settings, setting));
    }
  }

  private static void setting(
      JsonGenerator json, String name, QueueSettings settings, Setting<?> setting) {
    if (settings.get(setting) instanceof Number number) {
      json.writeNumberProperty(name, number.longValue());
    } else {
      json.writeStringProperty(name, settings.text(setting));
    }
  }
}
