package dev.piecework.journal;

import java.time.Duration;
import java.time.Instant;

/**
 * Where the run stood at an instant: sums since it began. What happened in an interval is the
 * difference of two points.
 *
 * @param done items
 * @param dead items, those of earlier runs included
 * @param failed attempts
 * @param lost attempts, with their workers
 * @param busy time of all slots in which they had an attempt
 * @param slots time of all slots
 */
public record ProgressPoint(
    Instant at, long done, long dead, long failed, long lost, Duration busy, Duration slots) {}
