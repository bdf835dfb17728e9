package dev.piecework.journal;

import java.time.Duration;
import java.time.Instant;

/**
 * One of the attempts that the journal keeps as a sample.
 *
 * @param worker its name; empty for one of a run's workers after the 200th
 * @param slot which of the worker's slots, from 0
 * @param started by the worker's clock
 */
public record SampledAttempt(
    String worker, int slot, Instant started, Duration took, AttemptEnd end, String id) {}
