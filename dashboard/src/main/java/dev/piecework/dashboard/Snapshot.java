package dev.piecework.dashboard;

import dev.piecework.QueueStatus;
import dev.piecework.journal.Journal;
import java.time.Instant;

/**
 * What is known of a queue and its run at one instant: all that {@link Block} writes.
 *
 * @param version of this program
 * @param server which Redis, for people
 * @param now when it was read
 */
public record Snapshot(
    String version, String server, Instant now, QueueStatus status, Journal journal) {}
