package dev.piecework.internal.state;

import dev.piecework.SessionInfo;
import java.time.Instant;

/**
 * What a session tells of itself: the empty field of its record. Longer than 64 bytes, so that
 * Redis keeps the record as a real hash from the start: as a short list it costs a search for each
 * item.
 */
public final class SessionRegistration {

  private static final String ABOUT =
      "a Piecework session: worker, slots, host, pid, start time in ms";

  private SessionRegistration() {}

  public static String write(SessionInfo info) {
    return String.join(
        "\t",
        clean(info.worker()),
        Integer.toString(info.slots()),
        clean(info.host()),
        Long.toString(info.pid()),
        Long.toString(info.started().toEpochMilli()),
        ABOUT);
  }

  public static SessionInfo read(String text) {
    String[] parts = text.split("\t", -1);
    if (parts.length < 5) {
      return new SessionInfo("?", 0, "?", 0, Instant.EPOCH);
    }
    return new SessionInfo(
        parts[0],
        Integer.parseInt(parts[1]),
        parts[2],
        Long.parseLong(parts[3]),
        Instant.ofEpochMilli(Long.parseLong(parts[4])));
  }

  public static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
