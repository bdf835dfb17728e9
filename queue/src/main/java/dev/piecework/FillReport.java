package dev.piecework;

/**
 * What a fill did.
 *
 * @param source the producer's name
 * @param added items that are new in the queue
 * @param already records that an earlier, broken-off fill of the same source had added
 * @param skipped records that {@code unique} left out, because the run has seen their id
 * @param durability how it is known that the last chunk survives a crash of Redis, for people
 */
public record FillReport(
    String source, long added, long already, long skipped, String durability) {}
