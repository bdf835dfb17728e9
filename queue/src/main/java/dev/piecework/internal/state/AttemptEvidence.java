package dev.piecework.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
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

  /** All entries as they are, oldest first. */
  List<String> entries() {
    return entries;
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
