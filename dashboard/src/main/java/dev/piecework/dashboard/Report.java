package dev.piecework.dashboard;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.QueueAdmin;
import dev.piecework.QueueStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** All there is to say of a run, read once: as a block of JSON, or as a page in one file. */
public final class Report {

  /** Of the dead items; the number of the rest is said. */
  static final int MOST_DEAD = 10_000;

  /** Characters of a dead item's payload, and of its error. */
  static final int MOST_TEXT = 200;

  /** Under this name with the run: the command that was given to {@code piecework run}. */
  public static final String COMMAND = "command";

  /** No word of a command has it. */
  private static final String BETWEEN = "\0";

  private final Snapshot snapshot;
  private final @Nullable List<String> command;
  private final List<ItemView> dead;

  private Report(Snapshot snapshot, @Nullable List<String> command, List<ItemView> dead) {
    this.snapshot = snapshot;
    this.command = command;
    this.dead = dead;
  }

  /**
   * Reads it.
   *
   * @param version of this program
   * @param now for the age of what is under way
   */
  public static Report of(QueueAdmin queue, String version, Instant now) {
    QueueStatus status = queue.status();
    List<ItemView> dead = List.of();
    if (status.counts().dead() > 0) {
      try (Stream<ItemView> items = queue.items(ItemState.DEAD)) {
        dead = items.limit(MOST_DEAD).toList();
      }
    }
    return new Report(
        new Snapshot(version, queue.server(), now, status, queue.journal()),
        queue.note(COMMAND).map(note -> List.of(note.split(BETWEEN, -1))).orElse(null),
        dead);
  }

  /** How a run was started, as the text that is kept with it. */
  public static String asNote(List<String> command) {
    return String.join(BETWEEN, command);
  }

  /** The block, on one line. */
  public String json() {
    return JsonText.object(json -> {
      Block.write(json, snapshot);
      writeHow(json);
      json.writeNumberProperty("deadTotal", snapshot.status().counts().dead());
      json.writeArrayPropertyStart("dead");
      dead.forEach(item -> write(json, item));
      json.writeEndArray();
    });
  }

  /** The page, which asks nobody for anything. */
  public String html() {
    return ReportPage.with(json());
  }

  private void writeHow(JsonGenerator json) {
    if (command == null) {
      json.writeNullProperty("how");
      return;
    }
    json.writeObjectPropertyStart("how");
    json.writeArrayPropertyStart("command");
    command.forEach(json::writeString);
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ItemView item) {
    json.writeStartObject();
    JsonText.text(json, "id", item.id());
    payload(json, item.payload());
    json.writeNumberProperty("attempts", item.attempts().begun());
    JsonText.text(json, "worker", item.worker());
    JsonText.text(json, "error", item.error() == null ? null : cut(item.error()));
    JsonText.text(json, "group", item.group());
    json.writeEndObject();
  }

  private static void payload(JsonGenerator json, byte[] payload) {
    String text = JsonText.strict(payload);
    if (text == null) {
      JsonText.bytes(json, "payload", Arrays.copyOf(payload, Math.min(payload.length, MOST_TEXT)));
    } else {
      json.writeStringProperty("payload", cut(text));
    }
  }

  private static String cut(String text) {
    if (text.length() <= MOST_TEXT) {
      return text;
    }
    int end = MOST_TEXT - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
