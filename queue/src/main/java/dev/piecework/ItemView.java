package dev.piecework;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item, as one looks at it.
 *
 * @param id null while it waits and is yet to be counted
 * @param state where it is
 * @param attempts how many attempts were begun
 * @param worker who holds it, or had it last; null if nobody
 * @param age since it was leased, died, or how long until it is due (negative); null if not known
 * @param error why its last attempt failed, or null
 * @param history what is kept of each attempt, oldest first
 */
public record ItemView(
    @Nullable String id,
    ItemState state,
    byte[] payload,
    Attempts attempts,
    @Nullable String worker,
    @Nullable Duration age,
    @Nullable String error,
    List<String> history) {

  public record Attempts(int begun, int failed, int losses) {}
}
