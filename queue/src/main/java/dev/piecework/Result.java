package dev.piecework;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was committed for one item.
 *
 * @param sequence the commit's number in its run, from 1, without gaps
 * @param id the item's id
 * @param batch the id of the item whose result stands for this one too, or null
 * @param payload the item
 * @param result what its handler gave; empty if nothing
 * @param attempt which attempt it was
 * @param worker who did it
 * @param started when, by the worker's clock; the epoch if not known
 * @param took how long it took
 */
public record Result(
    long sequence,
    String id,
    @Nullable String batch,
    byte[] payload,
    byte[] result,
    int attempt,
    String worker,
    Instant started,
    Duration took) {}
