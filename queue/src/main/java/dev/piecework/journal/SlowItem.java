package dev.piecework.journal;

import java.time.Duration;

/**
 * One of the slowest items.
 *
 * @param took its last attempt
 * @param worker who did it
 */
public record SlowItem(String id, int attempt, Duration took, String worker) {}
