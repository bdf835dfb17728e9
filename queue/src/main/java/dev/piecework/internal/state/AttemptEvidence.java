package dev.piecework.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.ItemView.PastAttempt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why attempts at an item failed, as the scripts keep it: entries, each ended by RS, of {@code ms
 * TAB attempt TAB worker TAB how TAB why}. What people look for is the last part of the last entry.
 */
public final class AttemptEvidence {

  /** What is kept of an item of which nothing is kept. */
  static final AttemptEvidence NONE = new AttemptEvidence(List.of());

  private static final int WORKER = 2;
  private static final int WHY = 4;
  private static final Pattern MILLIS = Pattern.compile("\\d{1,18}");

  private final List<String> entries;
  private final String[] last;

  private AttemptEvidence(List<String> entries) {
    this.entries = entries;
    this.last = entries.isEmpty() ? new String[0] : entries.getLast().split("\t", WHY + 1);
  }

  /** Takes the value of the hash {@code evidence}. */
  public static AttemptEvidence of(@Nullable Object stored) {
    if (!(stored instanceof byte[] text)) {
      return NONE;
    }
    List<String> entries = new ArrayList<>();
    for (String entry : new String(text, UTF_8).split("\u001e", -1)) {
      if (!entry.isEmpty()) {
        entries.add(entry);
      }
    }
    return new AttemptEvidence(entries);
  }

  /** All that is kept, oldest first. */
  List<PastAttempt> attempts() {
    return entries.stream().map(AttemptEvidence::attempt).toList();
  }

  private static PastAttempt attempt(String entry) {
    String[] parts = entry.split("\t", WHY + 1);
    if (parts.length < WHY || !MILLIS.matcher(parts[0]).matches()) {
      return new PastAttempt(Instant.EPOCH, "?", "?", "", entry);
    }
    return new PastAttempt(
        Instant.ofEpochMilli(Long.parseLong(parts[0])),
        parts[1],
        parts[WORKER],
        parts[3],
        parts.length > WHY ? parts[WHY] : "");
  }

  /** Who had the item last. */
  @Nullable String worker() {
    return last.length > WORKER ? last[WORKER] : null;
  }

  /** The text of the last error, and nothing else of its entry. */
  public @Nullable String error() {
    return last.length > WHY ? last[WHY] : null;
  }
}
