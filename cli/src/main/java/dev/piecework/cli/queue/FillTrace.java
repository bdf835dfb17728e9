package dev.piecework.cli.queue;

import dev.piecework.QueueAdmin;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The trace in which a run was filled, kept with the run: workers link the spans of its attempts to
 * it. It costs a call for each fill, and nothing for an item.
 */
public final class FillTrace {

  /** Under this name with the run. */
  public static final String NOTE = "traceparent";

  // Version 00 of W3C's Trace Context, or a later one that begins alike.
  private static final Pattern VALID =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}.*");

  private FillTrace() {}

  /**
   * Keeps what {@code TRACEPARENT} says, if it says something; to be called before the items come.
   */
  public static void keep(Map<String, String> environment, QueueAdmin queue) {
    String context = environment.getOrDefault("TRACEPARENT", "");
    if (VALID.matcher(context).matches()) {
      boolean _ = queue.note(NOTE, context);
    }
  }
}
