package dev.piecework.dashboard;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.QueueAdmin;
import dev.piecework.QueueStatus;
import java.nio.charset.StandardCharsets;
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

  /** Fewer, where the file would else be longer than {@link #LONGEST_FILE}. */
  private static final int LEAST_TEXT = 12;

  /** Bytes. Servers of mail refuse what is much longer. */
  static final int LONGEST_FILE = 1_000_000;

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
      writeAllButDead(json, MOST_TEXT);
      json.writeArrayPropertyStart("dead");
      writeDead(json, MOST_TEXT);
      json.writeEndArray();
    });
  }

  /**
   * The page, which asks nobody for anything. Dead items of long texts that differ are shown with
   * less of them rather than in a file that is too long to mail.
   */
  public String html() {
    int most = MOST_TEXT;
    String page = html(most);
    while (most > LEAST_TEXT && page.getBytes(StandardCharsets.UTF_8).length > LONGEST_FILE) {
      most /= 2;
      page = html(most);
    }
    return page;
  }

  private String html(int mostText) {
    return ReportPage.with(
        JsonText.object(json -> writeAllButDead(json, mostText)),
        JsonText.array(json -> writeDead(json, mostText)));
  }

  private void writeAllButDead(JsonGenerator json, int mostText) {
    Block.write(json, snapshot);
    writeHow(json);
    json.writeNumberProperty("deadTotal", snapshot.status().counts().dead());
    json.writeNumberProperty("deadTextCutAfter", mostText);
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

  private void writeDead(JsonGenerator json, int mostText) {
    for (ItemView item : dead) {
      json.writeStartObject();
      JsonText.text(json, "id", item.id());
      payload(json, item.payload(), mostText);
      json.writeNumberProperty("attempts", item.attempts().begun());
      JsonText.text(json, "worker", item.worker());
      JsonText.text(json, "error", item.error() == null ? null : cut(item.error(), mostText));
      JsonText.text(json, "group", item.group());
      json.writeEndObject();
    }
  }

  private static void payload(JsonGenerator json, byte[] payload, int most) {
    String text = JsonText.strict(payload);
    if (text == null) {
      JsonText.bytes(json, "payload", Arrays.copyOf(payload, Math.min(payload.length, most)));
    } else {
      json.writeStringProperty("payload", cut(text, most));
    }
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
